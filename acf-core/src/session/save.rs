//! What was received is saved before anybody uses it; and if it cannot be, later.

use std::time::Duration;

use super::{Session, gate::Unsaved};
use crate::{
    error::{Error, ErrorKind},
    events, executor,
    flow::Flow,
    lock::lock,
    store::{Expect, TokenKey, Version},
    timer::rest,
    token::Token,
};

/// Whoever could not save tries again: soon where it was a moment, and seldom where it lasts.
const SAVE: (f32, Duration) = (2.0, Duration::from_secs(30));

impl Session {
    /// A token that was received and could not be saved yet.
    pub(super) fn unsaved(&self) -> Option<Token> {
        lock(&self.gate.kept).unsaved.as_ref().map(|unsaved| unsaved.new.clone())
    }

    /// Saves what was received, before anybody uses it.
    pub(super) async fn keep(&self, old: &Token, new: Token, mine: Version) -> Result<Option<Token>, Error> {
        let mut received =
            Received { session: self, unsaved: Some(Unsaved { old: old.clone(), new: new.clone(), mine }) };
        match self.replace(old, &new, mine).await {
            Ok(saved) => {
                received.unsaved = None;
                if saved.is_none() {
                    return self.superseded(&new).await;
                }
                events::saved(old, &new);
                self.flow.tell(&self.key, &new);
            }
            Err(error) => events::unsaved(&error),
        }
        Ok(Some(new))
    }

    /// Saves what was received in the place of what it came of, whatever others have noted about that since: they took it for
    /// lost, and it is not. `None` if something else has taken its place.
    async fn replace(&self, old: &Token, new: &Token, mut mine: Version) -> Result<Option<Version>, Error> {
        let tokens = self.flow.tokens()?;
        loop {
            if let Some(saved) = tokens.save(&self.key, new, Expect::Version(mine)).await? {
                return Ok(Some(saved));
            }
            match tokens.load(&self.key).await? {
                // It was saved, and the answer was lost. (Some providers issue the same token again.)
                Some(stored)
                    if stored.token == *new || stored.token.has_secrets_of(new) && !new.has_secrets_of(old) =>
                {
                    return Ok(Some(stored.version));
                }
                Some(stored) if stored.version != mine && stored.token.has_secrets_of(old) => mine = stored.version,
                _ => return Ok(None),
            }
        }
    }

    /// Goes on trying, as long as anything is to be had from it.
    async fn save_late(&self) {
        let mut pause = Duration::from_millis(100);
        while let Some(new) = self.unsaved() {
            if new.is_expired() && !self.flow.resolved().can_refresh(&new) {
                self.gate.replaced();
                break;
            }
            rest(&mut pause, SAVE).await;
            drop(self.save_unsaved().await);
        }
    }

    pub(super) async fn save_unsaved(&self) -> Result<(), Error> {
        let Some(Unsaved { old, new, mine }) = lock(&self.gate.kept).unsaved.clone() else { return Ok(()) };
        let saved = self.replace(&old, &new, mine).await?;
        // Several may try. One tells.
        let first = lock(&self.gate.kept).unsaved.take_if(|unsaved| unsaved.new.has_secrets_of(&new)).is_some();
        match saved {
            _ if !first => {}
            Some(_) => {
                events::saved_late();
                self.flow.tell(&self.key, &new);
            }
            None => drop(self.superseded(&new).await),
        }
        Ok(())
    }

    /// The grant was given up, or replaced by a new login, while it was refreshed.
    async fn superseded(&self, new: &Token) -> Result<Option<Token>, Error> {
        events::superseded();
        if self.flow.tokens()?.load(&self.key).await?.is_some() {
            return Ok(None);
        }
        // Nobody will use it. What does not succeed ends by itself.
        if self.flow.can_revoke() {
            drop(self.flow.revoke(new).await);
        }
        Err(Error::new(ErrorKind::Conflict, "the token was deleted while it was refreshed"))
    }
}

/// A token that exists nowhere else. Dropped with it, also because the store panicked, this process lives on it, and goes on
/// trying.
struct Received<'a> {
    session: &'a Session,
    unsaved: Option<Unsaved>,
}

impl Drop for Received<'_> {
    fn drop(&mut self) {
        let Some(unsaved) = self.unsaved.take() else { return };
        let session = self.session.clone();
        lock(&session.gate.kept).unsaved = Some(unsaved);
        let begun = session.flow.refreshing().begun();
        executor::begin(events::refresh(&self.session.key).around(async move {
            let _begun = begun;
            session.save_late().await;
        }));
    }
}

impl Token {
    /// Whether it differs from that one by nothing but what was noted about it.
    fn has_secrets_of(&self, other: &Self) -> bool {
        self.access_token() == other.access_token() && self.refresh_token() == other.refresh_token()
    }
}

impl Flow {
    fn tell(&self, key: &TokenKey, new: &Token) {
        if let Some(observer) = &self.refreshing().observer {
            observer(key, new);
        }
    }
}
