use std::{
    iter,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant, SystemTime},
};

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::{
    Binding, Expect, PendingLogin, StateKey, StateStore, StoredToken, Taken, TokenKey, TokenStore, Version,
    tally::{BATCH, Tally},
};
use crate::{authorization::unix, error::Error, token::Token};

/// Keeps pending logins and tokens in an SQLite file, which survives restarts and is shared by the processes of one machine
/// (not over a network file system: its locks are not reliable).
///
/// One thread owns the connection and commits whatever is waiting in one transaction, which is several times faster than
/// a lock around the connection. While another process writes for more than five seconds, what would write is an error, and what
/// reads is not. Logins are durable against the end of the process; tokens also against the loss of power.
/// A new file is readable by its owner only. Clones share the thread; it ends with the last of them.
///
/// Logins expire, and their number is bounded as in [`MemoryStore`](super::MemoryStore): when it is reached, those that
/// would end first give way. Other processes' logins are counted once a minute. Tokens are not bounded.
///
/// ```no_run
/// # async fn example() -> Result<(), acf_core::Error> {
/// let store = acf_core::SqliteStore::open("acf.db").await?;
/// # let _ = store;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SqliteStore {
    jobs: mpsc::Sender<Job>,
}

type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// What the thread is asked to do. The reply is sent after the commit.
enum Job {
    Put(StateKey, Login, Reply<()>),
    Take(StateKey, Binding, Reply<Found>),
    Load(TokenKey, Reply<Option<(Zeroizing<String>, Version)>>),
    Save(TokenKey, Zeroizing<String>, Version, Expect, Reply<Option<Version>>),
    Delete(TokenKey, Reply<bool>),
    Connections(TokenKey, Reply<Vec<String>>),
}

/// A login as the table has it. Rows are made and read by the callers: the thread has enough to do.
struct Login {
    binding: Binding,
    expires_at: i64,
    bytes: Vec<u8>,
}

/// What a take found, as stored.
enum Found {
    Taken(Vec<u8>),
    Kept(Vec<u8>),
    Nothing,
}

impl Job {
    /// Whether losing it to a power failure would lose something of value: a refresh token that was rotated exists
    /// nowhere else.
    const fn is_precious(&self) -> bool {
        matches!(self, Self::Save(..) | Self::Delete(..))
    }

    /// Whether it changes nothing, and so waits for nobody who does.
    const fn reads(&self) -> bool {
        matches!(self, Self::Load(..) | Self::Connections(..))
    }
}

/// The most jobs in one transaction, which bounds how long the first of them waits.
const JOBS: usize = 256;

/// What each version of the schema adds to the one before. A release goes on with the tables of a later one, so whatever
/// is added has a default, nothing is taken away, and statements name their columns.
const MIGRATIONS: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS acf_pending_login (
        key BLOB PRIMARY KEY, binding BLOB NOT NULL, expires_at INTEGER NOT NULL, login BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS acf_pending_login_expires_at ON acf_pending_login (expires_at);
    CREATE TABLE IF NOT EXISTS acf_token (
        provider TEXT NOT NULL, user TEXT NOT NULL, version INTEGER NOT NULL, token TEXT NOT NULL,
        PRIMARY KEY (provider, user)
    ) WITHOUT ROWID;",
    // A key cannot be altered.
    "ALTER TABLE acf_token RENAME TO acf_token_1;
    CREATE TABLE acf_token (
        provider TEXT NOT NULL, user TEXT NOT NULL, connection TEXT NOT NULL DEFAULT '', version INTEGER NOT NULL,
        token TEXT NOT NULL, PRIMARY KEY (provider, user, connection)
    ) WITHOUT ROWID;
    INSERT INTO acf_token (provider, user, version, token) SELECT provider, user, version, token FROM acf_token_1;
    DROP TABLE acf_token_1;",
];

impl SqliteStore {
    /// At most 1,000,000 pending logins, which is about 500 MB.
    pub const DEFAULT_CAPACITY: usize = 1_000_000;

    /// Opens the file, and creates it where it does not exist.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) if it cannot be opened or is no SQLite database.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with_capacity(path, Self::DEFAULT_CAPACITY).await
    }

    /// Opens the file for at most `capacity` pending logins, at least one.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with_capacity(path: impl AsRef<Path>, capacity: usize) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let (jobs, queue) = mpsc::channel();
        let (opened, result) = oneshot::channel();
        thread::Builder::new()
            .name("acf-sqlite".to_owned())
            .spawn(move || match open(path) {
                Ok(connection) => {
                    drop(opened.send(Ok(())));
                    Writer::new(connection, capacity).run(&queue);
                }
                Err(error) => drop(opened.send(Err(error))),
            })
            .map_err(Error::store)?;
        result.await.map_err(|_| stopped())??;
        Ok(Self { jobs })
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Error> {
        let (reply, result) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| stopped())?;
        result.await.map_err(|_| stopped())?
    }
}

fn stopped() -> Error {
    Error::store("the database thread has stopped")
}

fn open(path: PathBuf) -> Result<Connection, Error> {
    // What begins so is a path for SQLite, too: `file:acf.db` would be a URI, and `:memory:` no file.
    let file = Path::new(".").join(&path);
    // Tokens are inside: nobody else on this machine has to read them. Created before SQLite would create it.
    let mut options = std::fs::OpenOptions::new();
    options.create(true).read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let at = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::store(format!("{} cannot be opened: {error}", path.display()))
    };
    options.open(&file).map_err(|error| at(error.into()))?;
    let connect = || -> rusqlite::Result<Connection> {
        let mut connection = Connection::open(&file)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // Users come in any order: with many tokens each call works on a page of its own. What leads to them stays in memory
        // (16 MiB; each commit looks through all of it), and a page that is changed often is seldom written to its place (every
        // 32 MiB of changes).
        connection.pragma_update(None, "cache_size", -16_384)?;
        connection.pragma_update(None, "wal_autocheckpoint", 8_192)?;
        migrate(&mut connection)?;
        Ok(connection)
    };
    // To change the journal SQLite does not wait for others who are at the same, whatever it was told to do.
    let (begun, mut connected) = (Instant::now(), connect());
    while matches!(&connected, Err(error) if is_busy(error)) && begun.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(20));
        connected = connect();
    }
    connected.map_err(|error| at(error.into()))
}

/// How long others are waited for.
const PATIENCE: Duration = Duration::from_secs(5);

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked))
}

/// Brings the tables to this release's version, one process at a time.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch("CREATE TABLE IF NOT EXISTS acf_schema (version INTEGER NOT NULL)")?;
    let version = transaction.query_row("SELECT coalesce(max(version), 0) FROM acf_schema", [], |row| row.get(0))?;
    for (number, sql) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > version) {
        transaction.execute_batch(sql)?;
        transaction.execute("INSERT INTO acf_schema (version) VALUES (?1)", [number])?;
    }
    transaction.commit()
}

struct Writer {
    connection: Connection,
    tally: Tally,
}

impl Writer {
    fn new(connection: Connection, capacity: usize) -> Self {
        let mut writer = Self { connection, tally: Tally::new(capacity) };
        writer.count();
        writer
    }

    fn run(mut self, queue: &mpsc::Receiver<Job>) {
        let mut locked = false;
        while let Ok(first) = queue.recv() {
            // Whoever came while others had the lock has waited already: nobody waits for many turns.
            let more = if locked { usize::MAX } else { JOBS - 1 };
            locked = self.commit(iter::once(first).chain(queue.try_iter().take(more)).collect());
            self.tidy();
        }
    }

    /// Does all jobs in one transaction and replies after the commit. If anything fails, none of them has happened: then each
    /// is done by itself, unless others have the lock, which is returned.
    fn commit(&mut self, batch: Vec<Job>) -> bool {
        match self.transaction(&batch) {
            Ok(outcomes) => {
                for outcome in &outcomes {
                    match outcome {
                        Outcome::Put => self.tally.put(),
                        Outcome::Found(Found::Taken(_)) => self.tally.gone(1),
                        _ => {}
                    }
                }
                batch.into_iter().zip(outcomes).for_each(|(job, outcome)| job.reply(outcome));
                false
            }
            Err(error) => {
                let (text, alone, busy) = (error.to_string(), batch.len() == 1, is_busy(&error));
                // Who writes has waited in vain then; who only reads has not, unless everybody did.
                let (mut writing, mut reading) = (busy, busy && batch.iter().all(Job::reads));
                for job in batch {
                    let reads = job.reads();
                    if alone || (reads && reading) || (!reads && writing) {
                        job.fail(&text);
                    } else {
                        let busy = self.commit(vec![job]);
                        (writing, reading) = (writing || busy, reading || (reads && busy));
                    }
                }
                writing
            }
        }
    }

    fn transaction(&mut self, batch: &[Job]) -> rusqlite::Result<Vec<Outcome>> {
        let precious = batch.iter().any(Job::is_precious);
        let behavior = match batch.iter().all(Job::reads) {
            true => TransactionBehavior::Deferred,
            false => TransactionBehavior::Immediate,
        };
        if precious {
            self.connection.pragma_update(None, "synchronous", "FULL")?;
        }
        let result = (|| {
            let transaction = self.connection.transaction_with_behavior(behavior)?;
            let outcomes = batch.iter().map(|job| job.run(&transaction)).collect::<rusqlite::Result<Vec<_>>>()?;
            transaction.commit()?;
            Ok(outcomes)
        })();
        if precious {
            // What is committed is committed; without this the next ones are only slower.
            drop(self.connection.pragma_update(None, "synchronous", "NORMAL"));
        }
        result
    }

    /// Removes logins that have expired, and the oldest where there are too many. What fails now is done the next time.
    fn tidy(&mut self) {
        let due = self.tally.due();
        if due.purge {
            self.remove(signed(unix(SystemTime::now())), i64::from(BATCH));
        }
        if due.count {
            self.count();
        }
        if let Some(excess) = self.tally.excess() {
            self.remove(i64::MAX, signed(excess));
        }
    }

    fn count(&mut self) {
        let count = self.connection.query_row("SELECT count(*) FROM acf_pending_login", [], |row| row.get(0));
        if let Ok(count) = count {
            self.tally.counted(i64::unsigned_abs(count));
        }
    }

    /// Removes logins that end until then, those that end first.
    fn remove(&mut self, until: i64, most: i64) {
        let sql = "DELETE FROM acf_pending_login WHERE key IN
                   (SELECT key FROM acf_pending_login WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";
        let removed = self.connection.prepare_cached(sql).and_then(|mut sql| sql.execute([until, most]));
        self.tally.gone(removed.map_or(0, |removed| removed as u64));
    }
}

/// What a job found, before the commit.
enum Outcome {
    Put,
    Found(Found),
    Loaded(Option<(Zeroizing<String>, Version)>),
    Saved(bool),
    Deleted(bool),
    Connections(Vec<String>),
}

impl Job {
    fn run(&self, connection: &Connection) -> rusqlite::Result<Outcome> {
        match self {
            Self::Put(key, login, _) => {
                let sql = "INSERT OR REPLACE INTO acf_pending_login (key, binding, expires_at, login) VALUES (?1, ?2, ?3, ?4)";
                let Login { binding, expires_at, bytes } = login;
                let row = params![key.as_bytes(), binding.as_bytes(), expires_at, bytes];
                connection.prepare_cached(sql)?.execute(row)?;
                Ok(Outcome::Put)
            }
            Self::Take(key, binding, _) => {
                // One statement finds, compares and removes: this is what makes a login single-use.
                let sql = "DELETE FROM acf_pending_login WHERE key = ?1 AND binding = ?2 RETURNING login";
                let bytes = |row: &rusqlite::Row<'_>| row.get(0);
                let mut take = connection.prepare_cached(sql)?;
                if let Some(login) = take.query_row(params![key.as_bytes(), binding.as_bytes()], bytes).optional()? {
                    return Ok(Outcome::Found(Found::Taken(login)));
                }
                let sql = "SELECT login FROM acf_pending_login WHERE key = ?1";
                let kept = connection.prepare_cached(sql)?.query_row([key.as_bytes()], bytes).optional()?;
                Ok(Outcome::Found(kept.map_or(Found::Nothing, Found::Kept)))
            }
            Self::Load(key, _) => {
                let sql = "SELECT token, version FROM acf_token WHERE provider = ?1 AND user = ?2 AND connection = ?3";
                let read = |row: &rusqlite::Row<'_>| Ok((Zeroizing::new(row.get(0)?), Version(row.get(1)?)));
                connection
                    .prepare_cached(sql)?
                    .query_row([&key.provider, &key.user, &key.connection], read)
                    .optional()
                    .map(Outcome::Loaded)
            }
            Self::Save(key, token, version, expect, _) => {
                let changed = match expect {
                    Expect::Anything => connection
                        .prepare_cached(
                            "INSERT OR REPLACE INTO acf_token (provider, user, connection, version, token)
                             VALUES (?1, ?2, ?3, ?4, ?5)",
                        )?
                        .execute(params![key.provider, key.user, key.connection, version.0, token.as_str()])?,
                    Expect::Version(expected) => connection
                        .prepare_cached(
                            "UPDATE acf_token SET version = ?4, token = ?5
                             WHERE provider = ?1 AND user = ?2 AND connection = ?3 AND version = ?6",
                        )?
                        .execute(params![
                            key.provider,
                            key.user,
                            key.connection,
                            version.0,
                            token.as_str(),
                            expected.0
                        ])?,
                };
                Ok(Outcome::Saved(changed == 1))
            }
            Self::Delete(key, _) => {
                let sql = "DELETE FROM acf_token WHERE provider = ?1 AND user = ?2 AND connection = ?3";
                let changed = connection.prepare_cached(sql)?.execute([&key.provider, &key.user, &key.connection])?;
                Ok(Outcome::Deleted(changed == 1))
            }
            Self::Connections(TokenKey { provider, user, .. }, _) => {
                let sql = "SELECT connection FROM acf_token WHERE provider = ?1 AND user = ?2";
                let mut list = connection.prepare_cached(sql)?;
                let names = list.query_map([provider, user], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                Ok(Outcome::Connections(names))
            }
        }
    }

    /// A caller that has gone away does not get its reply, and that is all.
    fn reply(self, outcome: Outcome) {
        match (self, outcome) {
            (Self::Put(.., reply), _) => drop(reply.send(Ok(()))),
            (Self::Take(.., reply), Outcome::Found(found)) => drop(reply.send(Ok(found))),
            (Self::Take(.., reply), _) => drop(reply.send(Ok(Found::Nothing))),
            (Self::Load(.., reply), Outcome::Loaded(stored)) => drop(reply.send(Ok(stored))),
            (Self::Load(.., reply), _) => drop(reply.send(Ok(None))),
            (Self::Save(_, _, version, _, reply), outcome) => {
                drop(reply.send(Ok(matches!(outcome, Outcome::Saved(true)).then_some(version))));
            }
            (Self::Delete(.., reply), outcome) => drop(reply.send(Ok(matches!(outcome, Outcome::Deleted(true))))),
            (Self::Connections(.., reply), Outcome::Connections(names)) => drop(reply.send(Ok(names))),
            (Self::Connections(.., reply), _) => drop(reply.send(Ok(Vec::new()))),
        }
    }

    fn fail(self, text: &str) {
        let error = || Error::store(text);
        match self {
            Self::Put(.., reply) => drop(reply.send(Err(error()))),
            Self::Take(.., reply) => drop(reply.send(Err(error()))),
            Self::Load(.., reply) => drop(reply.send(Err(error()))),
            Self::Save(.., reply) => drop(reply.send(Err(error()))),
            Self::Delete(.., reply) => drop(reply.send(Err(error()))),
            Self::Connections(.., reply) => drop(reply.send(Err(error()))),
        }
    }
}

/// SQLite's integers are signed.
fn signed(unsigned: u64) -> i64 {
    i64::try_from(unsigned).unwrap_or(i64::MAX)
}

#[async_trait]
impl StateStore for SqliteStore {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        let (binding, expires_at) = (*login.binding(), signed(login.expires_at()));
        let login = Login { binding, expires_at, bytes: login.to_bytes() };
        self.ask(|reply| Job::Put(key, login, reply)).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        match self.ask(|reply| Job::Take(*key, *binding, reply)).await? {
            Found::Taken(login) => PendingLogin::from_bytes(&login).map(Taken::Login),
            Found::Kept(login) => PendingLogin::from_bytes(&login).map(Taken::Kept),
            Found::Nothing => Ok(Taken::Absent),
        }
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait]
impl TokenStore for SqliteStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        match self.ask(|reply| Job::Load(key.clone(), reply)).await? {
            Some((token, version)) => Ok(Some(StoredToken::new(Token::from_json(&token)?, version))),
            None => Ok(None),
        }
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let version = Version::draw()?;
        self.ask(|reply| Job::Save(key.clone(), token.expose_json(), version, expect, reply)).await
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.ask(|reply| Job::Delete(key.clone(), reply)).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.ask(|reply| Job::Connections(TokenKey::new(provider, user), reply)).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A process that is stopped in the middle of a transaction: those who come meanwhile do not wait in a longer and longer row.
    #[test]
    fn nobody_waits_for_the_lock_of_others_more_than_twice() {
        static WAITS: AtomicUsize = AtomicUsize::new(0);
        let path = std::env::temp_dir().join(format!("acf-locked-{}.db", std::process::id()));
        let mut connection = open(path.clone()).unwrap();
        let waits = |_| {
            WAITS.fetch_add(1, Ordering::SeqCst);
            false
        };
        connection.busy_handler(Some(waits)).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();

        let (jobs, queue) = mpsc::channel();
        let key = || TokenKey::new("forge", "u");
        let replies: Vec<_> = (0..5 * JOBS)
            .map(|_| {
                let ((delete, deleted), (load, loaded)) = (oneshot::channel(), oneshot::channel());
                jobs.send(Job::Delete(key(), delete)).unwrap();
                jobs.send(Job::Load(key(), load)).unwrap();
                (deleted, loaded)
            })
            .collect();
        drop(jobs);
        Writer::new(connection, 1).run(&queue);
        for (deleted, loaded) in replies {
            assert!(deleted.blocking_recv().unwrap().is_err());
            assert!(loaded.blocking_recv().unwrap().unwrap().is_none(), "what reads waits for no lock");
        }
        assert_eq!(WAITS.load(Ordering::SeqCst), 2);
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{end}", path.display())));
        }
    }
}
