//! Encryption at rest, over any store.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use super::{Binding, Expect, PendingLogin, StateKey, StateStore, StoredToken, Taken, TokenKey, TokenStore, Version};
use crate::{
    error::{Error, ErrorKind},
    sealing::{Closed, Opened, Place, SealingKeys},
    token::{RefreshStage, Token},
};

/// Any store, with what it keeps encrypted by XChaCha20-Poly1305: a stolen database holds no token.
///
/// ```
/// # fn example(provider: acf_core::Custom) -> Result<(), acf_core::Error> {
/// use acf_core::{Encrypted, Flow, MemoryStore, SealingKeys};
///
/// let store = MemoryStore::new(); // or any other
/// let keys = SealingKeys::from_env("ACF_KEYS")?;
/// let flow = Flow::builder(provider).state_store(Encrypted::new(store, keys)).build()?;
/// # let _ = flow;
/// # Ok(())
/// # }
/// ```
///
/// It is a [`StateStore`] where the store within is one, and a [`TokenStore`] where that is one. What a store must see stays
/// in clear: of a login the digests of its state and of its owner, and its end; of a token the provider, the user and the
/// connection. Everything else is sealed, and bound to just that: a row that is copied to another user does not
/// open.
///
/// Encryption can be switched on for a store that is in use: rows in clear are read as they are, and sealed when they are
/// next saved, tokens also when they are next loaded. So whoever can write to the database can put tokens of their own into
/// it in clear, until [`strict`](Self::strict) refuses them. In the same way a token that is sealed with an older key is
/// sealed with the first one when it is loaded, once: not while it is being refreshed, for that would lock out
/// whoever is about to save its new refresh token.
///
/// What it does not hide is that there is a row, how long it is and when it changed; and an old row that somebody puts back
/// opens again.
pub struct Encrypted<S: ?Sized> {
    store: Arc<S>,
    keys: SealingKeys,
    strict: bool,
}

impl<S> Encrypted<S> {
    /// Encrypts what goes into that store.
    pub fn new(store: S, keys: SealingKeys) -> Self {
        Self { store: Arc::new(store), keys, strict: false }
    }

    /// Refuses rows in clear: for a new database, or for one in which nothing is in clear any more.
    #[must_use]
    pub fn strict(self) -> Self {
        Self { strict: true, ..self }
    }
}

impl<S: ?Sized> Encrypted<S> {
    fn open(&self, what: &str, place: &Place<'_>, sealed: Option<&str>) -> Result<Option<Opened>, Error> {
        let refused =
            |why: &dyn fmt::Display| Error::new(ErrorKind::Store, format!("the stored {what} cannot be read: {why}"));
        match sealed {
            Some(text) => self.keys.open(place, text).map(Some).map_err(|closed: Closed| refused(&closed)),
            None if self.strict => Err(refused(&"it is in clear, and this store takes only what is encrypted")),
            None => Ok(None),
        }
    }

    fn opened_login(&self, key: &StateKey, login: PendingLogin) -> Result<PendingLogin, Error> {
        let parts: [&[u8]; 2] = [key.as_bytes(), login.binding().as_bytes()];
        let place = Place { purpose: "login", parts: &parts };
        match self.open("login", &place, login.sealed())? {
            Some(opened) => login.with_content_of(&opened.plain),
            None => Ok(login),
        }
    }

    fn sealed_token(&self, key: &TokenKey, token: &Token) -> Result<Token, Error> {
        // Of somebody else's sealed text nothing would be known here.
        token.readable()?;
        let text = self.keys.seal(&place_of(&parts_of(key)), token.expose_json().as_bytes())?;
        Ok(Token::of_sealed(text.into_boxed_str()))
    }
}

fn parts_of(key: &TokenKey) -> [&[u8]; 3] {
    [key.provider.as_bytes(), key.user.as_bytes(), key.connection.as_bytes()]
}

const fn place_of<'a>(parts: &'a [&'a [u8]; 3]) -> Place<'a> {
    Place { purpose: "token", parts }
}

impl<S: ?Sized> Clone for Encrypted<S> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store), keys: self.keys.clone(), strict: self.strict }
    }
}

impl<S: ?Sized> fmt::Debug for Encrypted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted").field("keys", &self.keys).field("strict", &self.strict).finish_non_exhaustive()
    }
}

#[async_trait]
impl<S: StateStore + ?Sized> StateStore for Encrypted<S> {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        login.login()?;
        let parts: [&[u8]; 2] = [key.as_bytes(), login.binding().as_bytes()];
        let place = Place { purpose: "login", parts: &parts };
        let text = self.keys.seal(&place, &zeroize::Zeroizing::new(login.to_bytes()))?;
        self.store.put(key, login.with_sealed(text)).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        Ok(match self.store.take(key, binding).await? {
            Taken::Login(login) => Taken::Login(self.opened_login(key, login)?),
            Taken::Kept(login) => Taken::Kept(self.opened_login(key, login)?),
            Taken::Absent => Taken::Absent,
        })
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        let store = Arc::clone(&self.store).token_store()?;
        Some(Arc::new(Encrypted { store, keys: self.keys.clone(), strict: self.strict }))
    }
}

#[async_trait]
impl<S: TokenStore + ?Sized> TokenStore for Encrypted<S> {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let Some(stored) = self.store.load(key).await? else { return Ok(None) };
        let (token, current) = match self.open("token", &place_of(&parts_of(key)), stored.token.sealed())? {
            Some(opened) => {
                let text = std::str::from_utf8(&opened.plain).map_err(|_| Error::damaged("token"))?;
                (Token::from_json(text)?, opened.current)
            }
            None => (stored.token.clone(), false),
        };
        let stored = StoredToken { token, ..stored };
        // A new version would shut out whoever is about to save what a refresh brought.
        if current || matches!(stored.token.refreshing(), RefreshStage::Tried { .. }) {
            return Ok(Some(stored));
        }
        // The store will take it for saved by this machine, so its times must be those of this machine.
        let ours = stored.clone().by_our_clock().token;
        let sealed = self.sealed_token(key, &ours)?;
        Ok(Some(match self.store.save(key, &sealed, Expect::Version(stored.version)).await {
            Ok(Some(version)) => StoredToken::new(ours, version),
            // Somebody was faster, or the store does not write now: what was read is as good as it was.
            Ok(None) | Err(_) => stored,
        }))
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        self.store.save(key, &self.sealed_token(key, token)?, expect).await
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.store.delete(key).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.store.connections(provider, user).await
    }
}
