//! The flow without async, on a thread that has no runtime.

use acf_core::{
    ErrorKind, Flow,
    blocking::{UreqClient, Wait},
    http::ReqwestClient,
    store::{MemoryStore, StateStore},
};
use tokio::runtime::{Handle, Runtime};

use crate::support::{Server, json};

/// Issues another token for each request, and knows who has it.
fn provider(seen: &crate::support::Seen) -> Vec<u8> {
    match seen.form().get("grant_type").map(String::as_str) {
        Some("authorization_code") => json(200, &token(1)),
        Some("refresh_token") => json(200, &token(2)),
        _ => json(200, r#"{"sub":"alice"}"#),
    }
}

fn token(n: u8) -> String {
    format!(r#"{{"access_token":"access-{n}","token_type":"bearer","expires_in":3600,"refresh_token":"refresh-{n}"}}"#)
}

fn whole_login(store: impl StateStore) {
    // The server lives in a runtime that is nobody else's.
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(provider));
    let flow = Flow::builder(server.provider().build().unwrap())
        .state_store(store)
        .http_client(UreqClient::new().unwrap())
        .build()
        .unwrap();

    assert!(Handle::try_current().is_err());
    let request = flow.begin("u").scope("read").wait().unwrap();
    let first = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).wait().unwrap();
    assert_eq!(first.access_token().expose(), "access-1");
    let session = flow.session("u").wait().unwrap();
    let who: serde_json::Value = session.get(server.url("/me")).send().wait().unwrap().json().unwrap();
    assert_eq!(who["sub"], "alice");
    let second = session.refresh().wait().unwrap();
    assert_eq!((second.access_token().expose(), &session.token().wait().unwrap()), ("access-2", &second));
    session.revoke().wait().unwrap();
    assert_eq!(flow.session("u").wait().unwrap_err().kind(), ErrorKind::NoToken);

    let lines: Vec<_> = server.seen().iter().map(|seen| seen.head.lines().next().unwrap().to_owned()).collect();
    let expected = ["POST /token", "GET /me", "POST /token", "POST /revoke", "POST /revoke"];
    assert_eq!(lines, expected.map(|line| format!("{line} HTTP/1.1")));
}

#[test]
fn a_whole_login_with_the_memory_store() {
    whole_login(MemoryStore::new());
}

#[cfg(feature = "sqlite")]
#[test]
fn a_whole_login_with_the_sqlite_store() {
    let path = format!("{}/blocking-{}.db", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    whole_login(acf_core::SqliteStore::open(&path).wait().unwrap());
}

#[test]
fn reqwest_without_a_runtime_says_what_it_needs() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(provider));
    let flow =
        Flow::builder(server.provider().build().unwrap()).http_client(ReqwestClient::new().unwrap()).build().unwrap();
    let request = flow.begin("u").wait().unwrap();
    let error = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(
        ["runtime of tokio", "`blocking::UreqClient`"].iter().all(|part| error.to_string().contains(part)),
        "{error}"
    );
    assert_eq!(server.seen().len(), 0);
}
