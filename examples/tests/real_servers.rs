//! `acf login custom` against an authorization server that others wrote, as a script would use it.
//!
//! Ignored unless asked for, because it needs oidc-provider: `cargo test -- --include-ignored`, after what `.ci/run`
//! installs.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use acf_core::http::{HttpClient, Limits, Request, ReqwestClient};
use person::Answer;
use server::{OIDC_PROVIDER, Server};

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

/// Exit code, standard output, and what follows the URL on standard error.
async fn login(server: &Server, client: &str, method: &str, secret: &Path, answer: Answer) -> (i32, String, String) {
    let endpoint = |path: &str| format!("{}{path}", server.issuer);
    let mut process = Command::new(env!("CARGO_BIN_EXE_acf"))
        .args(["login", "custom", "--no-browser", "--timeout", "60", "--scope", "openid", "--client-id", client])
        .args(["--authorization-endpoint", &endpoint("/auth"), "--token-endpoint", &endpoint("/token")])
        .args(["--issuer", &server.issuer, "--client-auth", method, "--client-secret-file"])
        .arg(secret)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    let url = line.trim_end().strip_prefix("open ").unwrap_or_else(|| panic!("no URL: {line}"));

    let callback = person::walk(url, answer).await;
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = callback.parse().unwrap();
    let window = ReqwestClient::new().unwrap().send(request, Limits::API).await.unwrap();
    assert!(String::from_utf8_lossy(window.body()).contains("close this window"), "{window:?}");

    let (mut out, mut err) = (String::new(), String::new());
    process.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    stderr.read_to_string(&mut err).unwrap();
    (process.wait().unwrap().code().unwrap(), out, err)
}

fn secret_file(secret: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("secret-{}-{}", std::process::id(), secret.len()));
    std::fs::write(&path, format!("{secret}\n")).unwrap();
    path
}
