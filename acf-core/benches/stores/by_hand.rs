//! What one writes first: correct, and without what a million rows and strangers on the network ask for.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use acf_core::{
    Error, StateStore,
    store::{Binding, PendingLogin, StateKey, Taken},
};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use redis::aio::MultiplexedConnection;
use rusqlite::{Connection, OptionalExtension, params};
use tokio_postgres::NoTls;

/// A connection to SQLite behind a mutex, each call on a blocking thread.
pub struct Mutexed(Arc<Mutex<Connection>>);

impl Mutexed {
    pub fn open(path: &Path) -> Self {
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
impl StateStore for Mutexed {
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

/// Sixteen connections to PostgreSQL, a statement each.
pub struct Postgres(Pool);

impl Postgres {
    pub async fn connect(url: &str) -> Self {
        let config: tokio_postgres::Config = url.parse().unwrap();
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager).max_size(16).runtime(Runtime::Tokio1).build().unwrap();
        let table =
            "DROP TABLE IF EXISTS login; CREATE TABLE login (key bytea PRIMARY KEY, binding bytea, login bytea)";
        pool.get().await.unwrap().batch_execute(table).await.unwrap();
        Self(pool)
    }

    /// Removes what earlier runs left.
    pub async fn clear(&self) {
        let tables = "TRUNCATE acf_pending_login, acf_token";
        self.0.get().await.unwrap().batch_execute(tables).await.unwrap();
    }
}

#[async_trait::async_trait]
impl StateStore for Postgres {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        let connection = self.0.get().await.unwrap();
        let insert = connection.prepare_cached("INSERT INTO login VALUES ($1, $2, $3)").await.unwrap();
        let row = (key.as_bytes().as_slice(), login.binding().as_bytes().as_slice(), login.to_bytes());
        connection.execute(&insert, &[&row.0, &row.1, &row.2]).await.unwrap();
        Ok(())
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        let connection = self.0.get().await.unwrap();
        let sql = "DELETE FROM login WHERE key = $1 AND binding = $2 RETURNING login";
        let take = connection.prepare_cached(sql).await.unwrap();
        let row = (key.as_bytes().as_slice(), binding.as_bytes().as_slice());
        let row = connection.query_opt(&take, &[&row.0, &row.1]).await.unwrap();
        row.map_or(Ok(Taken::Absent), |row| PendingLogin::from_bytes(row.get(0)).map(Taken::Login))
    }
}

/// One connection to Redis that all share, a command each; who it is for is not looked at.
pub struct Redis(MultiplexedConnection);

impl Redis {
    pub async fn connect(url: &str) -> Self {
        Self(redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap())
    }

    /// Removes everything.
    pub async fn clear(&self) {
        redis::cmd("FLUSHALL").arg("ASYNC").query_async::<()>(&mut self.0.clone()).await.unwrap();
    }
}

#[async_trait::async_trait]
impl StateStore for Redis {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        let mut set = redis::cmd("SET");
        set.arg(key.as_bytes()).arg(login.to_bytes()).arg("NX").arg("EX").arg(600);
        set.query_async::<()>(&mut self.0.clone()).await.unwrap();
        Ok(())
    }

    async fn take(&self, key: &StateKey, _: &Binding) -> Result<Taken, Error> {
        let mut take = redis::cmd("GETDEL");
        let row: Option<Vec<u8>> = take.arg(key.as_bytes()).query_async(&mut self.0.clone()).await.unwrap();
        row.map_or(Ok(Taken::Absent), |row| PendingLogin::from_bytes(&row).map(Taken::Login))
    }
}
