use std::path::PathBuf;

use acf_core::{
    ErrorKind, Flow, SqliteStore, TokenStore,
    store::{Expect, TokenKey},
};

use super::{FLOODS, flood, token};
use crate::support::{Server, TOKEN};

/// A path that no other test uses.
pub(super) fn path() -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("acf-{}-{}.db", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", path.display())));
    }
    path
}

#[tokio::test]
async fn a_login_and_a_token_survive_the_store() {
    let (path, server) = (path(), Server::issuing(TOKEN).await);
    let open = async || {
        let store = SqliteStore::open(&path).await.unwrap();
        Flow::builder(server.provider().build().unwrap()).state_store(store).build().unwrap()
    };
    let request = open().await.begin("u").await.unwrap();
    open().await.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    assert_eq!(open().await.session("u").await.unwrap().token().await.unwrap().access_token().expose(), "access-1");
}

#[tokio::test]
async fn the_file_is_private_and_holds_no_state() {
    let (path, server) = (path(), Server::issuing(TOKEN).await);
    let store = SqliteStore::open(&path).await.unwrap();
    let flow = Flow::builder(server.provider().build().unwrap()).state_store(store).build().unwrap();
    let request = flow.begin("u").await.unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(std::fs::read(format!("{}-wal", path.display())).unwrap());
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("forge") && !text.contains(request.state.as_str()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let path = path();
    std::fs::write(
        &path,
        "not a database, but long enough to be looked at by SQLite, which reads 100 bytes. ".repeat(3),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = SqliteStore::open(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let nowhere = SqliteStore::open("/nonexistent/acf.db").await.unwrap_err();
    assert_eq!(nowhere.kind(), ErrorKind::Store);
}

#[tokio::test]
async fn a_flood_of_logins_does_not_grow_the_file() {
    for (capacity, lifetime, left) in FLOODS {
        let path = path();
        flood(SqliteStore::open_with_capacity(&path, capacity).await.unwrap(), lifetime).await;
        let file = rusqlite::Connection::open(&path).unwrap();
        let rows: i64 = file.query_row("SELECT count(*) FROM acf_pending_login", [], |row| row.get(0)).unwrap();
        assert!(left.contains(&rows), "{rows} for a capacity of {capacity}");
    }
}

/// Each of many programs that start together makes the file and its tables, or finds them.
#[tokio::test(flavor = "multi_thread")]
async fn sixteen_open_a_new_file_at_once() {
    for _ in 0..20 {
        let path = path();
        let opening: Vec<_> = (0..16).map(|_| tokio::spawn(SqliteStore::open(path.clone()))).collect();
        for opened in opening {
            let opened = opened.await.unwrap();
            assert!(opened.is_ok(), "{opened:?}");
        }
    }
}

/// What SQLite would take for something else: a URI, and a database in memory. The file that it opened then would be readable
/// by everybody.
#[cfg(unix)]
#[tokio::test]
async fn a_path_is_never_anything_else() {
    use std::os::unix::fs::PermissionsExt;
    let plain = format!("acf-{}.db", std::process::id());
    let (uri, key) = (format!("file:{plain}"), TokenKey::new("forge", "u"));
    let mut found = Vec::new();
    for path in [uri.as_str(), ":memory:"] {
        SqliteStore::open(path).await.unwrap().save(&key, &token(), Expect::Anything).await.unwrap();
        let kept = SqliteStore::open(path).await.unwrap().load(&key).await.unwrap().is_some();
        found.push((kept, std::fs::metadata(path).unwrap().permissions().mode() & 0o777));
    }
    let elsewhere = std::fs::exists(&plain).unwrap();
    // It is the directory of the package.
    for path in [&plain, &uri, ":memory:"] {
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{path}{end}")));
        }
    }
    assert_eq!((found, elsewhere), (vec![(true, 0o600); 2], false));
}

/// A backup, or a program that is stopped in the middle of a transaction.
#[tokio::test]
async fn what_is_stored_is_read_while_another_process_writes() {
    let (path, key) = (path(), TokenKey::new("forge", "u"));
    let store = SqliteStore::open(&path).await.unwrap();
    store.save(&key, &token(), Expect::Anything).await.unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.load(&key).await.unwrap().is_some());
    assert_eq!(store.connections("forge", "u").await.unwrap(), [""]);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_fails_nobody_else() {
    let (path, [one, damaged, two]) = (path(), ["1", "x", "2"].map(|user| TokenKey::new("forge", user)));
    let store = SqliteStore::open(&path).await.unwrap();
    store.save(&damaged, &token(), Expect::Anything).await.unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute("UPDATE acf_token SET token = x'ff'", []).unwrap();
    // All of them wait for the lock, and then come together.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let token = token();
    let (one, damaged, two, ()) = tokio::join!(
        store.save(&one, &token, Expect::Anything),
        store.load(&damaged),
        store.save(&two, &token, Expect::Anything),
        async { other.execute_batch("ROLLBACK").unwrap() },
    );
    assert_eq!(damaged.unwrap_err().kind(), ErrorKind::Store);
    assert!(one.unwrap().is_some() && two.unwrap().is_some());
}
