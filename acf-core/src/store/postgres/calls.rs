//! One statement on one of the connections: how long it may take, when it is repeated, and what is said where it fails.

use std::{
    error::Error as StdError,
    fmt::{self, Write},
    time::Duration,
};

use bytes::BytesMut;
use deadpool_postgres::{Object, Pool, PoolError};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_postgres::{
    Row,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};
use zeroize::Zeroizing;

use super::Shared;
use crate::{authorization::unix, error::Error, timer::between};

/// For a whole call, with waiting for a connection: somebody's browser waits meanwhile.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// How often a statement is run that others have made the server give up.
const TIMES: u32 = 12;

/// A parameter of a statement.
pub(super) enum Value {
    Bytes(Vec<u8>),
    Text(Zeroizing<String>),
    Number(i64),
    /// This machine's clock in seconds, when the statement is sent: it may have waited.
    Clock,
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Zeroizing::new(text.to_owned()))
    }
}

/// The driver writes parameters to the log, where somebody listens to everything; before 1.9.1, `zeroize` shows what it has.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
            Self::Text(text) => text.as_str().to_sql(ty, out),
            Self::Number(number) => number.to_sql(ty, out),
            Self::Clock => signed(unix(std::time::SystemTime::now())).to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::BYTEA, Type::TEXT, Type::INT8].contains(ty)
    }

    to_sql_checked!();
}

/// PostgreSQL's integers are signed.
pub(super) fn signed(unsigned: u64) -> i64 {
    i64::try_from(unsigned).unwrap_or(i64::MAX)
}

/// Runs one statement, which is a transaction of its own.
///
/// It is run again only where it certainly was not: it was not sent, or the server says that it gave it up for others. Of what
/// is lost on the way nobody knows; that is an error.
pub(super) async fn rows(shared: &Shared, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
    let deadline = Instant::now() + LIMIT;
    let values: Vec<_> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    let (mut times, mut replaced) = (1, false);
    loop {
        let connection = connection(&shared.pool, deadline).await?;
        // On a connection that has it, this sends nothing.
        let statement = match timeout_at(deadline, connection.prepare_cached(sql)).await {
            Ok(Ok(statement)) => statement,
            // The connection was dead. Others that are, too, are noticed by now.
            Ok(Err(error)) if !replaced && error.as_db_error().is_none_or(|said| ENDED.contains(said.code())) => {
                drop(Object::take(connection));
                replaced = true;
                continue;
            }
            Ok(Err(error)) => return Err(failed(&error)),
            Err(_) => return Err(silent(shared, connection)),
        };
        let error = match timeout_at(deadline, connection.query(&statement, &values)).await {
            Ok(Ok(rows)) => return Ok(rows),
            Ok(Err(error)) => error,
            Err(_) => return Err(silent(shared, connection)),
        };
        if error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
            // After a failover the next connection may lead to another server.
            drop(Object::take(connection));
            return Err(failed(&error));
        }
        if times == TIMES || !error.code().is_some_and(|code| GIVEN_UP.contains(code)) {
            return Err(failed(&error));
        }
        drop(connection);
        sleep(pause(times)).await;
        times += 1;
    }
}

/// The server has rolled the transaction back, for the sake of others.
const GIVEN_UP: [SqlState; 2] = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];

/// The server has ended the connection.
const ENDED: [SqlState; 2] = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN];

/// A connection of the pool.
pub(super) async fn connection(pool: &Pool, deadline: Instant) -> Result<Object, Error> {
    match timeout_at(deadline, pool.get()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(PoolError::Backend(error))) => Err(failed(&error)),
        Ok(Err(PoolError::Timeout(_))) | Err(_) => {
            Err(Error::store("no connection to the database was free, or could be made, in time"))
        }
        Ok(Err(PoolError::Closed)) => Err(Error::store("the pool of connections to the database is closed")),
        Ok(Err(_)) => Err(Error::store("the pool of connections to the database is not set up for tokio")),
    }
}

/// The connection is given up with what it waits for, or the next one would wait for it, too. The server is told: while
/// somebody has a lock on the tables, it would have ever more connections that wait for it.
fn silent(shared: &Shared, connection: Object) -> Error {
    let token = connection.cancel_token();
    let connection = Object::take(connection);
    if let Some(cancelled) = shared.cancel.as_ref().map(|cancel| cancel(token)) {
        tokio::spawn(async move {
            drop(timeout(LIMIT, cancelled).await);
            drop(connection);
        });
    }
    Error::store("the database has not answered in time; whether it has done what it was asked to do is not known")
}

/// Somewhere between 1 ms and 100 ms: those who were in each other's way do not come back together.
fn pause(times: u32) -> Duration {
    let whole = Duration::from_millis(2 << times.min(6));
    between(whole / 4, whole * 3 / 4)
}

pub(super) fn failed(error: &tokio_postgres::Error) -> Error {
    Error::store(said(error))
}

/// What the server or the connection says, without the details: they may hold a whole row, tokens included.
fn said(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("the database says: {} ({})", said.message(), said.code().code());
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let _ = write!(text, ": {source}");
        cause = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_logs_has_no_secret() {
        for secret in [Value::text("s3cret"), Value::Bytes(b"s3cret".to_vec())] {
            // As it writes them.
            let logged = format!("{:?}", [&secret as &(dyn ToSql + Sync)]);
            assert_eq!(logged, "[..]");
        }
    }
}
