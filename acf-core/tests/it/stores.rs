//! What every store promises, on every store.

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

/// A store behind one type, so that a test runs over all of them.
#[derive(Clone)]
pub enum Store {
    Memory(MemoryStore),
    #[cfg(feature = "sqlite")]
    Sqlite(acf_core::SqliteStore),
    #[cfg(feature = "encrypted")]
    Encrypted(acf_core::Encrypted<MemoryStore>),
}

macro_rules! each {
    ($self:expr, $store:ident => $call:expr) => {
        match $self {
            Store::Memory($store) => $call,
            #[cfg(feature = "sqlite")]
            Store::Sqlite($store) => $call,
            #[cfg(feature = "encrypted")]
            Store::Encrypted($store) => $call,
        }
    };
}

#[async_trait::async_trait]
impl StateStore for Store {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        each!(self, store => store.put(key, login).await)
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        each!(self, store => store.take(key, binding).await)
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl TokenStore for Store {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        each!(self, store => store.load(key).await)
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        each!(self, store => store.save(key, token, expect).await)
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        each!(self, store => store.delete(key).await)
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        each!(self, store => store.connections(provider, user).await)
    }
}

/// Every store that this build has, empty.
pub async fn all() -> Vec<(&'static str, Store)> {
    with_capacity(MemoryStore::DEFAULT_CAPACITY).await
}

/// Every store, with room for so many logins.
async fn with_capacity(capacity: usize) -> Vec<(&'static str, Store)> {
    vec![
        ("memory", Store::Memory(MemoryStore::with_capacity(capacity))),
        #[cfg(feature = "sqlite")]
        ("sqlite", Store::Sqlite(acf_core::SqliteStore::open_with_capacity(sqlite::path(), capacity).await.unwrap())),
        #[cfg(feature = "encrypted")]
        ("encrypted", Store::Encrypted(encrypted::over(MemoryStore::with_capacity(capacity)))),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_store_keeps_what_is_asked_of_it() {
    for (name, store) in all().await {
        check_state_store(store.clone()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        check_token_store(store).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// Whoever begins logins without end costs others theirs, at worst, and never the machine its memory or its disk.
#[tokio::test]
async fn a_full_store_drops_the_login_that_ends_first() {
    for (name, store) in with_capacity(2).await {
        let naming = Naming::default();
        let mut begun = Vec::new();
        for minutes in 1..=4 {
            let flow = Flow::builder(Naming::provider("forge").build().unwrap())
                .state_store(store.clone())
                .http_client(naming.clone())
                .login_lifetime(Duration::from_secs(60 * minutes))
                .build()
                .unwrap();
            let request = flow.begin("u").await.unwrap();
            begun.push((flow, format!("code=c&state={}", request.state.as_str())));
        }
        let mut finished = Vec::new();
        for (flow, callback) in &begun {
            finished.push(flow.finish("u", callback).await.map(drop).map_err(|error| error.kind()));
        }
        let gone = Err(ErrorKind::StateUnknown);
        assert_eq!(finished, [gone, gone, Ok(()), Ok(())], "{name}");
        assert_eq!(naming.calls(), 2, "{name}");
    }
}

/// Each login is finished by two threads at once, and succeeds for one of them.
#[tokio::test]
async fn sixty_four_threads_at_once() {
    const THREADS: usize = 64;
    for (name, store) in all().await {
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
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use std::{path::PathBuf, time::Duration};

    use acf_core::{ErrorKind, Flow, SqliteStore};

    use crate::support::{Naming, Server, TOKEN};

    /// A path that no other test uses.
    pub(super) fn path() -> PathBuf {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("acf-{}-{}.db", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{end}", path.display())));
        }
        path
    }

    #[tokio::test]
    async fn a_login_and_a_token_survive_the_store() {
        let (path, server) = (path(), Server::issuing(TOKEN).await);
        let open = async || {
            let store = SqliteStore::open(&path).await.unwrap();
            Flow::builder(server.provider().build().unwrap()).state_store(store).build().unwrap()
        };
        let request = open().await.begin("u").await.unwrap();
        open().await.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
        assert_eq!(open().await.session("u").await.unwrap().token().await.unwrap().access_token().expose(), "access-1");
    }

    #[tokio::test]
    async fn the_file_is_private_and_holds_no_state() {
        let (path, server) = (path(), Server::issuing(TOKEN).await);
        let store = SqliteStore::open(&path).await.unwrap();
        let flow = Flow::builder(server.provider().build().unwrap()).state_store(store).build().unwrap();
        let request = flow.begin("u").await.unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(std::fs::read(format!("{}-wal", path.display())).unwrap());
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("forge") && !text.contains(request.state.as_str()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_refused_and_left_alone() {
        let path = path();
        std::fs::write(
            &path,
            "not a database, but long enough to be looked at by SQLite, which reads 100 bytes. ".repeat(3),
        )
        .unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = SqliteStore::open(&path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Store);
        assert_eq!(std::fs::read(&path).unwrap(), before);
        let nowhere = SqliteStore::open("/nonexistent/acf.db").await.unwrap_err();
        assert_eq!(nowhere.kind(), ErrorKind::Store);
    }

    /// Logins that nobody finishes: those that ended are removed as fast as others begin, and the rest is bounded.
    #[tokio::test]
    async fn a_flood_of_logins_does_not_grow_the_file() {
        for (capacity, lifetime, left) in [(SqliteStore::DEFAULT_CAPACITY, 0, 1..=1_000), (100, 600, 90..=100)] {
            let path = path();
            let store = SqliteStore::open_with_capacity(&path, capacity).await.unwrap();
            let flow = Flow::builder(Naming::provider("forge").build().unwrap())
                .state_store(store)
                .http_client(Naming::default())
                .login_lifetime(Duration::from_secs(lifetime))
                .build()
                .unwrap();
            for _ in 0..2_500 {
                drop(flow.begin("u").await.unwrap());
            }
            // What has to give way does so before anything else is answered.
            assert_eq!(flow.finish("u", "code=c&state=s").await.unwrap_err().kind(), ErrorKind::StateUnknown);
            let file = rusqlite::Connection::open(&path).unwrap();
            let rows: i64 = file.query_row("SELECT count(*) FROM acf_pending_login", [], |row| row.get(0)).unwrap();
            assert!(left.contains(&rows), "{rows} for a capacity of {capacity}");
        }
    }
}
