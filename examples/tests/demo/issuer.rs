//! The embedded authorization server, by the rules that clients rely on.

use hyper::{Method, StatusCode};
use serde_json::Value;

use crate::support::{Answer, Browser, Server, form, param};

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:4242/callback";

fn authorize(server: &Server, changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", "acf-cli"),
        ("redirect_uri", REDIRECT),
        ("state", "s"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    format!("{}/authorize?{}", server.issuer, form(&fields))
}

async fn code(server: &Server) -> String {
    let callback = Browser::default().consent(&authorize(server, &[("scope", "profile")]), "ada", "allow").await;
    assert_eq!((param(&callback, "state"), param(&callback, "iss")), ("s".to_owned(), server.issuer.clone()));
    param(&callback, "code")
}

async fn post(server: &Server, path: &str, fields: &[(&str, &str)]) -> Answer {
    let url = format!("{}{path}", server.issuer);
    let answer = Browser::default().send(Method::POST, &url, &[], &form(fields)).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

async fn redeem(server: &Server, code: &str, verifier: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", "acf-cli"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", verifier),
    ];
    post(server, "/token", &fields).await
}

async fn refresh(server: &Server, token: &Value) -> Answer {
    let refresh = token["refresh_token"].as_str().unwrap();
    post(server, "/token", &[("grant_type", "refresh_token"), ("client_id", "acf-cli"), ("refresh_token", refresh)])
        .await
}

async fn userinfo(server: &Server, token: &Value, path: &str) -> Answer {
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let url = format!("{}{path}", server.issuer);
    Browser::default().send(Method::GET, &url, &[("authorization", &bearer)], "").await
}

fn assert_refused(answer: &Answer, error: &str) {
    assert_eq!((answer.status, answer.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some(error)));
}

#[tokio::test]
async fn a_token_and_what_it_opens() {
    let server = Server::start();
    let token = redeem(&server, &code(&server).await, VERIFIER).await.json();
    assert_eq!(token["scope"], "profile");
    assert!((290..=300).contains(&token["expires_in"].as_i64().unwrap()), "{token}");
    let me = userinfo(&server, &token, "/userinfo").await.json();
    assert_eq!(me, serde_json::json!({ "sub": "1815", "name": "Ada Lovelace", "scope": "profile" }));
    assert_eq!(userinfo(&server, &token, "/notes").await.status, StatusCode::FORBIDDEN, "no such scope");
    let nobody = userinfo(&server, &serde_json::json!({ "access_token": "x" }), "/userinfo").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert!(nobody.header("www-authenticate").contains("invalid_token"));

    let database = std::fs::read(server.scratch.0.join("acf.db")).unwrap();
    let log = std::fs::read(server.scratch.0.join("acf.db-wal")).unwrap_or_default();
    for secret in ["access_token", "refresh_token"].map(|name| token[name].as_str().unwrap()) {
        let found = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found(&database) && !found(&log), "only digests are stored");
    }
}

#[tokio::test]
async fn a_code_that_is_used_twice_ends_what_came_of_it() {
    let server = Server::start();
    let code = code(&server).await;
    let token = redeem(&server, &code, VERIFIER).await.json();
    assert_refused(&redeem(&server, &code, VERIFIER).await, "invalid_grant");
    assert_eq!(userinfo(&server, &token, "/userinfo").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn codes_are_bound() {
    let server = Server::start();
    assert_refused(&redeem(&server, &code(&server).await, &"x".repeat(43)).await, "invalid_grant");
    assert_refused(&redeem(&server, "unknown", VERIFIER).await, "invalid_grant");
}

#[tokio::test]
async fn refresh_tokens_rotate() {
    let server = Server::start();
    let first = redeem(&server, &code(&server).await, VERIFIER).await.json();
    let second = refresh(&server, &first).await.json();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_refused(&refresh(&server, &first).await, "invalid_grant");
    assert_eq!(userinfo(&server, &second, "/userinfo").await.status, StatusCode::OK, "an honest race ends nothing");

    let fields = [("client_id", "acf-cli"), ("token", second["refresh_token"].as_str().unwrap())];
    assert_eq!(post(&server, "/revoke", &fields).await.status, StatusCode::OK);
    assert_eq!(userinfo(&server, &second, "/userinfo").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&server, "/revoke", &fields).await.status, StatusCode::OK, "RFC 7009 section 2.2");
    assert_eq!(
        post(&server, "/revoke", &[("client_id", "demo"), ("token", "x")]).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn requests_it_does_not_accept() {
    let server = Server::start();
    // Nobody to send the browser to.
    for changes in [
        [("client_id", "nobody")],
        [("redirect_uri", "https://evil.example/callback")],
        [("redirect_uri", "http://localhost.evil.example/callback")],
        [("redirect_uri", "http://127.0.0.1@evil.example/callback")],
        [("redirect_uri", "")],
        [("client_id", "demo")],
    ] {
        let answer = Browser::default().get(&authorize(&server, &changes)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{changes:?}");
        assert!(answer.header("location").is_empty() && answer.body.contains("Unknown application"));
    }
    // The client is told.
    for (changes, error) in [
        (vec![("code_challenge", "")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("scope", "everything")], "invalid_scope"),
        (vec![("response_type", "token")], "unsupported_response_type"),
    ] {
        let location = Browser::default().get(&authorize(&server, &changes)).await.location();
        assert!(location.starts_with(REDIRECT), "{location}");
        assert_eq!((param(&location, "error").as_str(), param(&location, "iss")), (error, server.issuer.clone()));
    }
}

#[tokio::test]
async fn it_describes_itself() {
    let server = Server::start();
    let url = format!("{}/.well-known/oauth-authorization-server", server.issuer);
    let metadata = Browser::default().get(&url).await.json();
    assert_eq!(metadata["issuer"].as_str(), Some(server.issuer.as_str()));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
}
