use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};

use acf_rules::{declaration, language::Endpoint, text, uri};

use super::Flow;
use crate::{
    authorization::{Asked, AuthorizationRequest, NewState, ResponseType, StateKey, Then, UrlTemplate},
    error::{Error, sentence},
    events,
    provider::Resolved,
    value::Scopes,
};

/// A login that is about to begin: set options, then `.await`.
#[must_use = "a login begins when this is awaited"]
pub struct Begin<'a> {
    pub(super) flow: &'a Flow,
    pub(super) user: &'a str,
    pub(super) response_type: ResponseType,
    scopes: Option<Result<Scopes, Error>>,
    redirect_uri: Option<String>,
    params: Vec<(String, String)>,
    more_scopes: Option<Result<Scopes, Error>>,
    pub(super) then: Then,
}

/// A login that is on its way, and not kept anywhere yet.
pub(super) struct Drawn {
    pub(super) url: String,
    pub(super) state: NewState,
    pub(super) asked: Arc<Asked>,
}

impl<'a> Begin<'a> {
    pub(super) fn new(flow: &'a Flow, user: &'a str, response_type: ResponseType) -> Self {
        Self {
            flow,
            user,
            response_type,
            scopes: None,
            more_scopes: None,
            redirect_uri: None,
            params: Vec::new(),
            then: Then::default(),
        }
    }

    /// Asks for these scopes instead of the declared ones: `"read write"`, `["read", "write"]`, or [`Scopes`].
    pub fn scope<S: TryInto<Scopes>>(mut self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        self.scopes = Some(scopes.try_into().map_err(Error::from));
        self
    }

    /// Asks for these scopes on top of those that were granted before: incremental consent, for a feature that needs more than
    /// the first login asked for. Where nothing is stored, it is on top of the declared ones. The new token replaces the old
    /// one when the login is finished; until then, and if the person refuses, the old one stays.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// let token = flow.session("user-42").await?.token().await?;
    /// if !token.scopes().contains("calendar") {
    ///     let request = flow.begin("user-42").more_scope("calendar").await?;
    ///     // Send the browser to `request.url`.
    /// # let _ = request;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn more_scope<S: TryInto<Scopes>>(mut self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        self.more_scopes = Some(scopes.try_into().map_err(Error::from));
        self
    }

    /// Keeps the token under this name, for a user who connects several accounts: `"work"` beside `"home"`. A login for a
    /// connection replaces the token of that connection alone.
    pub fn connection(mut self, name: &str) -> Self {
        self.then.connection = (!name.is_empty()).then(|| name.into());
        self
    }

    /// Adds a parameter to the authorization request, or replaces a declared one. The flow's own parameters are refused.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.params.retain(|(earlier, _)| *earlier != name);
        self.params.push((name, value.into()));
        self
    }

    /// Comes back to this redirect URI instead of the provider value's own.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(redirect_uri.into());
        self
    }

    /// Where the person wants to go afterwards; [`Flow::complete`] hands it back. A path on this site: anything that a
    /// browser could take for another site becomes `/`.
    pub fn return_to(mut self, path: &str) -> Self {
        self.then.return_to = Some(if text::local_path(path).is_ok() { path.into() } else { "/".into() });
        self
    }

    async fn start(mut self) -> Result<AuthorizationRequest, Error> {
        let Drawn { url, state, asked } = self.draw().await?;
        let key = StateKey::new(state.as_str(), self.response_type);
        let connection = self.then.connection.is_some();
        self.flow.keep(self.user, key, &state, self.then, asked).await?;
        events::begun(connection);
        Ok(AuthorizationRequest { url, state: state.state() })
    }

    /// Checks the options and draws a state.
    pub(super) async fn draw(&mut self) -> Result<Drawn, Error> {
        let inner = &self.flow.0;
        inner.provider.allows(self.response_type.grant_type())?;
        inner.provider.declared(Endpoint::Authorization, inner.provider.authorization_endpoint.as_ref())?;
        let state = self.flow.make_state()?;
        self.widen().await?;
        let plain = self.scopes.is_none() && self.redirect_uri.is_none() && self.params.is_empty();
        let plain = plain && self.response_type == ResponseType::Code;
        let (url, asked) = if plain {
            (self.flow.authorization_url(&state), Arc::clone(&inner.asked))
        } else {
            let (url, asked) = self.options(&inner.provider)?;
            (url.fill(&state), Arc::new(asked))
        };
        Ok(Drawn { url, state, asked })
    }

    /// Whether the provider has the browser post the callback, and another site's cookies come along only if they say so.
    #[cfg(feature = "encrypted")]
    pub(super) fn is_posted(&self) -> bool {
        let declared = &self.flow.0.provider.rules.authorize.params;
        let mode = self.params.iter().chain(declared).find(|(name, _)| name == "response_mode");
        mode.is_some_and(|(_, mode)| mode == "form_post")
    }

    /// Turns the scopes that are wanted on top into those to ask for.
    async fn widen(&mut self) -> Result<(), Error> {
        let Some(Ok(more)) = &self.more_scopes else {
            self.scopes = self.more_scopes.take().or_else(|| self.scopes.take());
            return Ok(());
        };
        let inner = &self.flow.0;
        let granted = match (&self.scopes, &inner.tokens) {
            (Some(Err(_)), _) => return Ok(()),
            (Some(Ok(scopes)), _) => scopes.clone(),
            (None, None) => inner.provider.scopes.clone(),
            (None, Some(tokens)) => {
                let key = self.flow.token_key(self.user, self.then.connection.as_deref().unwrap_or_default());
                let stored = tokens.load(&key).await?;
                stored.as_ref().map_or(Ok(()), |stored| stored.token.readable())?;
                stored.map_or_else(|| inner.provider.scopes.clone(), |stored| stored.token.scopes().clone())
            }
        };
        self.scopes = Some(Ok(granted.with(more)));
        Ok(())
    }

    fn options(&self, provider: &Resolved) -> Result<(UrlTemplate, Asked), Error> {
        let mut wrong = Vec::new();
        let scopes = match &self.scopes {
            Some(Ok(scopes)) => scopes.clone(),
            Some(Err(error)) => {
                wrong.push(error.to_string());
                Scopes::default()
            }
            None => provider.scopes.clone(),
        };
        for (name, _) in &self.params {
            declaration::check_authorize_param(name, &mut |_, message, help| wrong.push(format!("{message}: {help}")));
            if provider.rules.authorize.names.is_new(name) {
                wrong.push(format!("parameter `{name}` is set by the flow and cannot be overridden: remove it"));
            }
        }
        let redirect_uri = self.redirect_uri.as_deref().unwrap_or(&provider.redirect_uri);
        if let Err(violation) = uri::redirect_uri(redirect_uri) {
            wrong.push(sentence("redirect_uri", redirect_uri, violation));
        }
        if !wrong.is_empty() {
            return Err(Error::configuration(wrong.join("\n")));
        }
        let url = UrlTemplate::new(provider, self.response_type, redirect_uri, &scopes, &self.params);
        Ok((url, Asked::new(provider, redirect_uri, scopes)))
    }
}

impl<'a> IntoFuture for Begin<'a> {
    type Output = Result<AuthorizationRequest, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(events::begin(self.flow.provider()).around(self.start()))
    }
}

impl fmt::Debug for Begin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begin").field("provider", &self.flow.0.provider.name).finish_non_exhaustive()
    }
}
