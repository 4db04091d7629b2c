//! What the processes share.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use acf_core::{SqliteStore, StateStore};
use serde::{Deserialize, Serialize};

use crate::shelf::{self, Served};

/// A store that several processes open. It travels to them as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Backend {
    /// A file.
    Sqlite(PathBuf),
    /// The parent.
    Served(SocketAddr),
    /// The server at that URL.
    #[cfg(feature = "postgres")]
    Postgres(String),
    #[cfg(feature = "redis")]
    Redis(String),
}

impl Backend {
    /// A file that no other test uses.
    pub(crate) fn sqlite() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("acf-processes-{}-{}.db", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        Self::Sqlite(path).emptied()
    }

    /// One with a clock of its own, for tokens only.
    pub(crate) fn served() -> Self {
        Self::Served(shelf::start())
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn postgres() -> Self {
        Self::Postgres(std::env::var("ACF_POSTGRES").unwrap())
    }

    #[cfg(feature = "redis")]
    pub(crate) fn redis() -> Self {
        Self::Redis(std::env::var("ACF_REDIS").unwrap())
    }

    /// As one process opens it. What it gives is a token store, too.
    pub(crate) async fn open(&self) -> Arc<dyn StateStore> {
        match self {
            Self::Sqlite(path) => Arc::new(SqliteStore::open(path).await.unwrap()),
            Self::Served(address) => Arc::new(Served::at(*address)),
            #[cfg(feature = "postgres")]
            Self::Postgres(url) => Arc::new(acf_core::PostgresStore::connect(url).await.unwrap()),
            #[cfg(feature = "redis")]
            Self::Redis(url) => Arc::new(acf_core::RedisStore::connect(url).await.unwrap()),
        }
    }

    /// Lets every save fail, or no longer. Only a file, which no other test has.
    pub(crate) fn fail(&self, fails: bool) {
        let Self::Sqlite(path) = self else { panic!("others use this, too: {self:?}") };
        let (from, to) = if fails { ("acf_token", "acf_away") } else { ("acf_away", "acf_token") };
        let connection = rusqlite::Connection::open(path).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
    }

    /// Nothing is left of a file.
    pub(crate) fn emptied(self) -> Self {
        if let Self::Sqlite(path) = &self {
            for end in ["", "-wal", "-shm"] {
                drop(std::fs::remove_file(format!("{}{end}", path.display())));
            }
        }
        self
    }
}
