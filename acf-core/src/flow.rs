//! The flow: drives request, callback, token and stores, in the one order that is safe.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use acf_rules::{declaration, text, uri};

use crate::{
    authorization::{Asked, AuthorizationRequest, Binding, NewState, PendingLogin, StateKey},
    callback::Callback,
    error::{Error, ErrorKind},
    grant::{authorization_code, refresh_token, revocation},
    http::{HttpClient, Limits, Request, Response},
    provider::{OAuthProvider, Resolved},
    session::{Refreshing, Session},
    store::{Expect, MemoryStore, StateStore, Taken, TokenKey, TokenStore},
    token::{self, Expected, Token},
    value::Scopes,
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
    /// The authorization URL of a login without options, up to its state.
    prefix: String,
    /// What a login without options asks for.
    asked: Arc<Asked>,
    refreshing: Refreshing,
}

impl Flow {
    /// A flow with the defaults: a [`MemoryStore`] for logins and tokens, `reqwest`, ten minutes for a login.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], which lists everything that is wrong with the provider's values.
    #[cfg(feature = "reqwest")]
    pub fn new(provider: impl OAuthProvider) -> Result<Self, Error> {
        Self::builder(provider).build()
    }

    /// Begins a flow with settings of one's own.
    pub fn builder(provider: impl OAuthProvider) -> FlowBuilder {
        FlowBuilder {
            provider: Resolved::new(&provider.parts()),
            http: None,
            states: None,
            tokens: None,
            login_lifetime: Duration::from_secs(600),
            limits: Limits::TOKEN,
        }
    }

    /// Begins a login for `user`: the user, or the browser session, that it will belong to. Options may be set before
    /// `.await`.
    ///
    /// The login is kept in the state store until it is finished or its lifetime has passed, and only the same `user` can
    /// finish it (RFC 6749 section 10.12). Use a value that the browser cannot choose: the id of its session on your
    /// server.
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
    /// [`ErrorKind::Configuration`] for an option that breaks a rule, [`ErrorKind::Random`], [`ErrorKind::Store`].
    pub fn begin<'a>(&'a self, user: &'a str) -> Begin<'a> {
        Begin { flow: self, user, scopes: None, redirect_uri: None, params: Vec::new(), return_to: None }
    }

    /// Finishes a login: verifies the callback, takes the pending login, exchanges the code, saves the token for `user`
    /// if there is a token store, and returns it.
    ///
    /// `callback` is the query string of the request to the redirect URI, its form body, or its whole URL.
    ///
    /// At most one token request is sent for a login, however often and from wherever its callback arrives; it is never
    /// repeated.
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
        let Callback { state, code, issuer, error } = Callback::parse(callback)?;
        self.check_issuer(issuer.as_deref())?;
        let login = self.claim(user, &state).await?;
        match (code, error) {
            (Some(code), None) => self.exchange(user, &login, &state, &code).await,
            (None, Some(said)) => Err(Error::from_provider(said, "the authorization endpoint refused")),
            _ => Err(Error::new(ErrorKind::Callback, "the callback has both `code` and `error`")),
        }
    }

    /// The session of a user: calls with the stored token.
    ///
    /// # Errors
    /// [`ErrorKind::NoToken`] if none is stored, [`ErrorKind::Store`], [`ErrorKind::Configuration`] if the flow has no
    /// token store.
    pub async fn session(&self, user: &str) -> Result<Session, Error> {
        let session = Session::new(self.clone(), TokenKey::new(&self.0.provider.name, user));
        session.stored().await?;
        Ok(session)
    }

    /// Exchanges the refresh token of `token` for a new token (RFC 6749 section 6). Saves nothing:
    /// [`Session::refresh`] does.
    ///
    /// A provider that rotates refresh tokens accepts the old one no longer: keep what this returns.
    ///
    /// # Errors
    /// [`ErrorKind::TokenExpired`] if there is no refresh token, [`ErrorKind::Provider`] if the provider refuses it, and
    /// whatever the call brings.
    pub async fn refresh(&self, token: &Token) -> Result<Token, Error> {
        let Some(refresh) = token.refresh_token() else {
            return Err(Error::new(
                ErrorKind::TokenExpired,
                "the token has no refresh token: send the person through the login again",
            ));
        };
        let provider = &self.0.provider;
        let request = refresh_token::token_request(provider, refresh.expose());
        let response = self.send(request, "the refresh request").await?;
        let confidential = &self.confidential(&[refresh.expose()]);
        let expected = Expected { rules: &provider.response, scopes: token.scopes(), confidential };
        token::read_token(response, &expected).map(|new| token.refreshed_by(new))
    }

    /// Gives a token up at the provider (RFC 7009): the refresh token first, then the access token.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the provider declares no revocation endpoint, and whatever the calls bring.
    pub async fn revoke(&self, token: &Token) -> Result<(), Error> {
        let Some(endpoint) = &self.0.provider.revocation_endpoint else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("{} declares no revocation endpoint", self.0.provider.display_name),
            ));
        };
        let refresh = token.refresh_token().map(|secret| (secret, "refresh_token"));
        for (secret, hint) in refresh.into_iter().chain([(token.access_token(), "access_token")]) {
            let request = revocation::revocation_request(&self.0.provider, endpoint, secret.expose(), hint);
            let response = self.send(request, "the revocation request").await?;
            revocation::revocation_response(response, &self.confidential(&[secret.expose()]))?;
        }
        Ok(())
    }

    /// The provider's identifier.
    pub fn provider(&self) -> &str {
        &self.0.provider.name
    }

    /// The provider's name for people.
    pub fn display_name(&self) -> &str {
        &self.0.provider.display_name
    }

    /// The provider's declared userinfo endpoint.
    pub fn userinfo_endpoint(&self) -> Option<&str> {
        self.0.provider.userinfo_endpoint.as_deref()
    }

    /// Whether [`revoke`](Self::revoke) can do anything.
    pub fn can_revoke(&self) -> bool {
        self.0.provider.revocation_endpoint.is_some()
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

    /// RFC 9207 section 2.4. Runs before the login is taken, so that a forged answer cannot end an honest login.
    fn check_issuer(&self, received: Option<&str>) -> Result<(), Error> {
        let mismatch = |text: String| Err(Error::new(ErrorKind::IssuerMismatch, text));
        match (received, &self.0.provider.issuer) {
            (Some(received), Some(declared)) if received == declared => Ok(()),
            (None, _) => Ok(()),
            (Some(received), declared) => {
                let received = crate::error::clean(received, &[]);
                match declared {
                    Some(declared) => mismatch(format!(
                        "the callback comes from the issuer `{received}`, but the login was begun with `{declared}`"
                    )),
                    None => mismatch(format!(
                        "the callback names the issuer `{received}`, and the provider declares none; if it is the right \
                         one, declare `issuer = \"{received}\"`"
                    )),
                }
            }
        }
    }

    /// Takes the pending login, if it is this user's and this provider's.
    async fn claim(&self, user: &str, state: &str) -> Result<PendingLogin, Error> {
        let binding = Binding::new(&self.0.provider.name, user);
        match self.0.states.take(&StateKey::new(state), &binding).await? {
            Taken::Login(login) => self.check_login(&login).map(|()| login),
            Taken::Kept(login) => Err(self.not_ours(&login)),
            Taken::Absent => Err(unknown_state()),
        }
    }

    fn check_login(&self, login: &PendingLogin) -> Result<(), Error> {
        if login.is_expired() {
            return Err(Error::new(ErrorKind::StateExpired, "the login took too long; begin again"));
        }
        // The code goes to the token endpoint it was meant for, or nowhere (RFC 9700 section 4.4).
        let (then, now) = (login.asked(), &self.0.asked);
        if then.token_endpoint != now.token_endpoint || then.issuer != now.issuer {
            return Err(Error::new(
                ErrorKind::ProviderMismatch,
                "the provider's endpoints were changed since the login began; begin again",
            ));
        }
        Ok(())
    }

    fn not_ours(&self, login: &PendingLogin) -> Error {
        if login.asked().provider == self.0.provider.name {
            Error::new(ErrorKind::BindingMismatch, "the login was begun by another user or in another browser")
        } else {
            Error::new(ErrorKind::ProviderMismatch, "the login was begun with another provider")
        }
    }

    async fn exchange(&self, user: &str, login: &PendingLogin, state: &str, code: &str) -> Result<Completed, Error> {
        let provider = &self.0.provider;
        let verifier = login.verifier(state).text();
        let asked = login.asked();
        let request = authorization_code::token_request(provider, code, &verifier, &asked.redirect_uri);
        let response = self.send(request, "the token request").await?;
        let confidential = &self.confidential(&[code, &verifier]);
        let expected = Expected { rules: &provider.response, scopes: &asked.scopes, confidential };
        let token = token::read_token(response, &expected)?;
        if let Some(tokens) = &self.0.tokens {
            tokens.save(&TokenKey::new(&provider.name, user), &token, Expect::Anything).await?;
        }
        Ok(Completed { token, return_to: login.return_to().map(str::to_owned) })
    }

    async fn send(&self, request: Request, what: &str) -> Result<Response, Error> {
        let limits = self.0.limits;
        let response = self.0.http.send(request, limits).await.map_err(|error| error.during(what))?;
        if response.body().len() > limits.body {
            return Err(Error::new(ErrorKind::Response, format!("{what}: the answer is larger than the limit")));
        }
        Ok(response)
    }

    /// What must not come back in an error: what was sent, and the client secret.
    fn confidential<'a>(&'a self, sent: &[&'a str]) -> Vec<&'a str> {
        let secret = self.0.provider.credentials.secret.as_ref();
        secret.map(|secret| secret.expose()).into_iter().chain(sent.iter().copied()).collect()
    }
}

/// The steps of the Python package `auth-code-flow`, under their own names. [`begin`](Flow::begin) is the first three in
/// one, [`finish`](Flow::finish) the last two.
///
/// What is safer here: the state has 256 random bits instead of a UUID's 122 and carries a PKCE verifier; it is kept with
/// an end and bound to its user; it is taken out in one atomic step when the code is fetched, so it works once; and the
/// check cannot be skipped.
///
/// ```no_run
/// # async fn example(flow: acf_core::Flow, code: &str, state: &str) -> Result<(), acf_core::Error> {
/// let new = flow.make_state()?;
/// flow.store_user_state("user-42", &new).await?;
/// let url = flow.authorization_url(&new);
/// // ... the browser comes back with `code` and `state`:
/// flow.check_user_state("user-42", state).await?;
/// let token = flow.fetch_access_token("user-42", code, state).await?;
/// # let _ = (url, token);
/// # Ok(())
/// # }
/// ```
impl Flow {
    /// Makes a fresh state.
    ///
    /// # Errors
    /// [`ErrorKind::Random`] if the operating system gives no random bytes.
    pub fn make_state(&self) -> Result<NewState, Error> {
        NewState::draw()
    }

    /// Keeps the state for the user, until it is used or the login's lifetime has passed.
    ///
    /// # Errors
    /// [`ErrorKind::Store`], or [`ErrorKind::Configuration`] for an empty user.
    pub async fn store_user_state(&self, user: &str, state: &NewState) -> Result<(), Error> {
        self.keep(user, state, None, Arc::clone(&self.0.asked)).await
    }

    /// The URL to send the browser to. Does no I/O and one allocation.
    pub fn authorization_url(&self, state: &NewState) -> String {
        state.append_to(&self.0.prefix)
    }

    /// Checks that the state was made for this user and has not been used. The state stays usable.
    ///
    /// # Errors
    /// [`ErrorKind::StateUnknown`], [`ErrorKind::StateExpired`], [`ErrorKind::BindingMismatch`],
    /// [`ErrorKind::ProviderMismatch`], [`ErrorKind::Store`].
    pub async fn check_user_state(&self, user: &str, state: &str) -> Result<(), Error> {
        match self.0.states.take(&StateKey::new(state), &Binding::NOBODY).await? {
            Taken::Kept(login) if *login.binding() == Binding::new(&self.0.provider.name, user) => {
                self.check_login(&login)
            }
            Taken::Kept(login) => Err(self.not_ours(&login)),
            _ => Err(unknown_state()),
        }
    }

    /// Takes the state, which checks it, and exchanges the code.
    ///
    /// Where the provider sends `iss` (RFC 9207), use [`finish`](Self::finish), which checks it.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn fetch_access_token(&self, user: &str, code: &str, state: &str) -> Result<Token, Error> {
        let login = self.claim(user, state).await?;
        self.exchange(user, &login, state, code).await.map(|completed| completed.token)
    }

    async fn keep(
        &self,
        user: &str,
        state: &NewState,
        return_to: Option<Box<str>>,
        asked: Arc<Asked>,
    ) -> Result<(), Error> {
        if user.is_empty() {
            return Err(Error::configuration(
                "the user of a login is empty: pass the id of the user or of the browser session",
            ));
        }
        let binding = Binding::new(&self.0.provider.name, user);
        let login = PendingLogin::new(state, binding, self.0.login_lifetime, return_to, asked);
        self.0.states.put(StateKey::new(state.as_str()), login).await
    }
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

/// A login that is about to begin: set options, then `.await`.
#[must_use = "a login begins when this is awaited"]
pub struct Begin<'a> {
    flow: &'a Flow,
    user: &'a str,
    scopes: Option<Result<Scopes, Error>>,
    redirect_uri: Option<String>,
    params: Vec<(String, String)>,
    return_to: Option<Box<str>>,
}

impl Begin<'_> {
    /// Asks for these scopes instead of the declared ones: `"read write"`, `["read", "write"]`, or [`Scopes`].
    pub fn scope<S: TryInto<Scopes>>(mut self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        self.scopes = Some(scopes.try_into().map_err(Error::from));
        self
    }

    /// Adds a parameter to the authorization request, or replaces a declared one. The flow's own parameters are refused.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
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
        self.return_to = Some(if text::local_path(path).is_ok() { path.into() } else { "/".into() });
        self
    }

    async fn start(self) -> Result<AuthorizationRequest, Error> {
        let inner = &self.flow.0;
        let state = self.flow.make_state()?;
        let plain = self.scopes.is_none() && self.redirect_uri.is_none() && self.params.is_empty();
        let (url, asked) = if plain {
            (self.flow.authorization_url(&state), Arc::clone(&inner.asked))
        } else {
            let (prefix, asked) = self.options(&inner.provider)?;
            (state.append_to(&prefix), Arc::new(asked))
        };
        self.flow.keep(self.user, &state, self.return_to, asked).await?;
        Ok(AuthorizationRequest { url, state: state.state() })
    }

    fn options(&self, provider: &Resolved) -> Result<(String, Asked), Error> {
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
        }
        let redirect_uri = self.redirect_uri.as_deref().unwrap_or(&provider.redirect_uri);
        if let Err(violation) = uri::redirect_uri(redirect_uri) {
            wrong.push(format!("{}: {}", violation.explain("redirect_uri", redirect_uri), violation.help()));
        }
        if !wrong.is_empty() {
            return Err(Error::configuration(wrong.join("\n")));
        }
        let prefix = provider.authorization_prefix(redirect_uri, &scopes, &self.params);
        Ok((prefix, Asked::new(provider, redirect_uri, scopes)))
    }
}

impl<'a> IntoFuture for Begin<'a> {
    type Output = Result<AuthorizationRequest, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.start())
    }
}

impl fmt::Debug for Begin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begin").field("provider", &self.flow.0.provider.name).finish_non_exhaustive()
    }
}

/// Builds a [`Flow`] with settings of one's own.
#[must_use]
pub struct FlowBuilder {
    provider: Result<Resolved, Error>,
    http: Option<Arc<dyn HttpClient>>,
    states: Option<Arc<dyn StateStore>>,
    tokens: Option<Arc<dyn TokenStore>>,
    login_lifetime: Duration,
    limits: Limits,
}

impl FlowBuilder {
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

    /// The transport. Several flows do well to share one: they share its connections.
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

    /// Makes the flow: resolves and encodes everything that does not change between logins.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], which lists everything that is wrong with the provider's values.
    pub fn build(self) -> Result<Flow, Error> {
        let provider = self.provider?;
        let http = match self.http {
            Some(http) => http,
            #[cfg(feature = "reqwest")]
            None => Arc::new(crate::http::ReqwestClient::new()?),
            #[cfg(not(feature = "reqwest"))]
            None => {
                return Err(Error::configuration("the flow has no HTTP client: give it one with `http_client(..)`"));
            }
        };
        let states = self.states.unwrap_or_else(|| Arc::new(MemoryStore::new()));
        let tokens = self.tokens.or_else(|| Arc::clone(&states).token_store());
        let prefix = provider.authorization_prefix(&provider.redirect_uri, &provider.scopes, &[]);
        let asked = Arc::new(Asked::new(&provider, &provider.redirect_uri, provider.scopes.clone()));
        let (login_lifetime, limits) = (self.login_lifetime, self.limits);
        let refreshing = Refreshing::default();
        Ok(Flow(Arc::new(Inner { provider, http, states, tokens, login_lifetime, limits, prefix, asked, refreshing })))
    }
}

impl fmt::Debug for FlowBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowBuilder").finish_non_exhaustive()
    }
}
