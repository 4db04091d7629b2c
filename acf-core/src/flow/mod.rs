//! The flow: drives request, callback, token and stores, in the one order that is safe.

mod begin;
mod builder;
mod calls;
mod device;
mod discover;
mod grants;
#[cfg(feature = "legacy-grants")]
mod legacy;
mod options;
mod request;
#[cfg(feature = "encrypted")]
mod sealed;
mod steps;
mod tokens;

use std::{fmt, sync::Arc, time::Duration};

#[cfg(feature = "encrypted")]
pub use self::sealed::{LoginCookie, SealedBegin, SealedRequest};
pub use self::{
    begin::Begin,
    builder::FlowBuilder,
    device::{DeviceLogin, DevicePoll, DeviceRequest},
    request::{ExchangeRequest, TokenRequest},
    tokens::{SessionRequest, StoreToken},
};

use crate::{
    authorization::{Asked, Binding, Login, NewState, PendingLogin, ResponseType, StateKey, Then, UrlTemplate},
    callback::Callback,
    error::{Error, ErrorKind, ProviderError},
    events,
    grant::AuthorizationCode,
    http::{HttpClient, Limits},
    provider::{OAuthProvider, Resolved},
    session::Refreshing,
    store::{StateStore, Taken, TokenStore},
    token::Token,
};

/// The authorization code flow with one provider. Cheap to clone, `Send + Sync`, without type parameters.
///
/// ```no_run
/// # use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};
/// # #[derive(OAuthProvider, serde::Deserialize)]
/// # #[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token",
/// #     client_auth = client_secret_basic)]
/// # struct Forge { client_id: ClientId, client_secret: ClientSecret, redirect_uri: RedirectUri }
/// # async fn example(query_string: &str) -> Result<(), acf_core::Error> {
/// let flow = acf_core::Flow::new(Forge::from_env()?)?;
///
/// let request = flow.begin("user-42").await?;
/// // Send the browser to `request.url`; then, in the handler of the redirect URI:
/// let token = flow.finish("user-42", query_string).await?;
/// # let _ = (request, token);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Flow(Arc<Inner>);

struct Inner {
    provider: Resolved,
    http: Arc<dyn HttpClient>,
    states: Arc<dyn StateStore>,
    tokens: Option<Arc<dyn TokenStore>>,
    login_lifetime: Duration,
    limits: Limits,
    /// The authorization URL of a login without options.
    url: UrlTemplate,
    /// What a login without options asks for.
    asked: Arc<Asked>,
    refreshing: Refreshing,
    /// For logins that wait in the browser.
    #[cfg(feature = "encrypted")]
    keys: Option<crate::sealing::SealingKeys>,
}

impl Flow {
    /// A flow with the defaults: a [`MemoryStore`](crate::MemoryStore) for logins and tokens, `reqwest` (with the feature
    /// `blocking` alone, `ureq`), ten minutes for a login.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], which lists everything that is wrong with the provider's values.
    #[cfg(any(feature = "reqwest", feature = "blocking"))]
    pub fn new(provider: impl OAuthProvider) -> Result<Self, Error> {
        Self::builder(provider).build()
    }

    /// Begins a flow with settings of one's own.
    pub fn builder(provider: impl OAuthProvider) -> FlowBuilder {
        FlowBuilder::new(&provider)
    }

    /// Begins a login for `user`: the user, or the browser session, that it will belong to. Options may be set before
    /// `.await`.
    ///
    /// The login is kept in the state store until it is finished or its lifetime has passed, and only the same `user` can
    /// finish it (RFC 6749 section 10.12). Use a value that the browser cannot choose: the id of its session on your
    /// server. Where one program serves several tenants, the tenant is a part of it.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// let request = flow.begin("user-42").scope("read write").param("prompt", "consent").return_to("/settings").await?;
    /// # let _ = request;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for an option that breaks a rule, [`ErrorKind::Unsupported`] if the provider is for
    /// devices alone, [`ErrorKind::Random`], [`ErrorKind::Store`].
    pub fn begin<'a>(&'a self, user: &'a str) -> Begin<'a> {
        Begin::new(self, user, ResponseType::Code)
    }

    /// Finishes a login: verifies the callback, takes the pending login, exchanges the code, saves the token for `user`
    /// if there is a token store, and returns it.
    ///
    /// `callback` is the query string of the request to the redirect URI, its form body, or its whole URL.
    ///
    /// At most one token request is sent for a login, however often and from wherever its callback arrives; it is never
    /// repeated. Nor is it after this future was dropped: from the moment the login is taken it is spent, and a token that was
    /// not saved by then is lost. A web server may drop a handler whose browser went away; a task of its own
    /// (`tokio::spawn`) goes on.
    ///
    /// # Errors
    /// In the order of the checks: [`ErrorKind::Callback`], [`ErrorKind::StateMissing`], [`ErrorKind::IssuerMismatch`],
    /// [`ErrorKind::StateUnknown`], [`ErrorKind::ProviderMismatch`], [`ErrorKind::BindingMismatch`],
    /// [`ErrorKind::StateExpired`], [`ErrorKind::AccessDenied`] or [`ErrorKind::Provider`]; then whatever the token
    /// request brings. Up to and including [`ErrorKind::BindingMismatch`] the pending login stays usable for its owner.
    pub async fn finish(&self, user: &str, callback: &str) -> Result<Token, Error> {
        self.complete(user, callback).await.map(|completed| completed.token)
    }

    /// [`finish`](Self::finish), for a login that was begun with [`Begin::return_to`].
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn complete(&self, user: &str, callback: &str) -> Result<Completed, Error> {
        events::finish(self.provider(), self.verified(user, callback)).await
    }

    async fn verified(&self, user: &str, callback: &str) -> Result<Completed, Error> {
        let callback = self.callback(callback)?;
        let login = self.claim(user, &StateKey::new(&callback.state, ResponseType::Code)).await?;
        self.answered(user, &login, &callback).await
    }

    /// The provider's identifier.
    pub fn provider(&self) -> &str {
        &self.0.provider.name
    }

    /// The provider's name for people.
    pub fn display_name(&self) -> &str {
        &self.0.provider.display_name
    }

    /// Whether [`Session::userinfo`](crate::Session::userinfo) can do anything.
    pub fn has_userinfo(&self) -> bool {
        self.0.provider.userinfo_endpoint.is_some()
    }

    /// Whether [`revoke`](Self::revoke) can do anything.
    pub fn can_revoke(&self) -> bool {
        self.0.provider.revocation_endpoint.is_some()
    }

    pub(crate) fn resolved(&self) -> &Resolved {
        &self.0.provider
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    pub(crate) fn refreshing(&self) -> &Refreshing {
        &self.0.refreshing
    }

    pub(crate) fn http(&self) -> &dyn HttpClient {
        self.0.http.as_ref()
    }

    pub(crate) fn tokens(&self) -> Result<&dyn TokenStore, Error> {
        self.0.tokens.as_deref().ok_or_else(|| {
            Error::configuration("the flow has no token store; give it one with `Flow::builder(..).token_store(..)`")
        })
    }

    /// A callback, as far as it can be checked by itself.
    fn callback(&self, text: &str) -> Result<Callback, Error> {
        let provider = &self.0.provider;
        let callback = Callback::parse(text, &provider.rules.callback, provider.hooks.as_deref())?;
        self.check_issuer(&callback).map(|()| callback)
    }

    /// What the provider answered to a login that is this user's.
    async fn answered(&self, user: &str, login: &Login, callback: &Callback) -> Result<Completed, Error> {
        match (&callback.code, &callback.error) {
            (Some(code), None) => self.exchange(user, login, callback, code).await,
            (None, Some(said)) => Err(refused(said, callback)),
            _ => Err(Error::new(ErrorKind::Callback, "the callback has both `code` and `error`")),
        }
    }

    /// RFC 9207 section 2.4. Runs before the login is taken, so that a forged answer cannot end an honest login.
    fn check_issuer(&self, callback: &Callback) -> Result<(), Error> {
        let mismatch = |text: String| Error::new(ErrorKind::IssuerMismatch, text);
        let Some(received) = callback.issuer.as_deref() else {
            return match self.0.provider.rules.callback.require_iss {
                true => Err(mismatch("the callback has no `iss`, which this provider always sends".to_owned())),
                false => Ok(()),
            };
        };
        // Whoever forged it may have put the state or the code into it, and the login is still there.
        let code = callback.code.as_ref().map_or("", |code| code.as_str());
        let shown = crate::error::clean(received, &[&callback.state, code]);
        match &self.0.provider.issuer {
            Some(declared) if declared == received => Ok(()),
            Some(declared) => Err(mismatch(format!(
                "the callback comes from the issuer `{shown}`, but the login was begun with `{declared}`"
            ))),
            None => {
                let error =
                    mismatch(format!("the callback names the issuer `{shown}`, and the provider declares none"));
                Err(match acf_rules::uri::issuer(received) {
                    Ok(()) if shown == *received => {
                        error.declare("it is the right one", &format!("issuer = \"{shown}\""))
                    }
                    _ => error,
                })
            }
        }
    }

    /// Takes the pending login, if it is this user's and this provider's.
    async fn claim(&self, user: &str, key: &StateKey) -> Result<Login, Error> {
        match self.0.states.take(key, &self.binding(user)).await? {
            // A store that hands out whatever has this state would give one person's login to another.
            Taken::Login(login) => self.check_owner(user, &login).cloned(),
            Taken::Kept(login) => Err(self.not_ours(&login)),
            Taken::Absent => Err(unknown_state()),
        }
    }

    fn binding(&self, user: &str) -> Binding {
        Binding::new(&self.0.provider.name, user)
    }

    /// What the login is about, if it is this user's and this provider's, and good.
    fn check_owner<'a>(&self, user: &str, login: &'a PendingLogin) -> Result<&'a Login, Error> {
        if *login.binding() != self.binding(user) {
            return Err(self.not_ours(login));
        }
        let content = login.login()?;
        if login.is_expired() {
            return Err(Error::new(ErrorKind::StateExpired, "the login took too long; begin again"));
        }
        // The code goes to the token endpoint it was meant for, or nowhere (RFC 9700 section 4.4).
        let (then, now) = (content.asked(), &self.0.asked);
        if then.token_endpoint != now.token_endpoint || then.issuer != now.issuer {
            return Err(Error::new(
                ErrorKind::ProviderMismatch,
                "the provider's endpoints were changed since the login began; begin again",
            ));
        }
        Ok(content)
    }

    fn not_ours(&self, login: &PendingLogin) -> Error {
        // A login that is sealed does not say with which provider it began.
        if login.login().is_ok_and(|login| login.asked().provider != self.0.provider.name) {
            Error::new(ErrorKind::ProviderMismatch, "the login was begun with another provider")
        } else {
            Error::new(ErrorKind::BindingMismatch, "the login was begun by another user or in another browser")
        }
    }

    async fn exchange(&self, user: &str, login: &Login, callback: &Callback, code: &str) -> Result<Completed, Error> {
        let pair = AuthorizationCode::new(login, callback, code);
        let token = self.run(&pair).await.map_err(Error::of_a_spent_login)?;
        self.settle(user, login, token).await
    }

    /// The end of every login through a browser: a hook may go on with the token, and it is saved.
    async fn settle(&self, user: &str, login: &Login, token: Token) -> Result<Completed, Error> {
        let token = self.exchange_further(token).await.map_err(Error::of_a_spent_login)?;
        if self.0.tokens.is_some() {
            let saved = self.store_token(user, &token).connection(login.connection()).await;
            saved.map_err(Error::of_a_spent_login)?;
        }
        Ok(Completed { token, return_to: login.return_to().map(str::to_owned) })
    }

    async fn keep(
        &self,
        user: &str,
        key: StateKey,
        state: &NewState,
        then: Then,
        asked: Arc<Asked>,
    ) -> Result<(), Error> {
        let login = self.pending(user, state, then, asked)?;
        self.0.states.put(key, login).await
    }

    /// The record of a login.
    fn pending(&self, user: &str, state: &NewState, then: Then, asked: Arc<Asked>) -> Result<PendingLogin, Error> {
        named(user)?;
        check_connection(then.connection.as_deref().unwrap_or_default())?;
        Ok(PendingLogin::new(state, self.binding(user), self.0.login_lifetime, then, asked))
    }
}

/// Nobody is called nothing: an empty user is a forgotten one, and would be shared by all who forget it.
fn named(user: &str) -> Result<(), Error> {
    if user.is_empty() {
        return Err(Error::configuration("the user is empty: pass the id of the user or of the browser session"));
    }
    if user.contains('\0') {
        return Err(Error::configuration("the user contains NUL, which not every store keeps"));
    }
    Ok(())
}

/// The name of a connection may be anything else.
fn check_connection(name: &str) -> Result<(), Error> {
    if name.contains('\0') {
        return Err(Error::configuration("the connection contains NUL, which not every store keeps"));
    }
    Ok(())
}

/// The authorization endpoint answered with an error, to a login that was taken out of its store.
fn refused(said: &ProviderError, callback: &Callback) -> Error {
    let error = Error::from_provider(said.clone(), "the authorization endpoint refused");
    error.denied_if(callback.denied).of_a_spent_login()
}

fn unknown_state() -> Error {
    Error::new(
        ErrorKind::StateUnknown,
        "no login is waiting for this `state`: it was finished already, has expired, or did not begin here",
    )
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow").field("provider", &self.0.provider.name).finish_non_exhaustive()
    }
}

/// A finished login.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Completed {
    /// The token.
    pub token: Token,
    /// Where the person wanted to go, as given to [`Begin::return_to`].
    pub return_to: Option<String>,
}
