//! The demo's own tables, in the same file as the library's.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::Connection;

const SCHEMA: &str = "
    -- Browsers of the demo. The cookie itself is not stored, only its digest.
    CREATE TABLE IF NOT EXISTS demo_browser (
        id BLOB PRIMARY KEY, user TEXT NOT NULL, expires_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS demo_browser_expires_at ON demo_browser (expires_at);
    -- Who is connected, as the provider's API told, and its last answer.
    CREATE TABLE IF NOT EXISTS demo_account (
        provider TEXT NOT NULL, user TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL, answer TEXT,
        PRIMARY KEY (provider, user)
    ) WITHOUT ROWID;

    -- The authorization server. Its own client is in the demo, which has to read the secret: it is kept as it is.
    CREATE TABLE IF NOT EXISTS issuer_secret (client TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS issuer_browser (
        id BLOB PRIMARY KEY, account TEXT NOT NULL, expires_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    -- Everything that comes from one consent shares its family, so that all of it can be revoked at once.
    CREATE TABLE IF NOT EXISTS issuer_grant (
        id BLOB PRIMARY KEY, kind TEXT NOT NULL, family TEXT NOT NULL, account TEXT NOT NULL, client TEXT NOT NULL,
        scope TEXT NOT NULL, redirect_uri TEXT NOT NULL, pkce TEXT, expires_at INTEGER NOT NULL, used INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS issuer_grant_family ON issuer_grant (family);
";

/// One connection behind a lock: a demo has a handful of users, and each statement takes microseconds.
#[derive(Clone)]
pub(crate) struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the file, makes the tables, and removes what has expired.
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        // As the library has it: a name is never a URI.
        let path = Path::new(".").join(path);
        // Secrets are inside. Created before SQLite would create it, for its owner alone; what is wrong with the path comes up
        // below.
        let mut options = std::fs::OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        drop(options.open(&path));
        let connection = Connection::open(&path)?;
        // The library's writer has a connection of its own to the same file.
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(SCHEMA)?;
        for table in ["demo_browser", "issuer_browser", "issuer_grant"] {
            connection.execute(&format!("DELETE FROM {table} WHERE expires_at <= ?1"), [now()])?;
        }
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs `work` on a thread that may wait for the disk.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let database = self.clone();
        let result = tokio::task::spawn_blocking(move || work(&database.lock())).await;
        Ok(result.map_err(Failure::new)??)
    }

    /// The connection, for code that is on such a thread already. Statements commit one by one, so a thread that
    /// panicked while it held the lock left nothing half done.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// This machine failed: its disk, its randomness, its threads. Nothing a visitor can do about it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(cause: impl std::fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(error)
    }
}

impl From<getrandom::Error> for Failure {
    fn from(error: getrandom::Error) -> Self {
        Self::new(error)
    }
}
