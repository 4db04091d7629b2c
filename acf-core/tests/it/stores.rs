//! What every store promises, on every store.

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{
    sync::{Arc, Barrier, Mutex},
    time::Duration,
};

use acf_core::{
    Error, ErrorKind, Flow, MemoryStore, StateStore, Token, TokenStore,
    store::{
        Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version, check_state_store,
        check_token_store,
    },
};

#[cfg(feature = "encrypted")]
use crate::encrypted;
use crate::support::Naming;

#[cfg(feature = "redis")]
mod redis;

/// A store behind one type, so that a test runs over all of them.
#[derive(Clone)]
pub struct Store {
    states: Arc<dyn StateStore>,
    tokens: Arc<dyn TokenStore>,
    /// What goes with the last of the tests that use it.
    #[cfg(feature = "postgres")]
    schema: Option<Arc<postgres::Schema>>,
}

impl Store {
    pub fn of(store: impl StateStore) -> Self {
        let states: Arc<dyn StateStore> = Arc::new(store);
        let tokens = Arc::clone(&states).token_store().unwrap();
        Self {
            states,
            tokens,
            #[cfg(feature = "postgres")]
            schema: None,
        }
    }
}

#[async_trait::async_trait]
impl StateStore for Store {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        self.states.put(key, login).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        self.states.take(key, binding).await
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl TokenStore for Store {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        self.tokens.load(key).await
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        self.tokens.save(key, token, expect).await
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.tokens.delete(key).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.tokens.connections(provider, user).await
    }
}

/// Every store of this build that needs nothing else, empty.
pub async fn all() -> Vec<(&'static str, Store)> {
    with_capacity(MemoryStore::DEFAULT_CAPACITY).await
}

/// Every store, with room for so many logins.
async fn with_capacity(capacity: usize) -> Vec<(&'static str, Store)> {
    vec![
        ("memory", Store::of(MemoryStore::with_capacity(capacity))),
        #[cfg(feature = "sqlite")]
        ("sqlite", Store::of(acf_core::SqliteStore::open_with_capacity(sqlite::path(), capacity).await.unwrap())),
        #[cfg(feature = "encrypted")]
        ("encrypted", Store::of(encrypted::over(MemoryStore::with_capacity(capacity)))),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_store_keeps_what_is_asked_of_it() {
    for (name, store) in all().await {
        checked(name, store).await;
    }
}

async fn checked(name: &str, store: Store) {
    check_state_store(store.clone()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    check_token_store(store).await.unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// Whoever begins logins without end costs others theirs, at worst, and never the machine its memory or its disk.
#[tokio::test]
async fn a_full_store_drops_the_login_that_ends_first() {
    for (name, store) in with_capacity(FULL).await {
        full(name, store).await;
    }
}

/// How many logins the store that is [`full`] has room for.
const FULL: usize = 2;

async fn full(name: &str, store: Store) {
    let naming = Naming::default();
    let mut begun = Vec::new();
    for minutes in 1..=4 {
        let flow = naming_flow(&naming, store.clone(), 60 * minutes);
        let request = flow.begin("u").await.unwrap();
        begun.push((flow, format!("code=c&state={}", request.state.as_str())));
    }
    #[cfg(feature = "postgres")]
    if let Some(schema) = &store.schema {
        schema.has_logins(&(2..=2)).await;
    }
    let mut finished = Vec::new();
    for (flow, callback) in &begun {
        finished.push(flow.finish("u", callback).await.map(drop).map_err(|error| error.kind()));
    }
    let gone = Err(ErrorKind::StateUnknown);
    assert_eq!(finished, [gone, gone, Ok(()), Ok(())], "{name}");
    assert_eq!(naming.calls(), 2, "{name}");
}

/// A flow whose logins live for that many seconds.
fn naming_flow(naming: &Naming, store: impl StateStore, lifetime: u64) -> Flow {
    Flow::builder(Naming::provider("forge").build().unwrap())
        .state_store(store)
        .http_client(naming.clone())
        .login_lifetime(Duration::from_secs(lifetime))
        .build()
        .unwrap()
}

#[cfg(any(feature = "sqlite", feature = "redis"))]
fn token() -> Token {
    Token::from_json(r#"{"v":1,"access_token":"a","token_type":"Bearer","scope":[]}"#).unwrap()
}

/// Capacity, lifetime in seconds, and how many logins a [`flood`] leaves: those that ended are removed as fast as others
/// begin, and the rest is bounded.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
const FLOODS: [(usize, u64, std::ops::RangeInclusive<i64>); 2] = [(1_000_000, 0, 1..=1_000), (100, 600, 90..=100)];

/// Logins that nobody finishes.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
async fn flood(store: impl StateStore, lifetime: u64) {
    let flow = naming_flow(&Naming::default(), store, lifetime);
    for _ in 0..2_500 {
        drop(flow.begin("u").await.unwrap());
    }
    // What has to give way does so before anything else is answered, or beside it.
    assert_eq!(flow.finish("u", "code=c&state=s").await.unwrap_err().kind(), ErrorKind::StateUnknown);
}

/// Each login is finished by two threads at once, and succeeds for one of them.
#[tokio::test]
async fn sixty_four_threads_at_once() {
    for (name, store) in all().await {
        at_once(name, store).await;
    }
}

async fn at_once(name: &str, store: Store) {
    const THREADS: usize = 64;
    let each = if name == "memory" { 50 } else { 5 };
    let naming = Naming::default();
    let builder = Flow::builder(Naming::provider("forge").build().unwrap());
    let flow = builder.state_store(store).http_client(naming.clone()).build().unwrap();
    let begun: Arc<Vec<Mutex<Vec<String>>>> = Arc::new((0..THREADS).map(|_| Mutex::default()).collect());
    let barrier = Arc::new(Barrier::new(THREADS));
    let thread = |own: usize| {
        let (flow, begun, barrier) = (flow.clone(), Arc::clone(&begun), Arc::clone(&barrier));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            runtime.block_on(async {
                for _ in 0..each {
                    let request = flow.begin(&own.to_string()).await.unwrap();
                    begun[own].lock().unwrap().push(format!("code={own}.&state={}", request.state.as_str()));
                }
                barrier.wait();
                let mut succeeded = 0;
                for user in [own, (own + 1) % THREADS] {
                    let callbacks = begun[user].lock().unwrap().clone();
                    for callback in callbacks {
                        match flow.finish(&user.to_string(), &callback).await {
                            Ok(token) => {
                                assert_eq!(token.access_token().expose(), format!("access.{user}."));
                                succeeded += 1;
                            }
                            Err(error) => assert_eq!(error.kind(), ErrorKind::StateUnknown),
                        }
                    }
                }
                succeeded
            })
        })
    };
    let threads: Vec<_> = (0..THREADS).map(thread).collect();
    let succeeded: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!((succeeded, naming.calls()), (THREADS * each, THREADS * each), "{name}");
}
