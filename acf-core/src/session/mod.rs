//! A user's token at work: calls to the provider's API, refresh, and the end.

mod api;
mod userinfo;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use http::Method;

pub use self::{
    api::{ApiRequest, ApiResponse},
    userinfo::Userinfo,
};
use crate::{
    error::{Error, ErrorKind},
    flow::Flow,
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

    /// The token, valid now and for the seconds of `refresh(margin = ..)`, which are ten unless declared.
    ///
    /// # Errors
    /// [`ErrorKind::TokenExpired`] if its time is over: [`refresh`](Self::refresh) it.
    /// [`ErrorKind::NoToken`] if it was deleted in the meantime.
    pub async fn token(&self) -> Result<Token, Error> {
        let token = self.stored().await?.token;
        if token.ends_within(self.flow.resolved().rules.margin) {
            let text = format!("the access token has expired: {}", self.remedy(&token));
            return Err(Error::new(ErrorKind::TokenExpired, text));
        }
        Ok(token)
    }

    /// What helps against a token that is accepted no longer.
    fn remedy(&self, token: &Token) -> &'static str {
        if self.flow.can_refresh(token) { "refresh it" } else { "send the person through the login" }
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
    /// Dropped before its end, it leaves the old token stored or the new one, and lets the next caller in. What the provider
    /// answered to a request that had left is lost, though, and where refresh tokens are rotated the stored one is void by
    /// then. Where callers may be dropped, refresh in a task of its own (`tokio::spawn`).
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
