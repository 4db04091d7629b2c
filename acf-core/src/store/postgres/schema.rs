//! The tables.

use deadpool_postgres::{GenericClient, Pool};
use tokio::time::Instant;
use tokio_postgres::IsolationLevel;

use super::calls::{LIMIT, connection, failed};
use crate::error::Error;

/// What each version of the schema adds to the one before. A release goes on with the tables of a later one, so whatever
/// is added has a default, nothing is taken away, and statements name their columns.
///
/// Keys are compared byte by byte. `user` would be a word of SQL: `SELECT user FROM acf_token` is no error, and not what is
/// meant.
const MIGRATIONS: [&str; 1] = ["CREATE TABLE acf_pending_login (
        key bytea PRIMARY KEY, binding bytea NOT NULL, expires_at timestamptz NOT NULL, login bytea NOT NULL
    );
    CREATE INDEX acf_pending_login_expires_at ON acf_pending_login (expires_at);
    CREATE TABLE acf_token (
        provider text COLLATE \"C\" NOT NULL, user_id text COLLATE \"C\" NOT NULL,
        connection text COLLATE \"C\" NOT NULL DEFAULT '', version bigint NOT NULL, token text NOT NULL,
        saved_at timestamptz NOT NULL, clock bigint NOT NULL, PRIMARY KEY (provider, user_id, connection)
    );"];

/// Taken by whoever changes the schema: of `CREATE TABLE IF NOT EXISTS` at once, all but one may fail.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7017273810231140467)";

/// Brings the tables to this release's version, one process at a time. Where they are there already, nothing is asked for
/// that a user who may only read and write them may not do.
pub(super) async fn migrate(pool: &Pool) -> Result<(), Error> {
    let work = async {
        let mut connection = connection(pool, Instant::now() + LIMIT).await?;
        if version(&connection).await.map_err(|error| failed(&error))? >= MIGRATIONS.len() as i64 {
            return Ok(());
        }
        // Whatever the default is here: behind the lock, what those before have done must be seen.
        let change = async {
            let transaction =
                connection.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
            transaction.batch_execute(LOCK).await?;
            // First this one: a connection that has looked for a table in vain goes on to know of none, until a statement
            // takes a lock of the kind that tables have. To wait for the one above is not enough.
            transaction.batch_execute("CREATE TABLE IF NOT EXISTS acf_schema (version bigint PRIMARY KEY)").await?;
            let version = version(&transaction).await?;
            for (number, sql) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > version) {
                transaction.batch_execute(sql).await?;
                transaction.execute("INSERT INTO acf_schema (version) VALUES ($1)", &[&number]).await?;
            }
            transaction.commit().await
        };
        change.await.map_err(|error| failed(&error))
    };
    match tokio::time::timeout(3 * LIMIT, work).await {
        Ok(result) => result,
        Err(_) => Err(Error::store("the tables were not brought up to date in time: the database does not answer")),
    }
}

/// The version of the tables that are there; 0 where there are none.
async fn version(client: &impl GenericClient) -> Result<i64, tokio_postgres::Error> {
    if !client.query_one("SELECT to_regclass('acf_schema') IS NOT NULL", &[]).await?.try_get(0)? {
        return Ok(0);
    }
    client.query_one("SELECT coalesce(max(version), 0)::bigint FROM acf_schema", &[]).await?.try_get(0)
}
