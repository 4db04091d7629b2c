//! `acf login custom` against an authorization server that others wrote, as a script would use it.
//!
//! Ignored unless asked for, because it needs oidc-provider: `cargo test -- --include-ignored`, after what `.ci/run`
//! installs.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use login::Login;
use person::Answer;
use server::{OIDC_PROVIDER, Server};

#[path = "demo/login.rs"]
#[allow(dead_code, reason = "nothing is said before the URL here")]
mod login;
// The server and the person in front of it are those of acf-core's tests.
#[path = "../../acf-core/tests/real_servers/person.rs"]
mod person;
#[path = "../../acf-core/tests/real_servers/server.rs"]
#[allow(dead_code, reason = "only one of the servers is needed here")]
mod server;

#[tokio::test]
#[ignore = "needs oidc-provider"]
async fn login_custom_against_oidc_provider() {
    let server = Server::start(&OIDC_PROVIDER);
    let cases = [
        ("acf-basic", "client_secret_basic", "p%+/&:x", Answer::Allow, 0),
        ("acf-post", "client_secret_post", "p%+/&:x", Answer::Allow, 0),
        ("acf-basic", "client_secret_basic", "p%+/&:x", Answer::Deny, 3),
        ("acf-basic", "client_secret_basic", "wrong", Answer::Allow, 5),
    ];
    for (client, method, secret, answer, expected) in cases {
        let (code, stdout, stderr) = login(&server, client, method, &secret_file(secret), answer).await;
        assert_eq!(code, expected, "{client} {method}: {stderr}");
        assert!(!stderr.contains(secret), "{stderr}");
        if expected == 0 {
            let printed: serde_json::Value = serde_json::from_str(&stdout).unwrap();
            let members: Vec<_> = printed.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(members, ["access_token", "expires_at", "refresh_token", "scope", "token_type"]);
            assert_eq!((printed["token_type"].as_str(), printed["scope"].as_str()), (Some("Bearer"), Some("openid")));
            assert!(printed["refresh_token"].is_string() && printed["expires_at"].is_string());
        } else {
            assert_eq!((stdout.as_str(), stderr.lines().count()), ("", 1), "{stderr}");
        }
    }
}

/// The provider tells the person alone, so the program waits until its time is up, and says where to look.
#[tokio::test]
#[ignore = "needs oidc-provider"]
async fn a_redirect_uri_that_the_provider_does_not_know_is_4() {
    let server = Server::start(&OIDC_PROVIDER);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let elsewhere = format!("http://{free}/elsewhere");
    let mut command = custom(&server, "acf-public", "2");
    let login = Login::begin(command.args(["--redirect-uri", &elsewhere]));
    assert_eq!(person::page(&login.url).await.status(), 400);
    let (code, stdout, stderr) = login.end();
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (4, "", 1), "{stderr}");
    assert!(stderr.contains(&format!("redirect URI {elsewhere}")), "{stderr}");
}

/// Exit code, standard output, and what follows the URL on standard error.
async fn login(server: &Server, client: &str, method: &str, secret: &Path, answer: Answer) -> (i32, String, String) {
    let mut command = custom(server, client, "60");
    let login = Login::begin(command.args(["--client-auth", method, "--client-secret-file"]).arg(secret));
    let callback = person::walk(&login.url, answer).await;
    let window = person::page(&callback).await;
    assert!(String::from_utf8_lossy(window.body()).contains("close this window"), "{window:?}");
    login.end()
}

fn custom(server: &Server, client: &str, timeout: &str) -> Command {
    let endpoint = |path: &str| format!("{}{path}", server.issuer);
    let mut command = Command::new(env!("CARGO_BIN_EXE_acf"));
    command
        .args(["login", "custom", "--no-browser", "--timeout", timeout, "--scope", "openid", "--client-id", client])
        .args(["--authorization-endpoint", &endpoint("/auth"), "--token-endpoint", &endpoint("/token")])
        .args(["--issuer", &server.issuer]);
    command
}

fn secret_file(secret: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("secret-{}-{}", std::process::id(), secret.len()));
    std::fs::write(&path, format!("{secret}\n")).unwrap();
    path
}
