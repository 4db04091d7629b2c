//! Where pending logins and tokens are kept.
//!
//! [`MemoryStore`] serves one process and forgets at its end; [`SqliteStore`] (feature `sqlite`) survives restarts and is
//! shared by the processes of one machine; [`PostgresStore`] (feature `postgres`) and [`RedisStore`] (feature `redis`) are
//! shared by many machines. Each is a store for both. `Encrypted` (feature `encrypted`) wraps any of them, and what it keeps
//! is of no use without its keys. One's own store is two methods ([`StateStore`]) or four ([`TokenStore`]), and
//! [`check_state_store`] and [`check_token_store`] try it out.

mod check;
#[cfg(feature = "encrypted")]
mod encrypted;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod home;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod tally;

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;

#[cfg(feature = "encrypted")]
pub use self::encrypted::Encrypted;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "redis")]
pub use self::redis::{RedisBuilder, RedisStore};
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;
pub use self::{
    check::{check_state_store, check_token_store},
    memory::MemoryStore,
};
pub use crate::authorization::{Binding, PendingLogin, StateKey};
use crate::{
    error::{Error, ErrorKind},
    token::Token,
};

/// Keeps logins between their beginning and their callback.
///
/// The one promise everything rests on: of all calls to [`take`](Self::take) for one key and its binding, over all tasks
/// and processes, exactly one gets the login.
///
/// ```
/// # use acf_core::{store::{Binding, PendingLogin, StateKey, Taken}, Error, StateStore};
/// # use std::{collections::HashMap, sync::Mutex};
/// /// The smallest correct store.
/// #[derive(Default)]
/// struct Shelf(Mutex<HashMap<StateKey, PendingLogin>>);
///
/// #[async_trait::async_trait]
/// impl StateStore for Shelf {
///     async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
///         self.0.lock().map_err(|_| Error::store("poisoned"))?.insert(key, login);
///         Ok(())
///     }
///
///     async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
///         let mut shelf = self.0.lock().map_err(|_| Error::store("poisoned"))?;
///         Ok(match shelf.get(key) {
///             None => Taken::Absent,
///             Some(login) if login.binding() != binding => Taken::Kept(login.clone()),
///             Some(_) => shelf.remove(key).map_or(Taken::Absent, Taken::Login),
///         })
///     }
/// }
/// ```
#[async_trait]
pub trait StateStore: Send + Sync + 'static {
    /// Keeps a login under its key, until [`expires_at`](PendingLogin::expires_at) at the least. Anybody can begin logins, so
    /// bound their number; where there are too many, those that end first give way.
    ///
    /// # Errors
    /// [`Error::store`].
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error>;

    /// Takes the login out, in one atomic step, if its binding is this one; otherwise leaves it where it is.
    ///
    /// # Errors
    /// [`Error::store`]. Then the login must be left in place or gone, never handed out later.
    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error>;

    /// This store as a [`TokenStore`], if it is one too: a flow without a token store of its own uses it.
    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        None
    }
}

/// The outcome of [`StateStore::take`].
#[derive(Clone, Debug)]
pub enum Taken {
    /// The login; it is out of the store, and nobody else gets it.
    Login(PendingLogin),
    /// Somebody else's login. It is still in the store.
    Kept(PendingLogin),
    /// There is none.
    Absent,
}

/// Keeps tokens, one per provider, user and connection.
///
/// The stored row is also what makes one process refresh at a time, by [`save`](Self::save) with [`Expect::Version`]: it must
/// be one atomic step over all processes that share the store.
#[async_trait]
pub trait TokenStore: Send + Sync + 'static {
    /// The stored token.
    ///
    /// # Errors
    /// [`Error::store`].
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error>;

    /// Stores a token and returns its version, which no earlier or later save of this key shares. With
    /// [`Expect::Version`], stores only if that version is still there and returns `None` otherwise.
    ///
    /// # Errors
    /// [`Error::store`]. Then what was stored before is still there; or, where the answer of a server was lost, perhaps the
    /// new token.
    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error>;

    /// Forgets the token; whether there was one.
    ///
    /// # Errors
    /// [`Error::store`].
    async fn delete(&self, key: &TokenKey) -> Result<bool, Error>;

    /// The names of all connections that the user has a token of at that provider, in any order.
    ///
    /// # Errors
    /// [`Error::store`].
    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error>;
}

/// For programs that choose their store when they run: `Arc<dyn StateStore>`.
#[async_trait]
impl<S: StateStore + ?Sized> StateStore for Arc<S> {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        self.as_ref().put(key, login).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        self.as_ref().take(key, binding).await
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Arc::clone(&*self).token_store()
    }
}

#[async_trait]
impl<S: TokenStore + ?Sized> TokenStore for Arc<S> {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        self.as_ref().load(key).await
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        self.as_ref().save(key, token, expect).await
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.as_ref().delete(key).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.as_ref().connections(provider, user).await
    }
}

/// Whose token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct TokenKey {
    /// The provider's identifier.
    pub provider: String,
    /// The user, as given to [`Flow::begin`](crate::Flow::begin).
    pub user: String,
    /// Which of the user's accounts there, as given to [`Begin::connection`](crate::Begin::connection); empty for the only
    /// one.
    pub connection: String,
}

impl TokenKey {
    /// The key for this provider and user.
    pub fn new(provider: impl Into<String>, user: impl Into<String>) -> Self {
        Self { provider: provider.into(), user: user.into(), connection: String::new() }
    }

    /// The key of another of the user's accounts there.
    #[must_use]
    pub fn connection(self, name: impl Into<String>) -> Self {
        Self { connection: name.into(), ..self }
    }
}

/// A token as it is stored.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// For a later [`Expect::Version`].
    pub version: Version,
    /// When it was saved, where the store has a clock of its own.
    pub(crate) saved: Option<Saved>,
}

/// When a token was saved: the clocks of several machines differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Saved {
    /// How long ago, by the store's clock.
    pub(crate) ago: Duration,
    /// When, by the clock of the machine that saved it.
    pub(crate) at: SystemTime,
}

impl StoredToken {
    /// For a store: what it read.
    pub const fn new(token: Token, version: Version) -> Self {
        Self { token, version, saved: None }
    }

    /// For a store on a server, which has a clock of its own: how long ago the token was saved by that clock, and when by the
    /// clock of the machine that saved it, which the store kept beside it. With both, the token's times are
    /// understood on machines whose clocks differ.
    #[must_use]
    pub fn saved_ago(self, ago: Duration, at: SystemTime) -> Self {
        Self { saved: Some(Saved { ago, at }), ..self }
    }

    /// With its times by the clock of this machine.
    pub(crate) fn by_our_clock(self) -> Self {
        /// Less than this may as well be the way to the store and back.
        const NOTICED: Duration = Duration::from_secs(3);
        let Some(Saved { ago, at }) = self.saved else { return self };
        let Some(ours) = SystemTime::now().checked_sub(ago) else { return self };
        let token = match ours.duration_since(at) {
            Ok(ahead) if ahead >= NOTICED => self.token.shifted(|time| time.checked_add(ahead)),
            Err(behind) if behind.duration() >= NOTICED => {
                self.token.shifted(|time| time.checked_sub(behind.duration()))
            }
            _ => return self,
        };
        Self { token, ..self }
    }
}

/// Tells one save from every other, so that a token that was deleted and stored anew is not mistaken for the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(pub i64);

impl Version {
    /// A new version for a store that processes share: drawn at random.
    ///
    /// # Errors
    /// [`ErrorKind::Random`] if the operating system gives no random bytes.
    pub fn draw() -> Result<Self, Error> {
        getrandom::u64().map(|random| Self(i64::from_le_bytes(random.to_le_bytes()))).map_err(Error::random)
    }
}

/// What must be stored for a save to take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Anything or nothing: a new login replaces whatever was there.
    Anything,
    /// This version: a refresh replaces only the token it refreshed.
    Version(Version),
}

impl Error {
    /// An error of a store, with its cause, for one's own [`StateStore`] or [`TokenStore`].
    pub fn store(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Store, "the store failed").with_source(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Machine A has saved a token that is good for an hour, half an hour ago by the store's clock; machine B reads it.
    #[test]
    fn a_token_lasts_as_long_on_machines_whose_clocks_differ() {
        let (now, minute) = (SystemTime::now(), Duration::from_secs(60));
        let b_is_ahead = |minutes: u32| (now - 30 * minute).checked_sub(minutes * minute).unwrap();
        let b_is_behind = |minutes: u32| now - 30 * minute + minutes * minute;
        for (saved_at, what) in [
            (b_is_ahead(0), "the same"),
            (b_is_ahead(5), "five minutes ahead"),
            (b_is_behind(5), "five minutes behind"),
            (b_is_behind(60 * 24), "a day behind"),
            (SystemTime::UNIX_EPOCH, "one of them has no clock"),
        ] {
            let end = saved_at + 60 * minute;
            let text = |end| format!(r#"{{"v":1,"access_token":"a","token_type":"b","expires_at":{end},"scope":[]}}"#);
            let token = Token::from_json(&text(crate::authorization::unix(end))).unwrap();
            let stored = StoredToken::new(token.clone(), Version(1)).saved_ago(30 * minute, saved_at).by_our_clock();
            let left = stored.token.expires_at().unwrap().duration_since(now).unwrap();
            assert!(left.abs_diff(30 * minute) < Duration::from_secs(3), "{what}: {left:?}");
            // What is not known to differ is left as it is, to the second.
            let same = StoredToken::new(token.clone(), Version(1)).by_our_clock();
            assert_eq!(same.token, token);
        }
    }
}
