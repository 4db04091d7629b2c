//! `acf login custom`, in the browser.

use std::{net::TcpListener, path::Path, process::Command};

use crate::{
    custom,
    login::Login,
    person::{self, Answer},
    secret_file,
    server::{OIDC_PROVIDER, Server},
};

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
    let mut command = by_endpoints(&server, "acf-public", "2");
    let login = Login::begin(command.args(["--redirect-uri", &elsewhere]));
    assert_eq!(person::page(&login.url).await.status(), 400);
    let (code, stdout, stderr) = login.end();
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (4, "", 1), "{stderr}");
    assert!(stderr.contains(&format!("redirect URI {elsewhere}")), "{stderr}");
}

/// Exit code, standard output, and what follows the URL on standard error.
async fn login(server: &Server, client: &str, method: &str, secret: &Path, answer: Answer) -> (i32, String, String) {
    let mut command = by_endpoints(server, client, "60");
    let login = Login::begin(command.args(["--client-auth", method, "--client-secret-file"]).arg(secret));
    let callback = person::walk(&login.url, answer).await;
    let window = person::page(&callback).await;
    assert!(String::from_utf8_lossy(window.body()).contains("close this window"), "{window:?}");
    login.end()
}

fn by_endpoints(server: &Server, client: &str, timeout: &str) -> Command {
    let mut command = custom("login", server, client);
    let endpoint = |path: &str| format!("{}{path}", server.issuer);
    command.args(["--no-browser", "--timeout", timeout, "--scope", "openid"]).args([
        "--authorization-endpoint",
        &endpoint("/auth"),
        "--token-endpoint",
        &endpoint("/token"),
    ]);
    command
}
