//! The web demo, when something is wrong: what people see, and what must not happen.

use std::process::Command;

use hyper::{Method, StatusCode};

use crate::{
    support::{Answer, Browser, Scratch, Server, acf, free_ports, param},
    web::assert_hardened,
};

/// Follows the callback to its page of explanation.
pub(crate) async fn problem(browser: &mut Browser, server: &Server, callback: &str, slug: &str, status: u16) -> Answer {
    let answer = browser.get(callback).await;
    assert_hardened(&answer);
    let location = answer.location();
    assert_eq!(location, format!("/problem/{slug}?provider=demo"));
    let page = browser.get(&server.url(&location)).await;
    assert_hardened(&page);
    assert_eq!(page.status, status);
    page
}

#[tokio::test]
async fn saying_no() {
    let server = Server::start();
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    let callback = browser.consent(&authorize, "ada", "deny").await;
    assert_eq!(param(&callback, "iss"), server.issuer);
    let page = problem(&mut browser, &server, &callback, "denied", 403).await;
    assert!(page.body.contains("You did not allow access") && page.body.contains("href=\"/login/demo\""));
    assert!(!page.body.contains("access_denied"));
    assert!(server.stored_tokens().is_empty());
}

#[tokio::test]
async fn the_back_button() {
    let server = Server::start();
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    let callback = browser.consent(&authorize, "ada", "allow").await;
    browser.get(&callback).await.location();
    let tokens = server.stored_tokens();

    let page = problem(&mut browser, &server, &callback, "spent", 400).await;
    assert!(page.body.contains("You are still connected to Demo"), "{}", page.body);
    assert_eq!(server.stored_tokens(), tokens);
}

#[tokio::test]
async fn a_callback_by_hand() {
    let server = Server::start();
    let mut browser = Browser::default();
    for query in ["", "?", "?code=x", "?error=access_denied"] {
        let callback = server.url(&format!("/callback/demo{query}"));
        problem(&mut browser, &server, &callback, "incomplete", 400).await;
    }
    problem(&mut browser, &server, &server.url("/callback/demo?code=x&state=y"), "spent", 400).await;
    assert_eq!(browser.get(&server.url("/callback/nobody")).await.location(), "/problem/not-found");
    for path in ["/callback", "/login/nobody", "/connections/nobody", "/problem/unheard-of", "/x"] {
        let page = browser.get(&server.url(path)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert_hardened(&page);
    }
}

#[tokio::test]
async fn the_providers_own_words_stay_out() {
    let server = Server::start();
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    let state = param(&authorize, "state");
    let callback = format!(
        "/callback/demo?state={state}&error=invalid_scope&error_description=canary%3Cscript%3E&error_uri=https://canary.example"
    );
    let page = problem(&mut browser, &server, &server.url(&callback), "refused", 502).await;
    assert!(!page.body.contains("canary") && !page.body.contains("invalid_scope"), "{}", page.body);

    let authorize = browser.begin(&server).await;
    let callback = format!("/callback/demo?code=x&iss=https://canary.example&state={}", param(&authorize, "state"));
    let page = problem(&mut browser, &server, &server.url(&callback), "mixed-up", 400).await;
    assert!(!page.body.contains("canary"));
}

#[tokio::test]
async fn a_provider_that_is_down() {
    // The authorization server says that it is at a port where nobody is, and the demo believes it.
    let dead = free_ports()[0];
    let server = Server::start_with(|command, _| {
        command.arg("--issuer-url").arg(format!("http://127.0.0.1:{dead}"));
    });
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await.replace(&dead.to_string(), &server.issuer[17..]);
    let (path, query) = authorize.split_once('?').unwrap();
    let no_site: &[_] = &[];
    let body = format!("account=ada&{}", crate::support::form(&[("request", query)]));
    let login = path.replace("/authorize", "/login");
    browser.send(Method::POST, &login, no_site, &body).await.location();
    let callback = browser.send(Method::POST, &authorize, no_site, "decision=allow").await.location();
    let page = problem(&mut browser, &server, &callback, "unreachable", 502).await;
    assert!(page.body.contains("Demo could not be reached"), "{}", page.body);
}

#[tokio::test]
async fn access_that_was_taken_back_at_the_provider() {
    let server = Server::start();
    let mut browser = Browser::default();
    browser.connect(&server).await;
    server.sql("DELETE FROM issuer_grant");
    for action in ["call", "refresh"] {
        let location = browser.post(&server.url(&format!("/connections/demo/{action}")), &[]).await.location();
        assert_eq!(location, "/problem/ended?provider=demo");
    }
    let page = browser.get(&server.url("/problem/ended?provider=demo")).await;
    assert!(page.status == StatusCode::FORBIDDEN && page.body.contains("Connect again"), "{}", page.body);
    let ended = browser.post(&server.url("/connections/demo/disconnect"), &[]).await.location();
    assert_eq!(ended, "/connections/demo?done=disconnected", "revoking what is gone is no error");
    let again = browser.post(&server.url("/connections/demo/disconnect"), &[]).await.location();
    assert_eq!(again, "/connections/demo");
}

#[tokio::test]
async fn a_login_that_took_too_long() {
    let server = Server::start();
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    let callback = browser.consent(&authorize, "ada", "allow").await;
    server.sql("UPDATE acf_pending_login SET login = CAST(json_set(CAST(login AS TEXT), '$.expires_at', 1) AS BLOB)");
    let page = problem(&mut browser, &server, &callback, "expired", 400).await;
    assert!(page.body.contains("That took too long"), "{}", page.body);
    assert!(server.stored_tokens().is_empty());
}

fn fails(command: &mut Command) -> String {
    fails_with(1, command)
}

fn fails_with(code: i32, command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code));
    assert!(output.stdout.is_empty());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    let server = Server::start();
    let (scratch, [port, issuer_port]) = (Scratch::new(), free_ports());
    let taken = server.origin.rsplit_once(':').unwrap().1;
    let line = fails(acf().current_dir(&scratch.0).args(["serve", "--port", taken]));
    assert!(line.contains(taken) && line.contains("--port"), "{line}");
    let line = fails(acf().current_dir(&scratch.0).env("PORT", taken));
    assert!(line.contains(taken), "{line}");
    let free = port.to_string();
    let line = fails(acf().current_dir(&scratch.0).args(["serve", "--port", &free, "--issuer-port", taken]));
    assert!(line.contains("--issuer-port"), "{line}");

    let ports = ["serve", "--port", &free, "--issuer-port", &issuer_port.to_string()];
    let line = fails(acf().current_dir(&scratch.0).args(ports).args(["--database", "none/acf.db"]));
    assert!(line.contains("none/acf.db"), "{line}");
    std::fs::write(scratch.0.join("text.db"), "this is no database, it is a text file").unwrap();
    let line = fails(acf().current_dir(&scratch.0).args(ports).args(["--database", "text.db"]));
    assert!(line.contains("text.db"), "{line}");

    // A server that is away, and a URL of none: 1 and 2, as is promised. Neither shows the password.
    let [dead, _] = free_ports();
    for (code, store, said) in [
        (1, format!("postgres://ada:s3cret@127.0.0.1:{dead}/acf"), format!("postgres://127.0.0.1:{dead}: ")),
        (1, format!("redis://:s3cret@127.0.0.1:{dead}"), format!("redis://127.0.0.1:{dead}: ")),
        (2, "postgres://ada:s3cret@db.example/acf?sslmode=none".to_owned(), "postgres://db.example: ".to_owned()),
    ] {
        let line = fails_with(code, acf().current_dir(&scratch.0).args(ports).env("ACF_SERVE_STORE", store));
        assert!(line.contains(&said) && !line.contains("s3cret"), "{line}");
    }
}
