use std::{fmt, sync::Arc, time::Duration};

use super::{Flow, Inner};
use crate::{
    authorization::{Asked, ResponseType, UrlTemplate},
    error::Error,
    http::{HttpClient, Limits},
    provider::{OAuthProvider, Resolved},
    session::Refreshing,
    store::{MemoryStore, StateStore, TokenKey, TokenStore},
    token::Token,
};

/// Builds a [`Flow`] with settings of one's own.
#[must_use]
pub struct FlowBuilder {
    provider: Result<Resolved, Error>,
    http: Option<Arc<dyn HttpClient>>,
    states: Option<Arc<dyn StateStore>>,
    tokens: Option<Arc<dyn TokenStore>>,
    login_lifetime: Duration,
    limits: Limits,
    refreshing: Refreshing,
    #[cfg(feature = "encrypted")]
    keys: Option<crate::sealing::SealingKeys>,
}

impl FlowBuilder {
    pub(super) fn new(provider: &impl OAuthProvider) -> Self {
        Self {
            provider: Resolved::new(provider),
            http: None,
            states: None,
            tokens: None,
            login_lifetime: Duration::from_secs(600),
            limits: Limits::TOKEN,
            refreshing: Refreshing::default(),
            #[cfg(feature = "encrypted")]
            keys: None,
        }
    }

    /// Where pending logins are kept, and tokens too, if the store keeps both.
    pub fn state_store(mut self, store: impl StateStore) -> Self {
        self.states = Some(Arc::new(store));
        self
    }

    /// Where tokens are kept, if not in the state store.
    pub fn token_store(mut self, store: impl TokenStore) -> Self {
        self.tokens = Some(Arc::new(store));
        self
    }

    /// The transport. Several flows do well to share one: they share its connections. Without one it is
    /// [`ReqwestClient`](crate::http::ReqwestClient) with the feature `reqwest`, and
    /// [`UreqClient`](crate::blocking::UreqClient) with `blocking` alone.
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http = Some(Arc::new(client));
        self
    }

    /// How long a person may take to log in. Ten minutes unless set; whole seconds, at most a day.
    pub fn login_lifetime(mut self, lifetime: Duration) -> Self {
        self.login_lifetime = lifetime.min(Duration::from_secs(24 * 60 * 60));
        self
    }

    /// The deadline and the largest answer of token requests. [`Limits::TOKEN`] unless set; at most a minute and 1 MiB.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits =
            Limits { deadline: limits.deadline.min(Duration::from_secs(60)), body: limits.body.min(1024 * 1024) };
        self
    }

    /// The keys of logins that wait in the browser ([`Begin::sealed`](super::Begin::sealed)): the same on every instance.
    /// What a store keeps is sealed by [`Encrypted`](crate::Encrypted); both may have the same keys.
    #[cfg(feature = "encrypted")]
    pub fn sealing_keys(mut self, keys: crate::sealing::SealingKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Leaves refreshing to the program: a [`Session`](crate::Session) whose token has expired says so
    /// ([`ErrorKind::TokenExpired`](crate::ErrorKind::TokenExpired)) until its
    /// [`refresh`](crate::Session::refresh) is called.
    pub fn refresh_by_hand(mut self) -> Self {
        self.refreshing.by_hand = true;
        self
    }

    /// Is told of every token that a session has refreshed and saved: to keep a copy elsewhere, or to count. It must not
    /// block.
    ///
    /// ```no_run
    /// # fn example(provider: acf_core::Custom) -> Result<(), acf_core::Error> {
    /// let flow = acf_core::Flow::builder(provider)
    ///     .on_refresh(|key, token| println!("{} has a token until {:?}", key.user, token.expires_at()))
    ///     .build()?;
    /// # let _ = flow;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_refresh(mut self, observer: impl Fn(&TokenKey, &Token) + Send + Sync + 'static) -> Self {
        self.refreshing.observer = Some(Box::new(observer));
        self
    }

    /// Makes the flow: resolves and encodes everything that does not change between logins.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which lists everything that is wrong with the provider's values.
    pub fn build(self) -> Result<Flow, Error> {
        let provider = self.provider?;
        let http = match self.http {
            Some(http) => http,
            None => default_client()?,
        };
        let states = self.states.unwrap_or_else(|| Arc::new(MemoryStore::new()));
        let tokens = self.tokens.or_else(|| Arc::clone(&states).token_store());
        let url = UrlTemplate::new(&provider, ResponseType::Code, &provider.redirect_uri, &provider.scopes, &[]);
        let asked = Arc::new(Asked::new(&provider, &provider.redirect_uri, provider.scopes.clone()));
        let (login_lifetime, limits, refreshing) = (self.login_lifetime, self.limits, self.refreshing);
        Ok(Flow(Arc::new(Inner {
            provider,
            http,
            states,
            tokens,
            login_lifetime,
            limits,
            url,
            asked,
            refreshing,
            #[cfg(feature = "encrypted")]
            keys: self.keys,
        })))
    }
}

impl fmt::Debug for FlowBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowBuilder").finish_non_exhaustive()
    }
}

#[cfg(feature = "reqwest")]
fn default_client() -> Result<Arc<dyn HttpClient>, Error> {
    Ok(Arc::new(crate::http::ReqwestClient::new()?))
}

#[cfg(all(feature = "blocking", not(feature = "reqwest")))]
fn default_client() -> Result<Arc<dyn HttpClient>, Error> {
    Ok(Arc::new(crate::blocking::UreqClient::new()?))
}

#[cfg(not(any(feature = "reqwest", feature = "blocking")))]
fn default_client() -> Result<Arc<dyn HttpClient>, Error> {
    Err(Error::configuration("the flow has no HTTP client: give it one with `http_client(..)`"))
}
