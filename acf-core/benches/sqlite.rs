//! Pending logins put and taken per second in SQLite, at 1 and 64 at once: the store of this crate, and the usual way,
//! a connection behind a mutex with each call on a blocking thread.
//!
//! `cargo bench -p acf-core --features sqlite --bench sqlite [-- PAIRS ROUNDS]`. Read the ratio; both run in turn.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, reason = "a bench")]

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Instant,
};

use acf_core::{
    ClientAuth, Custom, Error, Flow, SqliteStore, StateStore,
    store::{Binding, PendingLogin, StateKey, Taken},
};
use rusqlite::{Connection, OptionalExtension, params};

type Logins = Vec<(StateKey, PendingLogin)>;

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let pairs: usize = numbers.next().unwrap_or(100_000);
    let rounds = numbers.next().unwrap_or(3);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let logins = Arc::new(runtime.block_on(logins(pairs)));
    for at_once in [1, 64] {
        // One at a time is slow; a tenth is enough.
        let pairs = if at_once == 1 { pairs / 10 } else { pairs };
        let (mut ours, mut usual) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let store = runtime.block_on(SqliteStore::open(fresh("acf"))).unwrap();
            ours.push(runtime.block_on(run(Arc::new(store), &logins, pairs, at_once)));
            let store = MutexStore::open(&fresh("mutex"));
            usual.push(runtime.block_on(run(Arc::new(store), &logins, pairs / 4, at_once)));
        }
        let (ours, usual) = (median(ours), median(usual));
        println!(
            "{at_once:>3} at once: SqliteStore {ours:>9.0} pairs/s, mutex and blocking threads {usual:>9.0} pairs/s, ratio {:.1}",
            ours / usual
        );
    }
}

fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    *runs.get(runs.len() / 2).unwrap()
}

fn fresh(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{name}.db"));
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", path.display())));
    }
    path
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
async fn run(store: Arc<impl StateStore>, logins: &Arc<Logins>, pairs: usize, at_once: usize) -> f64 {
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for lane in 0..at_once {
        let (store, logins) = (Arc::clone(&store), Arc::clone(logins));
        tasks.spawn(async move {
            for (key, login) in logins.iter().take(pairs).skip(lane).step_by(at_once) {
                store.put(*key, login.clone()).await.unwrap();
                let taken = store.take(key, login.binding()).await.unwrap();
                assert!(matches!(taken, Taken::Login(_)));
            }
        });
    }
    tasks.join_all().await;
    pairs as f64 / began.elapsed().as_secs_f64()
}

/// Real logins, as a flow makes them.
async fn logins(count: usize) -> Logins {
    #[derive(Clone, Default)]
    struct Keep(Arc<Mutex<Logins>>);

    #[async_trait::async_trait]
    impl StateStore for Keep {
        async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
            self.0.lock().unwrap().push((key, login));
            Ok(())
        }

        async fn take(&self, _: &StateKey, _: &Binding) -> Result<Taken, Error> {
            Ok(Taken::Absent)
        }
    }

    let keep = Keep::default();
    let provider = Custom::builder("forge")
        .authorization_endpoint("https://forge.example/oauth/authorize")
        .token_endpoint("https://forge.example/oauth/token")
        .scope(["read", "write"])
        .client_auth(ClientAuth::None)
        .client_id("client-id-0123456789")
        .redirect_uri("https://app.example/oauth/callback");
    let flow = Flow::builder(provider.build().unwrap()).state_store(keep.clone()).build().unwrap();
    for _ in 0..count {
        drop(flow.begin("user-42").await.unwrap());
    }
    std::mem::take(&mut *keep.0.lock().unwrap())
}

/// What one writes first: correct, and several times slower.
struct MutexStore(Arc<Mutex<Connection>>);

impl MutexStore {
    fn open(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "synchronous", "NORMAL").unwrap();
        connection
            .execute_batch("CREATE TABLE login (key BLOB PRIMARY KEY, binding BLOB, login BLOB) WITHOUT ROWID")
            .unwrap();
        Self(Arc::new(Mutex::new(connection)))
    }

    async fn with<T: Send + 'static>(&self, work: impl FnOnce(&Connection) -> T + Send + 'static) -> T {
        let connection = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&connection.lock().unwrap())).await.unwrap()
    }
}

#[async_trait::async_trait]
impl StateStore for MutexStore {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        self.with(move |connection| {
            let mut insert = connection.prepare_cached("INSERT INTO login VALUES (?1, ?2, ?3)").unwrap();
            insert.execute(params![key.as_bytes(), login.binding().as_bytes(), login.to_bytes()]).unwrap();
        })
        .await;
        Ok(())
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        let (key, binding) = (*key, *binding);
        let row: Option<Vec<u8>> = self
            .with(move |connection| {
                let sql = "DELETE FROM login WHERE key = ?1 AND binding = ?2 RETURNING login";
                let mut take = connection.prepare_cached(sql).unwrap();
                take.query_row(params![key.as_bytes(), binding.as_bytes()], |row| row.get(0)).optional().unwrap()
            })
            .await;
        row.map_or(Ok(Taken::Absent), |row| PendingLogin::from_bytes(&row).map(Taken::Login))
    }
}
