//! Connections: what is sent over them, to whom, and what becomes of those that fail.

use std::{
    future::{Future, pending},
    pin::pin,
    task::{Context, Poll, Waker},
};

use acf_core::{ErrorKind, PostgresStore, TokenStore, store::Expect};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};
use tokio_postgres::NoTls;

use super::{Schema, key, said, server, token, with};

/// On one thread: whoever asks is behind the connection, which has read its end.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_connection_that_was_ended_is_replaced() {
    const THEIRS: &str = "FROM pg_stat_activity WHERE application_name = current_schema()";
    let schema = Schema::create().await;
    let url = with(&schema.url(), &format!("application_name={}", schema.name));
    let store = PostgresStore::connect(&url).await.unwrap();
    for _ in 0..3 {
        let version = store.save(&key(), &token(), Expect::Anything).await.unwrap().unwrap();
        assert!(schema.number(&format!("SELECT count(pg_terminate_backend(pid)) {THEIRS}")).await > 0);
        while schema.number(&format!("SELECT count(*) {THEIRS}")).await > 0 {}
        assert_eq!(store.load(&key()).await.unwrap().unwrap().version, version);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Line {
    Open,
    /// Whatever is sent does not arrive, nor does anything else on that connection.
    Silent,
    /// The next thing that is sent ends the connection, and does not arrive.
    Cut,
}

/// A way to the server, which is as it is told to be.
async fn line(url: &str) -> (String, watch::Sender<Line>) {
    let config: tokio_postgres::Config = url.parse().unwrap();
    let port = config.get_ports()[0];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = url.replace(&format!(":{port}/"), &format!(":{}/", listener.local_addr().unwrap().port()));
    let line = watch::Sender::new(Line::Open);
    tokio::spawn({
        let line = line.clone();
        async move {
            while let Ok((one, _)) = listener.accept().await {
                let other = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let ((from_one, to_one), (from_other, to_other)) = (one.into_split(), other.into_split());
                tokio::spawn(pass_on(from_one, to_other, line.clone()));
                tokio::spawn(pass_on(from_other, to_one, line.clone()));
            }
        }
    });
    (url, line)
}

async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: watch::Sender<Line>) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let now = *line.borrow();
        if now == Line::Silent {
            pending::<()>().await;
        }
        if now == Line::Cut || to.write_all(&bytes[..read]).await.is_err() {
            line.send_if_modified(|line| std::mem::replace(line, Line::Open) == Line::Cut);
            break;
        }
    }
}

/// What has certainly not been sent is sent on another connection. What may have been is an error.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_statement_that_may_have_arrived_is_not_repeated() {
    let schema = Schema::create().await;
    let (url, line) = line(&schema.url()).await;
    let manager = deadpool_postgres::Manager::new(url.parse().unwrap(), NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    let store = PostgresStore::from_pool(pool).await.unwrap();

    store.save(&key(), &token(), Expect::Anything).await.unwrap();
    line.send_replace(Line::Cut);
    // The connection does not know this statement yet.
    assert!(store.delete(&key()).await.unwrap());
    assert!(*line.borrow() == Line::Open);

    store.save(&key(), &token(), Expect::Anything).await.unwrap();
    line.send_replace(Line::Cut);
    let error = store.save(&key(), &token(), Expect::Anything).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(store.load(&key()).await.unwrap().is_some());
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_falls_silent_is_not_waited_for() {
    let schema = Schema::create().await;
    let (url, line) = line(&schema.url()).await;
    let store = PostgresStore::connect(&url).await.unwrap();
    store.save(&key(), &token(), Expect::Anything).await.unwrap();
    line.send_replace(Line::Silent);
    // Nothing happens any more, so the clock may run ahead.
    tokio::time::pause();
    let error = store.load(&key()).await.unwrap_err();
    assert!(said(&error).contains("has not answered in time"), "{}", said(&error));
    let error = store.load(&key()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    tokio::time::resume();
    line.send_replace(Line::Open);
    assert!(store.load(&key()).await.unwrap().is_some());
}

/// Or the server has ever more connections that wait for one lock.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn what_is_given_up_is_not_left_to_the_server() {
    let authority = std::fs::read(std::env::var("ACF_POSTGRES_CA").unwrap()).unwrap();
    for encrypted in [false, true] {
        let schema = Schema::create().await;
        let store = match encrypted {
            false => schema.connect().await,
            true => {
                let url = with(&schema.url(), "sslmode=require");
                PostgresStore::connect_with_roots(&url, &authority).await.unwrap()
            }
        };
        store.load(&key()).await.unwrap();
        schema.run("BEGIN; LOCK TABLE acf_token").await;
        let load = tokio::spawn({
            let store = store.clone();
            async move { store.load(&key()).await }
        });
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'acf_token'::regclass";
        while schema.number(waiting).await == 0 {}
        tokio::time::pause();
        let error = load.await.unwrap().unwrap_err();
        assert!(said(&error).contains("has not answered in time"), "{}", said(&error));
        tokio::time::resume();
        let mut still = schema.number(waiting).await;
        for _ in 0..500 {
            if still == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            still = schema.number(waiting).await;
        }
        schema.run("COMMIT").await;
        assert_eq!(still, 0, "encrypted: {encrypted}");
        store.load(&key()).await.unwrap();
    }
}

/// A server that takes no more changes: whatever leads to the database may lead to another one by now.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_connection_that_may_not_write_is_given_up() {
    let schema = Schema::create().await;
    schema.connect().await;
    let name = &schema.name;
    schema
        .run(&format!(
            "CREATE ROLE {name} LOGIN PASSWORD 'r0';
             GRANT USAGE ON SCHEMA {name} TO {name};
             GRANT SELECT ON acf_schema TO {name};
             GRANT SELECT, INSERT, UPDATE, DELETE ON acf_pending_login, acf_token TO {name};
             ALTER ROLE {name} SET default_transaction_read_only = on"
        ))
        .await;
    let url = schema.url();
    let (_, tail) = url.split_once('@').unwrap();
    let store = PostgresStore::connect(&format!("postgres://{name}:r0@{tail}")).await.unwrap();
    let save = async || store.save(&key(), &token(), Expect::Anything).await;
    let error = save().await.unwrap_err();
    assert!(said(&error).contains("read-only"), "{}", said(&error));
    schema.run(&format!("ALTER ROLE {name} RESET default_transaction_read_only")).await;
    // The logins are counted on a connection of its own, which may be noticed second.
    drop(save().await);
    save().await.unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn certificates_are_verified_and_bound_to_the_login() {
    let schema = Schema::create().await;
    let authority =
        std::fs::read(std::env::var("ACF_POSTGRES_CA").expect("ACF_POSTGRES_CA: who vouches for it")).unwrap();
    let url = with(&schema.url(), "sslmode=verify-full&channel_binding=require");
    let store = PostgresStore::connect_with_roots(&url, &authority).await.unwrap();
    store.save(&key(), &token(), Expect::Anything).await.unwrap();
    assert!(store.load(&key()).await.unwrap().is_some());

    let error = PostgresStore::connect(&url).await.unwrap_err();
    assert!(said(&error).contains("certificate"), "{}", said(&error));
    // Another name for the same address.
    let other = url.replace("@127.0.0.1", "@localhost");
    let error = PostgresStore::connect_with_roots(&other, &authority).await.unwrap_err();
    assert!(said(&error).contains("certificate"), "{}", said(&error));
}

/// Another machine that has no TLS gets to know nothing but that it was asked for.
#[tokio::test]
async fn nobody_elsewhere_is_spoken_to_in_clear() {
    const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
    for (mode, expected) in
        [("", false), ("sslmode=prefer", false), ("sslmode=require", false), ("sslmode=disable", true)]
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = vec![0; 1024];
            let read = stream.read(&mut seen).await.unwrap();
            seen.truncate(read);
            // Whoever asks for TLS gets its answer: there is none.
            if seen == SSL_REQUEST {
                stream.write_all(b"N").await.unwrap();
                stream.read_to_end(&mut seen).await.unwrap();
            }
            seen
        });
        let text =
            format!("host=db.example hostaddr=127.0.0.1 port={port} user=an-admin password=s3cret dbname=d {mode}");
        let error = PostgresStore::connect(&text).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Store);
        assert!(!said(&error).contains("s3cret"), "{}", said(&error));
        let seen = server.await.unwrap();
        assert_eq!(seen != SSL_REQUEST, expected, "{mode}");
    }
}

/// Whether or not they are needed.
#[tokio::test]
async fn authorities_that_cannot_be_read_are_refused() {
    for url in ["postgres://u@127.0.0.1:1/d", "postgres://u@127.0.0.1:1/d?sslmode=require"] {
        let error = PostgresStore::connect_with_roots(url, b"none").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
    }
}

#[tokio::test]
async fn no_password_is_in_an_error() {
    for (url, kind) in [
        ("postgres://u:s3cret@127.0.0.1:99999/d", ErrorKind::Configuration),
        ("postgres://u:s3cret@127.0.0.1:5432/d?sslmode=s3cret", ErrorKind::Configuration),
        ("postgres://u:p?s3cret=1@127.0.0.1/d?s3cret=1", ErrorKind::Configuration),
        ("host=127.0.0.1 password=a s3cret=1", ErrorKind::Configuration),
        ("host=127.0.0.1 password=a s3cret", ErrorKind::Configuration),
        ("s3cret", ErrorKind::Configuration),
        // Nobody listens there.
        ("postgres://u:s3cret@127.0.0.1:1/d", ErrorKind::Store),
        ("host=/nonexistent user=u password=s3cret", ErrorKind::Store),
    ] {
        let error = PostgresStore::connect(url).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{url}");
        assert!(!said(&error).contains("s3cret"), "{url}: {}", said(&error));
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_wrong_password_is_not_repeated() {
    let (schema, server) = (Schema::create().await, server());
    assert!(!format!("{:?}", schema.connect().await).contains("acf@"));
    let (_, tail) = server.split_once('@').unwrap();
    let error = PostgresStore::connect(&format!("postgres://{}:s3cret@{tail}", schema.name)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(said(&error).contains("authentication") && !said(&error).contains("s3cret"), "{}", said(&error));
}

#[test]
fn without_a_runtime_that_will_do_it_says_so() {
    let connecting = pin!(PostgresStore::connect("postgres://u@127.0.0.1/d"));
    match connecting.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => assert_eq!(error.kind(), ErrorKind::Configuration),
        other => panic!("{other:?}"),
    }
    let unable = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = unable.block_on(PostgresStore::connect("postgres://u@127.0.0.1/d")).unwrap_err();
    assert!(error.kind() == ErrorKind::Store && said(&error).contains("no I/O"), "{}", said(&error));
}
