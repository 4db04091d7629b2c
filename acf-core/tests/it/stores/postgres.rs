//! PostgreSQL. Its address is `ACF_POSTGRES`, of a user who may create schemas and roles.

mod connections;

use std::{
    ops::RangeInclusive,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use acf_core::{
    ErrorKind, Flow, PostgresStore, Token, TokenStore,
    store::{Expect, TokenKey},
};
use tokio_postgres::{Client, NoTls};

use super::{FLOODS, FULL, Store, at_once, checked, flood, full, naming_flow};
use crate::support::Naming;

/// A schema that no other test uses, with a role of the same name where one is created. Both go with it.
pub struct Schema {
    name: String,
    client: Client,
}

fn in_schema(store: PostgresStore, schema: Schema) -> Store {
    Store { schema: Some(Arc::new(schema)), ..Store::of(store) }
}

fn server() -> String {
    std::env::var("ACF_POSTGRES").expect("ACF_POSTGRES: the URL of a PostgreSQL server to test with")
}

async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Schema {
    async fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("acf_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        client(&server()).await.batch_execute(&format!("CREATE SCHEMA {name}")).await.unwrap();
        let client = client(&with(&server(), &format!("options=-csearch_path%3D{name}"))).await;
        Self { name, client }
    }

    fn url(&self) -> String {
        with(&server(), &format!("options=-csearch_path%3D{}", self.name))
    }

    /// With another isolation level as the default.
    fn serializable_url(&self) -> String {
        self.url() + "%20-cdefault_transaction_isolation%3Dserializable"
    }

    async fn connect(&self) -> PostgresStore {
        PostgresStore::connect(&self.url()).await.unwrap()
    }

    async fn run(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    async fn number(&self, sql: &str) -> i64 {
        self.client.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Waits until there are so many: what is removed is removed beside the calls.
    pub async fn has_logins(&self, expected: &RangeInclusive<i64>) {
        for _ in 0..1_000 {
            if expected.contains(&self.number("SELECT count(*) FROM acf_pending_login").await) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} logins", self.number("SELECT count(*) FROM acf_pending_login").await);
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let sql =
            format!("SET client_min_messages = error; DROP SCHEMA {0} CASCADE; DROP ROLE IF EXISTS {0}", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { client(&server()).await.batch_execute(&sql).await.unwrap() });
        });
        assert!(dropped.join().is_ok() || std::thread::panicking());
    }
}

fn with(url: &str, option: &str) -> String {
    format!("{url}{}{option}", if url.contains('?') { '&' } else { '?' })
}

async fn store(capacity: usize) -> Store {
    let schema = Schema::create().await;
    in_schema(schema.connect().await.with_capacity(capacity), schema)
}

fn token() -> Token {
    Token::from_json(r#"{"v":1,"access_token":"s3cret-access","token_type":"bearer","scope":[]}"#).unwrap()
}

fn key() -> TokenKey {
    TokenKey::new("forge", "u")
}

/// What an error says, with all its causes.
fn said(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(|error| format!("{error} {error:?}\n")).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_keeps_what_is_asked_of_every_store() {
    checked("postgres", store(PostgresStore::DEFAULT_CAPACITY).await).await;
    full("postgres", store(FULL).await).await;
    at_once("postgres", store(PostgresStore::DEFAULT_CAPACITY).await).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_keeps_it_where_transactions_are_serializable() {
    let schema = Schema::create().await;
    let store = in_schema(PostgresStore::connect(&schema.serializable_url()).await.unwrap(), schema);
    checked("postgres", store.clone()).await;
    at_once("postgres", store).await;
}

/// What the server gives up because somebody else was there first is done again.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_transaction_that_cannot_be_serialized_is_repeated() {
    let schema = Schema::create().await;
    let store = PostgresStore::connect(&schema.serializable_url()).await.unwrap();
    let version = store.save(&key(), &token(), Expect::Anything).await.unwrap().unwrap();
    schema.run("BEGIN; UPDATE acf_token SET clock = clock").await;
    let saving = tokio::spawn({
        let store = store.clone();
        async move { store.save(&key(), &token(), Expect::Version(version)).await }
    });
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid";
    while schema.number(waiting).await == 0 {
        tokio::task::yield_now().await;
    }
    schema.run("COMMIT").await;
    assert!(saving.await.unwrap().unwrap().is_some());
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_flood_of_logins_does_not_grow_the_table() {
    for (capacity, lifetime, left) in FLOODS {
        let schema = Schema::create().await;
        flood(schema.connect().await.with_capacity(capacity), lifetime).await;
        schema.has_logins(&left).await;
    }
}

/// Logins that have ended are removed while people finish others.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn what_is_removed_is_in_nobodys_way() {
    let (schema, naming) = (Schema::create().await, Naming::default());
    let (ended, lasting) = {
        let store = schema.connect().await;
        (naming_flow(&naming, store.clone(), 0), naming_flow(&naming, store, 600))
    };
    let begin = async |flow: &Flow| format!("code=c&state={}", flow.begin("u").await.unwrap().state.as_str());
    let mut begun = Vec::new();
    for _ in 0..50 {
        begun.push(begin(&lasting).await);
    }
    let flood = tokio::spawn(async move {
        let mut begun = Vec::new();
        for _ in 0..2_100 {
            begun.push(format!("code=c&state={}", ended.begin("u").await.unwrap().state.as_str()));
        }
        for callback in begun {
            assert!(ended.finish("u", &callback).await.is_err());
        }
    });
    for callback in begun {
        let (first, second) = tokio::join!(lasting.finish("u", &callback), lasting.finish("u", &callback));
        assert_eq!([first, second].iter().filter(|result| result.is_ok()).count(), 1);
    }
    flood.await.unwrap();
    schema.has_logins(&(0..=0)).await;
    assert_eq!(naming.calls(), 50);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn sixteen_processes_create_the_tables_at_once() {
    for serializable in [false, true] {
        let schema = Schema::create().await;
        let url = if serializable { schema.serializable_url() } else { schema.url() };
        let starting: Vec<_> = (0..16)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move { PostgresStore::connect(&url).await })
            })
            .collect();
        for started in starting {
            started.await.unwrap().unwrap_or_else(|error| panic!("{serializable}: {}", said(&error)));
        }
        assert_eq!(schema.number("SELECT count(*) FROM acf_schema").await, 1);
    }
}

/// Whatever a later release adds has a default, and this one does not touch it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn it_works_with_the_tables_of_a_later_release() {
    let schema = Schema::create().await;
    schema.connect().await;
    schema
        .run(
            "ALTER TABLE acf_token ADD COLUMN sealed_by text NOT NULL DEFAULT 'nobody';
             ALTER TABLE acf_pending_login ADD COLUMN region text;
             INSERT INTO acf_schema (version) VALUES (99);",
        )
        .await;
    let store = schema.connect().await;
    store.save(&key(), &token(), Expect::Anything).await.unwrap();
    schema.run("UPDATE acf_token SET sealed_by = 'somebody'").await;
    let stored = store.load(&key()).await.unwrap().unwrap();
    store.save(&key(), &token(), Expect::Version(stored.version)).await.unwrap().unwrap();
    store.save(&key(), &token(), Expect::Anything).await.unwrap();
    assert_eq!(schema.number("SELECT count(*) FROM acf_token WHERE sealed_by = 'somebody'").await, 1);
    assert_eq!(schema.number("SELECT max(version) FROM acf_schema").await, 99);
    checked("postgres", in_schema(store, schema)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_user_who_may_create_nothing_needs_tables_that_are_there() {
    let schema = Schema::create().await;
    let name = &schema.name;
    schema.run(&format!("CREATE ROLE {name} LOGIN PASSWORD 'l3ast'; GRANT USAGE ON SCHEMA {name} TO {name}")).await;
    let (head, tail) =
        server().split_once('@').map(|(_, tail)| (format!("postgres://{name}:l3ast@"), tail.to_owned())).unwrap();
    let url = with(&format!("{head}{tail}"), &format!("options=-csearch_path%3D{name}"));

    let error = PostgresStore::connect(&url).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(said(&error).contains("permission denied"), "{}", said(&error));
    schema.connect().await;
    schema
        .run(&format!(
            "GRANT SELECT ON acf_schema TO {name};
             GRANT SELECT, INSERT, UPDATE, DELETE ON acf_pending_login, acf_token TO {name}"
        ))
        .await;
    let store = PostgresStore::connect(&url).await.unwrap();
    checked("postgres", in_schema(store, schema)).await;
}

/// Of what a machine wrote whose clock is an hour ahead, or an hour behind.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn times_are_told_by_the_clock_of_the_server() {
    const HOUR: u64 = 3_600;
    let (schema, naming) = (Schema::create().await, Naming::default());
    let store = schema.connect().await;
    let flow = naming_flow(&naming, store.clone(), 600);
    let now = SystemTime::now();
    for theirs in [now + Duration::from_secs(HOUR), now - Duration::from_secs(HOUR)] {
        let unix = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let end = unix(theirs) + 2 * HOUR;
        let text = format!(r#"{{"v":1,"access_token":"a","token_type":"bearer","scope":[],"expires_at":{end}}}"#);
        store.save(&key(), &Token::from_json(&text).unwrap(), Expect::Anything).await.unwrap();
        let clock = unix(theirs);
        // Both clocks agree that it was half an hour ago.
        schema.run(&format!("UPDATE acf_token SET clock = {clock} - 1800, saved_at = now() - interval '1800 s'")).await;
        let token = flow.session("u").await.unwrap().token().await.unwrap();
        let left = token.expires_at().unwrap().duration_since(now).unwrap().as_secs();
        assert!(left.abs_diff(2 * HOUR) < 60, "{left}");
    }
    for (sql, expected) in [
        ("UPDATE acf_pending_login SET expires_at = now() - interval '1 s'", Err(ErrorKind::StateExpired)),
        (
            "UPDATE acf_pending_login SET login = convert_to(regexp_replace(convert_from(login, 'UTF8'),
                '\"expires_at\":\\d+', '\"expires_at\":1000'), 'UTF8')",
            Ok(()),
        ),
    ] {
        let request = flow.begin("u").await.unwrap();
        schema.run(sql).await;
        let changed = "SELECT count(*) FROM acf_pending_login
            WHERE expires_at < now() OR convert_from(login, 'UTF8') LIKE '%\"expires_at\":1000,%'";
        assert_eq!(schema.number(changed).await, 1);
        let finished = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await;
        assert_eq!(finished.map(drop).map_err(|error| error.kind()), expected, "{sql}");
    }
}

/// It is refused, and left for somebody who can read it.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_damaged_row_is_refused_and_left_alone() {
    let (schema, naming) = (Schema::create().await, Naming::default());
    let store = schema.connect().await;
    let flow = naming_flow(&naming, store.clone(), 600);
    for damage in [
        r#"{"v":2,"access_token":"s3cret-access","token_type":"bearer","scope":[]}"#,
        r#"{"v":1,"access_token":"s3cret-access""#,
        "",
    ] {
        store.save(&key(), &token(), Expect::Anything).await.unwrap();
        schema.client.execute("UPDATE acf_token SET token = $1", &[&damage]).await.unwrap();
        let error = store.load(&key()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Store, "{damage}");
        assert!(!said(&error).contains("s3cret"), "{}", said(&error));
        assert_eq!(schema.number("SELECT count(*) FROM acf_token").await, 1);
    }
    for damage in [
        "convert_to(replace(convert_from(login, 'UTF8'), '\"v\":1', '\"v\":2'), 'UTF8')",
        "set_byte(login, 0, get_byte(login, 0) # 1)",
        "''",
    ] {
        schema.run("DELETE FROM acf_pending_login").await;
        let request = flow.begin("u").await.unwrap();
        schema.run(&format!("UPDATE acf_pending_login SET login = {damage}")).await;
        let error = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Store, "{damage}");
    }
    assert_eq!(naming.calls(), 0);
}

/// What a server says in detail may be a whole row.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn what_the_server_refuses_shows_no_token() {
    let schema = Schema::create().await;
    let store = schema.connect().await;
    schema.run("ALTER TABLE acf_token ADD COLUMN tenant text NOT NULL").await;
    let error = store.save(&key(), &token(), Expect::Anything).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    let said = said(&error);
    assert!(said.contains("tenant") && !said.contains("s3cret"), "{said}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn connections_of_ones_own_will_do() {
    let schema = Schema::create().await;
    let manager = deadpool_postgres::Manager::new(schema.url().parse().unwrap(), NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    let store = PostgresStore::from_pool(pool.clone()).await.unwrap();
    store.save(&key(), &token(), Expect::Anything).await.unwrap();
    assert!(schema.connect().await.load(&key()).await.unwrap().is_some());
    pool.close();
    assert_eq!(store.load(&key()).await.unwrap_err().kind(), ErrorKind::Store);
}
