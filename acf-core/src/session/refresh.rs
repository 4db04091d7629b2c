//! One refresh at a time, saved before anybody uses it.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::Session;
use crate::{
    error::{Error, ErrorKind},
    store::{Expect, StoredToken, TokenKey, Version},
    token::Token,
};

type Observer = dyn Fn(&TokenKey, &Token) + Send + Sync;

/// How a flow refreshes.
#[derive(Default)]
pub(crate) struct Refreshing {
    /// One lock per user whose token is being refreshed, so that a refresh token is sent once.
    locks: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    pub(crate) by_hand: bool,
    pub(crate) observer: Option<Box<Observer>>,
}

impl Refreshing {
    fn lock_for(&self, user: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(user).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(user.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

impl fmt::Debug for Refreshing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refreshing").field("by_hand", &self.by_hand).finish_non_exhaustive()
    }
}

impl Session {
    /// Refreshes the token unless somebody did since this version was seen.
    pub(super) async fn refresh_since(&self, seen: Version) -> Result<Token, Error> {
        let refreshing = self.flow.refreshing();
        let lock = refreshing.lock_for(&self.key.user);
        let _alone = lock.lock().await;
        let before = self.stored().await?;
        if before.version != seen {
            return Ok(before.token);
        }
        let new = match self.flow.refresh(&before.token).await {
            Ok(new) => new,
            Err(error) => return self.after(error, &before).await,
        };
        let tokens = self.flow.tokens()?;
        if tokens.save(&self.key, &new, Expect::Version(before.version)).await?.is_some() {
            if let Some(observer) = &refreshing.observer {
                observer(&self.key, &new);
            }
            return Ok(new);
        }
        match tokens.load(&self.key).await? {
            Some(now) => Ok(now.token),
            None => Err(Error::new(ErrorKind::Conflict, "the token was deleted while it was refreshed")),
        }
    }

    /// A rotated refresh token is refused: whoever was faster has stored the new one.
    async fn after(&self, error: Error, before: &StoredToken) -> Result<Token, Error> {
        if error.provider().is_none_or(|said| said.error() != "invalid_grant") {
            return Err(error);
        }
        let now = self.stored().await?;
        if now.version == before.version { Err(error) } else { Ok(now.token) }
    }
}
