mod calls;
mod connect;
mod schema;
mod tidy;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use async_trait::async_trait;
use deadpool_postgres::Pool;
use tokio_postgres::{Row, types::FromSql};

use self::{
    calls::{Value, signed},
    connect::Cancel,
    tidy::Books,
};
use super::{
    Binding, Expect, PendingLogin, StateKey, StateStore, StoredToken, Taken, TokenKey, TokenStore, Version, home::Home,
};
use crate::{error::Error, lock::lock, token::Token};

/// Keeps pending logins and tokens in a PostgreSQL database (12 or later), which many machines share.
///
/// ```no_run
/// # async fn example() -> Result<(), acf_core::Error> {
/// let url = std::env::var("DATABASE_URL").unwrap_or_default();
/// let store = acf_core::PostgresStore::connect(&url).await?;
/// # let _ = store;
/// # Ok(())
/// # }
/// ```
///
/// Each call is one statement, and a transaction of its own: of all who take a login at once, over all machines, one gets it,
/// and of all who save in place of one version, one does. Both `READ COMMITTED` and `SERIALIZABLE` will do as the default; what
/// the server gives up for the sake of others is repeated. Whatever else goes wrong on the way is an
/// [`ErrorKind::Store`](crate::ErrorKind::Store), and is not repeated, because it may have been done: the login is begun again.
/// A call that has no answer after ten seconds is such an error; a save may have taken place, then. No error
/// shows the password, or a row.
///
/// Clones share the connections and the runtime of tokio that the store was connected in. Calls may come from anywhere, from
/// other runtimes or none; of one that is no longer waited for, what was sent is done.
///
/// # Time
///
/// When a login ends and how long ago a token was saved is told by the clock of the server, so that the clocks of those who
/// share it may differ.
///
/// # Tables
///
/// `acf_schema`, `acf_pending_login` and `acf_token`, in the first schema of the `search_path`; they are created where they
/// are missing, by one process of those that start at once. For a user who may not create tables, let one who may connect first
/// after each update, and grant `SELECT` on the first and `SELECT, INSERT, UPDATE, DELETE` on the others. Tokens
/// are stored as they are: who can read the tables can use them. Provider, user and connection are a key together, of at
/// most 2,600 bytes.
///
/// Logins expire, and their number is bounded as in [`MemoryStore`](super::MemoryStore): when it is reached, those that
/// would end first give way. Other processes' logins are counted once a minute. Tokens are not bounded.
///
/// # Setting the server up
///
/// Leave `synchronous_commit` on. Without it calls take half as long, and a server that crashes may forget a refresh
/// token that the provider has just rotated, which ends the grant, and may have a login again that was taken.
///
/// Statements are prepared once a connection. PgBouncer hands them on in every mode from 1.21 on, with
/// `max_prepared_statements`; before, in session mode only. Of several hosts, name the one that takes writes
/// (`target_session_attrs=read-write`): a replica takes no changes, and what is read there may be old.
#[derive(Clone)]
pub struct PostgresStore {
    shared: Arc<Shared>,
}

/// What all clones have.
struct Shared {
    pool: Pool,
    /// Of what is given up, where the connections are ours.
    cancel: Option<Cancel>,
    /// Drives the connections, which end with it: a caller's may be gone sooner.
    runtime: Home,
    books: Mutex<Books>,
}

impl PostgresStore {
    /// At most 1,000,000 pending logins, which is about 700 MB.
    pub const DEFAULT_CAPACITY: usize = 1_000_000;

    /// Connects to `postgres://user:password@host:5432/database`, with up to 16 connections, and brings the tables up to date.
    /// The URL may have what [`tokio_postgres::Config`] knows.
    ///
    /// To another machine, TLS is required, with a certificate for its name that the operating system trusts, whatever
    /// `sslmode` says; the one exception is `sslmode=disable`. On this machine (a socket, `localhost`, a loopback address)
    /// there is no TLS without `sslmode=require`.
    ///
    /// A connection that was not used for a minute is replaced, in case it is dead. One that ends sooner is replaced when that is
    /// noticed, which is at once, unless the network swallows it; a call that was sent over it meanwhile is an error. Nothing
    /// asks before each use, which would double the way.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the URL cannot be read, or without a runtime of tokio;
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) if the server cannot be reached or refuses.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let (pool, cancel) = connect::pool(url, None)?;
        Self::new(pool, Some(cancel)).await
    }

    /// The same, and trusts further authorities beside those of the operating system: many who run databases for others sign
    /// for them themselves. `pem` holds their certificates.
    ///
    /// # Errors
    /// As [`connect`](Self::connect), and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there is no
    /// certificate in it or one cannot be read.
    #[cfg(not(target_os = "android"))]
    pub async fn connect_with_roots(url: &str, pem: &[u8]) -> Result<Self, Error> {
        let (pool, cancel) = connect::pool(url, Some(pem))?;
        Self::new(pool, Some(cancel)).await
    }

    /// Uses connections that the program makes itself, by `deadpool-postgres` 0.14: with its own TLS, its own `search_path`,
    /// its own number. Brings the tables up to date.
    ///
    /// A statement that is given up after ten seconds goes on at the server, which is not told: set `statement_timeout`.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn from_pool(pool: Pool) -> Result<Self, Error> {
        Self::new(pool, None).await
    }

    async fn new(pool: Pool, cancel: Option<Cancel>) -> Result<Self, Error> {
        let runtime = Home::here().ok_or_else(|| {
            Error::configuration(
                "a PostgresStore is connected inside of a runtime of tokio, which drives it from then on",
            )
        })?;
        let migrated = pool.clone();
        runtime.run(async move { schema::migrate(&migrated).await }).await?;
        let books = Mutex::new(Books::new(Self::DEFAULT_CAPACITY));
        Ok(Self { shared: Arc::new(Shared { pool, cancel, runtime, books }) })
    }

    /// Keeps at most `capacity` pending logins, at least one. Processes that share the database should agree.
    #[must_use]
    pub fn with_capacity(self, capacity: usize) -> Self {
        lock(&self.shared.books).tally.capacity = u64::try_from(capacity).unwrap_or(u64::MAX).max(1);
        self
    }

    async fn rows(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        let shared = Arc::clone(&self.shared);
        let rows = self.shared.runtime.run(async move { calls::rows(&shared, sql, &values).await }).await;
        self.shared.tidy();
        rows
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("pool", &self.shared.pool.status()).finish_non_exhaustive()
    }
}

/// A column of a row.
fn column<'a, T: FromSql<'a>>(row: &'a Row, name: &str) -> Result<T, Error> {
    row.try_get(name).map_err(|error| calls::failed(&error))
}

/// Milliseconds that the server has counted. Its clock may have gone back.
fn millis(row: &Row, name: &str) -> Result<Duration, Error> {
    column::<i64>(row, name).map(|millis| Duration::from_millis(millis.try_into().unwrap_or(0)))
}

const PUT: &str = "
    INSERT INTO acf_pending_login (key, binding, expires_at, login)
    VALUES ($1, $2, now() + $3::bigint * interval '1 second', $4)
    ON CONFLICT (key) DO UPDATE
    SET binding = excluded.binding, expires_at = excluded.expires_at, login = excluded.login";

/// One statement finds, compares and removes: this is what makes a login single-use. Both halves look at the same moment of the
/// table, and no row meets the conditions of both.
const TAKE: &str = "
    WITH taken AS (DELETE FROM acf_pending_login WHERE key = $1 AND binding = $2 RETURNING expires_at, login)
    SELECT true AS taken, login, (extract(epoch FROM expires_at - now()) * 1000)::bigint AS left FROM taken
    UNION ALL
    SELECT false AS taken, login, (extract(epoch FROM expires_at - now()) * 1000)::bigint AS left
    FROM acf_pending_login WHERE key = $1 AND binding <> $2";

const LOAD: &str = "
    SELECT token, version, clock, (extract(epoch FROM now() - saved_at) * 1000)::bigint AS age
    FROM acf_token WHERE provider = $1 AND user_id = $2 AND connection = $3";

const SAVE: &str = "
    INSERT INTO acf_token (provider, user_id, connection, version, token, saved_at, clock)
    VALUES ($1, $2, $3, $4, $5, now(), $6)
    ON CONFLICT (provider, user_id, connection) DO UPDATE
    SET version = excluded.version, token = excluded.token, saved_at = excluded.saved_at, clock = excluded.clock
    RETURNING true";

const REPLACE: &str = "
    UPDATE acf_token SET version = $4, token = $5, saved_at = now(), clock = $6
    WHERE provider = $1 AND user_id = $2 AND connection = $3 AND version = $7
    RETURNING true";

const DELETE: &str = "DELETE FROM acf_token WHERE provider = $1 AND user_id = $2 AND connection = $3 RETURNING true";

const CONNECTIONS: &str = "SELECT connection FROM acf_token WHERE provider = $1 AND user_id = $2";

#[async_trait]
impl StateStore for PostgresStore {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        // What ends after this never ends.
        const CENTURY: u64 = 100 * 366 * 24 * 60 * 60;
        let values = vec![
            Value::Bytes(key.as_bytes().to_vec()),
            Value::Bytes(login.binding().as_bytes().to_vec()),
            Value::Number(signed(login.lifetime().as_secs().min(CENTURY))),
            Value::Bytes(login.to_bytes()),
        ];
        self.rows(PUT, values).await?;
        lock(&self.shared.books).tally.put();
        self.shared.tidy();
        Ok(())
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        let values = vec![Value::Bytes(key.as_bytes().to_vec()), Value::Bytes(binding.as_bytes().to_vec())];
        let rows = self.rows(TAKE, values).await?;
        let Some(row) = rows.first() else { return Ok(Taken::Absent) };
        let login = PendingLogin::from_bytes(column(row, "login")?)?.ending_in(millis(row, "left")?);
        if column(row, "taken")? {
            lock(&self.shared.books).tally.gone(1);
            Ok(Taken::Login(login))
        } else {
            Ok(Taken::Kept(login))
        }
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

/// The key, as the first parameters.
fn key(key: &TokenKey) -> Vec<Value> {
    [&key.provider, &key.user, &key.connection].map(|text| Value::text(text)).into()
}

#[async_trait]
impl TokenStore for PostgresStore {
    async fn load(&self, of: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let rows = self.rows(LOAD, key(of)).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let stored = StoredToken::new(Token::from_json(column(row, "token")?)?, Version(column(row, "version")?));
        let clock = column::<i64>(row, "clock")?.try_into().ok();
        let clock = clock.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
        let age = millis(row, "age")?;
        Ok(Some(match clock {
            Some(clock) => stored.saved_ago(age, clock),
            None => stored,
        }))
    }

    async fn save(&self, of: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let version = Version::draw()?;
        let mut values = key(of);
        values.extend([Value::Number(version.0), Value::Text(token.expose_json()), Value::Clock]);
        let sql = match expect {
            Expect::Anything => SAVE,
            Expect::Version(expected) => {
                values.push(Value::Number(expected.0));
                REPLACE
            }
        };
        let saved = self.rows(sql, values).await?;
        Ok((!saved.is_empty()).then_some(version))
    }

    async fn delete(&self, of: &TokenKey) -> Result<bool, Error> {
        Ok(!self.rows(DELETE, key(of)).await?.is_empty())
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        let rows = self.rows(CONNECTIONS, vec![Value::text(provider), Value::text(user)]).await?;
        rows.iter().map(|row| column(row, "connection")).collect()
    }
}
