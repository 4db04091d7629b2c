//! A user's token at work: calls to the provider's API, refresh, and the end.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use acf_rules::uri;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    error::{Error, ErrorKind},
    flow::Flow,
    http::{Limits, Request, Response},
    store::{Expect, StoredToken, TokenKey},
    token::Token,
};

/// The stored token of one user at one provider: made by [`Flow::session`].
///
/// ```no_run
/// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
/// let session = flow.session("user-42").await?;
/// let answer = session.get("https://api.example.com/me").send().await?;
/// println!("{} {}", answer.status(), answer.text());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Session {
    flow: Flow,
    key: TokenKey,
}

impl Session {
    pub(crate) const fn new(flow: Flow, key: TokenKey) -> Self {
        Self { flow, key }
    }

    pub(crate) async fn stored(&self) -> Result<StoredToken, Error> {
        self.flow.tokens()?.load(&self.key).await?.ok_or_else(|| {
            Error::new(ErrorKind::NoToken, "no token is stored for this user: send the person through the login")
        })
    }

    /// The token, valid now.
    ///
    /// # Errors
    /// [`ErrorKind::TokenExpired`] if its time is over: [`refresh`](Self::refresh) it.
    /// [`ErrorKind::NoToken`] if it was deleted in the meantime.
    pub async fn token(&self) -> Result<Token, Error> {
        let token = self.stored().await?.token;
        if token.is_expired() {
            let then = if token.refresh_token().is_some() { "refresh it" } else { "send the person through the login" };
            return Err(Error::new(ErrorKind::TokenExpired, format!("the access token has expired: {then}")));
        }
        Ok(token)
    }

    /// The token as it is stored, expired or not.
    ///
    /// # Errors
    /// [`ErrorKind::NoToken`], [`ErrorKind::Store`].
    pub async fn stored_token(&self) -> Result<Token, Error> {
        self.stored().await.map(|stored| stored.token)
    }

    /// Exchanges the refresh token and saves what comes back, before it returns it.
    ///
    /// Of several calls at the same time one sends a request and all return its token; if another process was faster, its
    /// token is returned: a lost race is no error.
    ///
    /// # Errors
    /// As [`Flow::refresh`]. The stored token is left as it was.
    pub async fn refresh(&self) -> Result<Token, Error> {
        let seen = self.stored().await?.version;
        let lock = self.flow.refreshing().lock_for(&self.key.user);
        let _alone = lock.lock().await;
        let before = self.stored().await?;
        if before.version != seen {
            return Ok(before.token);
        }
        let refreshed = self.flow.refresh(&before.token).await;
        let new = match refreshed {
            Ok(new) => new,
            // A rotated refresh token is refused: whoever was faster has stored the new one.
            Err(error) if error.provider().is_some_and(|said| said.error() == "invalid_grant") => {
                let now = self.stored().await?;
                return if now.version == before.version { Err(error) } else { Ok(now.token) };
            }
            Err(error) => return Err(error),
        };
        match self.flow.tokens()?.save(&self.key, &new, Expect::Version(before.version)).await? {
            Some(_) => Ok(new),
            None => match self.flow.tokens()?.load(&self.key).await? {
                Some(now) => Ok(now.token),
                None => Err(Error::new(ErrorKind::Conflict, "the token was deleted while it was refreshed")),
            },
        }
    }

    /// Forgets the token here, and says so to the provider (RFC 7009).
    ///
    /// # Errors
    /// As [`Flow::revoke`]: the token is forgotten here all the same, but may still be good at the provider.
    pub async fn revoke(&self) -> Result<(), Error> {
        let stored = self.stored().await?;
        self.forget().await?;
        self.flow.revoke(&stored.token).await
    }

    /// Forgets the token here, and only here.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub async fn forget(&self) -> Result<(), Error> {
        self.flow.tokens()?.delete(&self.key).await.map(drop)
    }

    /// A call with the token in its `Authorization` header (RFC 6750 section 2.1), and nowhere else.
    pub fn request(&self, method: Method, url: impl Into<String>) -> ApiRequest<'_> {
        let mut request = Request::new(Vec::new());
        *request.method_mut() = method;
        ApiRequest { session: self, url: url.into(), request: Ok(request), limits: Limits::API }
    }

    /// `GET`.
    pub fn get(&self, url: impl Into<String>) -> ApiRequest<'_> {
        self.request(Method::GET, url)
    }

    /// `POST`.
    pub fn post(&self, url: impl Into<String>) -> ApiRequest<'_> {
        self.request(Method::POST, url)
    }

    /// `PUT`.
    pub fn put(&self, url: impl Into<String>) -> ApiRequest<'_> {
        self.request(Method::PUT, url)
    }

    /// `PATCH`.
    pub fn patch(&self, url: impl Into<String>) -> ApiRequest<'_> {
        self.request(Method::PATCH, url)
    }

    /// `DELETE`.
    pub fn delete(&self, url: impl Into<String>) -> ApiRequest<'_> {
        self.request(Method::DELETE, url)
    }
}

/// One lock per user whose token is being refreshed, so that a refresh token is sent once.
#[derive(Default)]
pub(crate) struct Refreshing(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl Refreshing {
    fn lock_for(&self, user: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(user).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(user.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

/// A call that is about to be made.
#[must_use = "nothing is sent before `send`"]
pub struct ApiRequest<'a> {
    session: &'a Session,
    url: String,
    request: Result<Request, Error>,
    limits: Limits,
}

impl ApiRequest<'_> {
    /// Sets a header. `Authorization` is the session's own and refused.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let parsed = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
        if let Ok(request) = &mut self.request {
            match parsed {
                (Ok(name), Ok(value)) if name != header::AUTHORIZATION => {
                    drop(request.headers_mut().insert(name, value))
                }
                _ => self.request = Err(Error::configuration(format!("header `{name}` cannot be set"))),
            }
        }
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        if let Ok(request) = &mut self.request {
            *request.body_mut() = body.into();
        }
        self
    }

    /// Sets the body to JSON, and its content type.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.header("content-type", "application/json").body(body),
            Err(error) => {
                self.request = Err(Error::configuration("the body has no JSON form").with_source(error));
                self
            }
        }
    }

    /// Sets the deadline and the largest answer; [`Limits::API`] unless set.
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sends the call, once. Whatever the API answers is an [`ApiResponse`], also an error status; redirects are not
    /// followed, since the token would go with them.
    ///
    /// # Errors
    /// [`ErrorKind::TokenExpired`], [`ErrorKind::NoToken`]; [`ErrorKind::Configuration`] for a URL that is neither https
    /// nor on this machine; and whatever the connection brings.
    pub async fn send(self) -> Result<ApiResponse, Error> {
        let mut request = self.request?;
        if let Err(violation) = uri::endpoint(&self.url) {
            return Err(Error::violation("url", &self.url, violation));
        }
        let uri: Uri =
            self.url.parse().map_err(|error| Error::configuration("the URL cannot be requested").with_source(error))?;
        let token = self.session.token().await?;
        let bearer = Zeroizing::new(format!("{} {}", token.token_type(), token.access_token().expose()));
        let mut bearer = HeaderValue::from_str(&bearer)
            .map_err(|_| Error::new(ErrorKind::TokenResponse, "the access token cannot be sent in a header"))?;
        bearer.set_sensitive(true);
        *request.uri_mut() = uri;
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let answer = self.session.flow.http().send(request, self.limits).await;
        answer.map(ApiResponse).map_err(|error| error.during("the API call"))
    }
}

impl fmt::Debug for ApiRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest").field("session", &self.session).finish_non_exhaustive()
    }
}

/// What an API answered. `Debug` shows the status only.
pub struct ApiResponse(Response);

impl ApiResponse {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        self.status().is_success()
    }

    /// A header, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        self.0.body()
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.0.body()).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Response`] if it is something else.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(self.0.body()).map_err(|error| {
            Error::new(ErrorKind::Response, format!("the API answered {} without the expected JSON", self.status()))
                .with_source(error)
        })
    }
}

impl fmt::Debug for ApiResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiResponse").field("status", &self.status()).finish_non_exhaustive()
    }
}
