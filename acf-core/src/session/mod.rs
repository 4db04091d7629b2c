//! A user's token at work: calls to the provider's API, refresh when it is due, and the end.

mod api;
mod breaker;
mod gate;
mod protocol;
mod read;
mod refresh;
mod save;
mod userinfo;

use std::{fmt, sync::Arc};

use http::Method;

pub(crate) use self::gate::Refreshing;
use self::{gate::Gate, refresh::Need};

pub use self::{
    api::{ApiRequest, ApiResponse},
    userinfo::Userinfo,
};
use crate::{
    error::{Error, ErrorKind},
    flow::Flow,
    store::{StoredToken, TokenKey},
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
#[derive(Clone)]
pub struct Session {
    flow: Flow,
    key: TokenKey,
    gate: Arc<Gate>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("flow", &self.flow).field("key", &self.key).finish_non_exhaustive()
    }
}

impl Session {
    pub(crate) fn new(flow: Flow, key: TokenKey) -> Self {
        let gate = flow.refreshing().gate(&key);
        Self { flow, key, gate }
    }

    async fn read(&self) -> Result<StoredToken, Error> {
        let stored = self.flow.tokens()?.load(&self.key).await?;
        let stored = stored.map(StoredToken::by_our_clock).ok_or_else(|| {
            Error::new(ErrorKind::NoToken, "no token is stored for this user: send the person through the login")
        })?;
        stored.token.readable().map(|()| stored)
    }

    /// Whose token it is.
    pub const fn key(&self) -> &TokenKey {
        &self.key
    }

    /// The token, valid now and for the seconds of `refresh(margin = ..)`, which are ten unless declared. One that is not
    /// is refreshed first, as by [`refresh`](Self::refresh), unless the flow was built with
    /// [`refresh_by_hand`](crate::FlowBuilder::refresh_by_hand).
    ///
    /// # Errors
    /// [`ErrorKind::TokenExpired`] if its time is over and it cannot be refreshed, or is to be refreshed by hand.
    /// [`ErrorKind::NoToken`] if it was deleted in the meantime. And whatever the refresh brings.
    pub async fn token(&self) -> Result<Token, Error> {
        let provider = self.flow.resolved();
        if let Some(token) = self.unsaved().filter(|token| !token.ends_within(provider.rules.margin)) {
            return Ok(token);
        }
        let stored = self.stored().await?;
        if !self.can_renew(&stored.token) {
            if stored.token.ends_within(provider.rules.margin) {
                let text = format!("the access token has expired: {}", provider.remedy(&stored.token));
                return Err(Error::new(ErrorKind::TokenExpired, text));
            }
            return Ok(stored.token);
        }
        // Boxed: most calls need no refresh, and pay for its future otherwise.
        Box::pin(self.obtain(Need::Good, stored)).await
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
    /// Once it has begun it comes to its end, also if its caller is dropped: a rotated refresh token exists nowhere else. It
    /// runs as a task of tokio's runtime, or on a thread of its own where there is none. A token that cannot be saved is
    /// used by this process all the same, which goes on trying.
    ///
    /// Where the outcome is not known (a lost answer, status 500), the refresh token may be used up. It is sent again only as
    /// `refresh(rotates = .., reuse_grace = ..)` allow, or once the access token is good no longer, and then one time.
    ///
    /// # Errors
    /// As [`Flow::refresh`]. The stored token is left as it was. [`ErrorKind::TokenExpired`] if the provider was
    /// asked twice in vain; [`ErrorKind::Busy`] if somebody else is at it for too long.
    pub async fn refresh(&self) -> Result<Token, Error> {
        let stored = self.stored().await?;
        let unwanted = stored.token.access_token().clone();
        self.obtain(Need::Other(unwanted), stored).await
    }

    /// Whether this session refreshes by itself, and this token can be.
    fn can_renew(&self, token: &Token) -> bool {
        !self.flow.refreshing().by_hand && self.flow.resolved().can_refresh(token)
    }

    /// Another token than this one, which is accepted no longer: that of whoever was faster, or a refreshed one.
    async fn renew(&self, unwanted: &Token) -> Result<Token, Error> {
        let stored = self.stored().await?;
        self.obtain(Need::Other(unwanted.access_token().clone()), stored).await
    }

    /// Forgets the token here, and says so to the provider (RFC 7009).
    ///
    /// # Errors
    /// As [`Flow::revoke`]: the token is forgotten here all the same, but may still be good at the provider.
    pub async fn revoke(&self) -> Result<(), Error> {
        let stored = self.stored().await?;
        let last = self.unsaved().unwrap_or(stored.token);
        self.forget().await?;
        self.flow.revoke(&last).await
    }

    /// Forgets the token here, and only here.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub async fn forget(&self) -> Result<(), Error> {
        self.flow.tokens()?.delete(&self.key).await?;
        self.gate.replaced();
        Ok(())
    }

    /// A call with the token in its `Authorization` header (RFC 6750 section 2.1), or where the declaration's `api(..)`
    /// wants it, and nowhere else.
    pub fn request(&self, method: Method, url: impl Into<String>) -> ApiRequest<'_> {
        ApiRequest::new(self, method, url.into())
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
