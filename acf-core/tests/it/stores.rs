//! What every store promises, on every store.

use std::sync::Arc;

use acf_core::{
    Error, MemoryStore, StateStore, Token, TokenStore,
    store::{Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version},
};

/// A store behind one type, so that a test runs over all of them.
#[derive(Clone)]
pub enum Store {
    Memory(MemoryStore),
    #[cfg(feature = "sqlite")]
    Sqlite(acf_core::SqliteStore),
}

macro_rules! each {
    ($self:expr, $store:ident => $call:expr) => {
        match $self {
            Store::Memory($store) => $call,
            #[cfg(feature = "sqlite")]
            Store::Sqlite($store) => $call,
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
}

/// Every store that this build has, empty.
pub async fn all() -> Vec<(&'static str, Store)> {
    vec![
        ("memory", Store::Memory(MemoryStore::new())),
        #[cfg(feature = "sqlite")]
        ("sqlite", Store::Sqlite(sqlite::fresh().await)),
    ]
}

#[tokio::test]
async fn a_save_replaces_only_what_it_expects() {
    for (name, store) in all().await {
        let key = TokenKey::new("p", "u");
        let token = |text: &str| {
            Token::from_json(&format!(
                r#"{{"v":1,"access_token":"{text}","token_type":"Bearer","scope":["a"],"extra":{{"x":[1]}}}}"#
            ))
            .unwrap()
        };
        assert!(store.load(&key).await.unwrap().is_none(), "{name}");
        let first = store.save(&key, &token("one"), Expect::Anything).await.unwrap().unwrap();
        let second = store.save(&key, &token("two"), Expect::Version(first)).await.unwrap().unwrap();
        assert_eq!(store.save(&key, &token("late"), Expect::Version(first)).await.unwrap(), None, "{name}");
        let stored = store.load(&key).await.unwrap().unwrap();
        assert_eq!((stored.token, stored.version), (token("two"), second), "{name}");

        assert!(store.delete(&key).await.unwrap() && !store.delete(&key).await.unwrap(), "{name}");
        assert_eq!(store.save(&key, &token("late"), Expect::Version(second)).await.unwrap(), None, "{name}: deleted");
        store.save(&key, &token("new"), Expect::Anything).await.unwrap();
        assert_eq!(
            store.save(&key, &token("late"), Expect::Version(second)).await.unwrap(),
            None,
            "{name}: stored anew"
        );
        assert!(store.load(&TokenKey::new("p", "U")).await.unwrap().is_none(), "{name}: keys are exact");
    }
}

#[tokio::test]
async fn a_full_memory_store_drops_the_oldest_login() {
    let server = crate::support::Server::issuing(crate::support::TOKEN).await;
    let flow = acf_core::Flow::builder(server.provider().build().unwrap())
        .state_store(MemoryStore::with_capacity(2))
        .build()
        .unwrap();
    let mut callbacks = Vec::new();
    for _ in 0..3 {
        callbacks.push(format!("code=c&state={}", flow.begin("u").await.unwrap().state.as_str()));
    }
    let oldest = flow.finish("u", &callbacks[0]).await;
    assert_eq!(oldest.unwrap_err().kind(), acf_core::ErrorKind::StateUnknown);
    for callback in &callbacks[1..] {
        flow.finish("u", callback).await.unwrap();
    }
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use std::path::PathBuf;

    use acf_core::{ErrorKind, Flow, SqliteStore};

    use crate::support::{Server, TOKEN};

    /// A path that no other test uses.
    fn path() -> PathBuf {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("acf-{}-{}.db", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{end}", path.display())));
        }
        path
    }

    pub(super) async fn fresh() -> SqliteStore {
        SqliteStore::open(path()).await.unwrap()
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
}
