//! Two instances of the demo that share what they know, as behind a load balancer.

use crate::support::{Answer, Browser, Server};

/// The access token of the page, masked.
fn token(page: &Answer) -> &str {
    let (_, from) = page.body.split_once("Access token").expect("a page with a token");
    from.split_once("<code>").and_then(|(_, from)| from.split_once("</code>")).expect("a masked token").0
}

/// Each step on the other instance: the login begins on one and ends on the other, which refreshes what the first uses.
async fn share(store: Option<&str>) {
    let one = Server::start_with(|command, _| {
        command.args(store.map(|store| ["--store", store]).iter().flatten());
    });
    let other = Server::start_with(|command, _| {
        command.args(["--issuer-url", &one.issuer, "--public-url", &one.origin]);
        command.arg("--database").arg(one.scratch.0.join("acf.db"));
        command.args(store.map(|store| ["--store", store]).iter().flatten());
    });
    let mut browser = Browser::default();
    let authorize = browser.begin(&one).await;
    let callback = browser.consent(&authorize, "ada", "allow").await;
    let finished = browser.get(&callback.replace(&one.origin, &other.origin)).await;
    assert_eq!(finished.location(), "/connections/demo?done=connected");

    let first = browser.get(&one.url("/connections/demo")).await;
    assert!(first.body.contains("Ada Lovelace"), "{}", first.body);
    let refreshed = browser.post(&other.url("/connections/demo/refresh"), &[]).await.location();
    assert_eq!(refreshed, "/connections/demo?done=refreshed");
    let second = browser.get(&one.url("/connections/demo")).await;
    assert_ne!(token(&first), token(&second));
    for server in [&one, &other] {
        let called = browser.post(&server.url("/connections/demo/call"), &[]).await.location();
        assert_eq!(called, "/connections/demo?done=called");
    }
    let gone = browser.post(&other.url("/connections/demo/disconnect"), &[]).await.location();
    assert_eq!(browser.get(&one.url("/connections/demo")).await.status, hyper::StatusCode::NOT_FOUND, "{gone}");
}

#[tokio::test]
async fn two_instances_on_one_file() {
    share(None).await;
}

/// What the test servers are, as `.ci/run` says.
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} names no server"))
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn two_instances_on_postgres() {
    share(Some(&variable("ACF_POSTGRES"))).await;
}

#[tokio::test]
#[ignore = "needs Redis"]
async fn two_instances_on_redis() {
    share(Some(&variable("ACF_REDIS"))).await;
}
