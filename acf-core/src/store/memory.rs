use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasherDefault, Hasher},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::SystemTime,
};

use async_trait::async_trait;

use super::{Binding, Expect, PendingLogin, StateKey, StateStore, StoredToken, Taken, TokenKey, TokenStore, Version};
use crate::{authorization::unix, error::Error, lock::lock, token::Token};

/// Keeps pending logins and tokens in this process, until it ends.
///
/// Logins expire, and their number is bounded: when it is full, the oldest login gives way, so that a flood of beginnings
/// costs memory to a limit and no more. Tokens are not bounded. Clones share their contents.
///
/// ```
/// let store = acf_core::MemoryStore::with_capacity(10_000);
/// # let _ = store;
/// ```
#[derive(Clone, Debug)]
pub struct MemoryStore {
    logins: Arc<Mutex<Logins>>,
    tokens: Arc<Mutex<Tokens>>,
}

/// By provider and user, and then by connection, of which a user has a few. Not in order: the way to one of a million would be
/// several times as long.
type Tokens = HashMap<String, HashMap<String, Vec<(String, StoredToken)>>>;

impl MemoryStore {
    /// At most 100,000 pending logins, which is about 40 MB.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// A store of the default capacity.
    pub fn new() -> Self {
        Self::with_capacity(Self::DEFAULT_CAPACITY)
    }

    /// A store of at most `capacity` pending logins, at least one.
    pub fn with_capacity(capacity: usize) -> Self {
        let logins = Logins { capacity: capacity.max(1), by_key: HashMap::default(), by_age: VecDeque::new() };
        Self { logins: Arc::new(Mutex::new(logins)), tokens: Arc::default() }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Debug)]
struct Logins {
    capacity: usize,
    by_key: HashMap<StateKey, PendingLogin, BuildHasherDefault<Tail>>,
    /// Oldest first; keys that were taken stay until they reach the front or are swept.
    by_age: VecDeque<(u64, StateKey)>,
}

/// Keys end with a digest of random text already: its bytes are as good as any hash.
#[derive(Default)]
struct Tail(u64);

impl Hasher for Tail {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(tail) = bytes.last_chunk() {
            self.0 = u64::from_le_bytes(*tail);
        }
    }

    // An array is hashed as its length and its bytes; the length is always the same.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Logins {
    fn put(&mut self, key: StateKey, login: PendingLogin) {
        let now = unix(SystemTime::now());
        while let Some((expires_at, oldest)) = self.by_age.front() {
            let full = self.by_key.len() >= self.capacity;
            if *expires_at > now && !full {
                break;
            }
            self.by_key.remove(oldest);
            self.by_age.pop_front();
        }
        // Without this, logins that are begun and finished quickly would leave a long trail of keys behind.
        if self.by_age.len() > 2 * self.by_key.len() + 1024 {
            self.by_age.retain(|(_, key)| self.by_key.contains_key(key));
        }
        self.by_age.push_back((login.expires_at(), key));
        self.by_key.insert(key, login);
    }

    fn take(&mut self, key: &StateKey, binding: &Binding) -> Taken {
        match self.by_key.remove_entry(key) {
            None => Taken::Absent,
            Some((_, login)) if login.binding() == binding => Taken::Login(login),
            Some((key, login)) => {
                self.by_key.insert(key, login.clone());
                Taken::Kept(login)
            }
        }
    }
}

#[async_trait]
impl StateStore for MemoryStore {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        lock(&self.logins).put(key, login);
        Ok(())
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        Ok(lock(&self.logins).take(key, binding))
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait]
impl TokenStore for MemoryStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let tokens = lock(&self.tokens);
        let theirs = tokens.get(&key.provider).and_then(|users| users.get(&key.user));
        let stored = theirs.and_then(|theirs| theirs.iter().find(|(connection, _)| *connection == key.connection));
        Ok(stored.map(|(_, stored)| stored.clone()))
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        // Unique in this process, which is as far as this store reaches.
        static LAST: AtomicI64 = AtomicI64::new(0);
        let stored = StoredToken::new(token.clone(), Version(LAST.fetch_add(1, Ordering::Relaxed)));
        let version = stored.version;
        let mut tokens = lock(&self.tokens);
        let theirs = tokens.get_mut(&key.provider).and_then(|users| users.get_mut(&key.user));
        let there = theirs.and_then(|theirs| theirs.iter_mut().find(|(connection, _)| *connection == key.connection));
        match (there, expect) {
            (None, Expect::Version(_)) => return Ok(None),
            (Some((_, there)), Expect::Version(expected)) if there.version != expected => return Ok(None),
            (Some((_, there)), _) => *there = stored,
            (None, Expect::Anything) => {
                let users = tokens.entry(key.provider.clone()).or_default();
                users.entry(key.user.clone()).or_default().push((key.connection.clone(), stored));
            }
        }
        Ok(Some(version))
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        let mut tokens = lock(&self.tokens);
        let Some(users) = tokens.get_mut(&key.provider) else { return Ok(false) };
        let Some(theirs) = users.get_mut(&key.user) else { return Ok(false) };
        let before = theirs.len();
        theirs.retain(|(connection, _)| *connection != key.connection);
        let deleted = theirs.len() < before;
        if theirs.is_empty() {
            users.remove(&key.user);
        }
        Ok(deleted)
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        let tokens = lock(&self.tokens);
        let theirs = tokens.get(provider).and_then(|users| users.get(user)).into_iter().flatten();
        Ok(theirs.map(|(connection, _)| connection.clone()).collect())
    }
}
