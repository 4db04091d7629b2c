//! What the processes share.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
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

    /// As one process opens it. What it gives is a token store, too.
    pub(crate) async fn open(&self) -> Arc<dyn StateStore> {
        match self {
            Self::Sqlite(path) => Arc::new(SqliteStore::open(path).await.unwrap()),
            Self::Served(address) => Arc::new(Served::at(*address)),
        }
    }

    /// Lets every save fail, or no longer.
    pub(crate) fn fail(&self, fails: bool) {
        let (from, to) = if fails { ("acf_token", "acf_away") } else { ("acf_away", "acf_token") };
        match self {
            Self::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
                connection.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
            }
            Self::Served(_) => panic!("it always answers"),
        }
    }

    /// Nothing is left of it.
    pub(crate) fn emptied(self) -> Self {
        match &self {
            Self::Sqlite(path) => {
                for end in ["", "-wal", "-shm"] {
                    drop(std::fs::remove_file(format!("{}{end}", path.display())));
                }
            }
            Self::Served(_) => {}
        }
        self
    }
}
