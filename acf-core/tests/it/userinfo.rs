//! Who a token belongs to: what is read out of an answer, and what is refused.

use acf_core::{ErrorKind, Flow, Next};

use crate::{
    shapes::provider,
    support::{Server, TOKEN, answer, json, logged_in},
};

/// The answer of a provider of these lines.
async fn ask(lines: &str, reply: Vec<u8>) -> Result<acf_core::Userinfo, acf_core::Error> {
    let server = Server::start(move |seen| match seen.head.starts_with("GET /me") {
        true => reply.clone(),
        false => json(200, TOKEN),
    })
    .await;
    logged_in(&Flow::new(provider(&server, lines)).unwrap()).await.userinfo().await
}

#[tokio::test]
async fn who_it_is() {
    for (lines, body, id) in [
        ("", r#"{"sub":"u1","id":7}"#, Some("u1")),
        ("", r#"{"id":7}"#, Some("7")),
        ("", r#"{"id":-18446744073709551615}"#, None),
        ("", r#"{"id":18446744073709551615}"#, Some("18446744073709551615")),
        ("", r#"{"id":18446744073709551616}"#, None),
        ("", r#"{"sub":"","id":"x"}"#, Some("x")),
        ("", r#"{"id":{"a":1}}"#, None),
        ("", "{}", None),
        // What changes hands identifies nobody, and neither does nothing.
        ("", r#"{"sub":""}"#, None),
        ("", r#"{"sub":null,"email":"a@b.example","email_verified":"true","preferred_username":"u1"}"#, None),
        // As it was sent: what looks alike is not made equal.
        ("", r#"{"sub":"U\u00311 "}"#, Some("U11 ")),
        ("userinfo.id=user_id", r#"{"sub":"u1","user_id":8}"#, Some("8")),
        ("userinfo.id=user_id", r#"{"sub":"u1"}"#, None),
        ("userinfo.id=/account/id", r#"{"account":{"id":"a"}}"#, Some("a")),
        ("userinfo.path=data", r#"{"data":{"id":"d"}}"#, Some("d")),
        ("userinfo.path=/data/0", r#"{"data":[{"id":"first"},{"id":"second"}]}"#, Some("first")),
        ("userinfo.path=/a~1b\nuserinfo.id=n", r#"{"a/b":{"n":1}}"#, Some("1")),
    ] {
        let person = ask(lines, json(200, body)).await.unwrap();
        assert_eq!(person.id(), id, "{lines} {body}");
        assert!(!format!("{person:?}").contains("u1"), "{person:?}");
    }
    let person = ask("", answer(201, "content-type: text/plain\r\n", r#"{"sub":"u1","name":"N"}"#)).await.unwrap();
    assert_eq!((person.get("name").unwrap(), person.claims().len()), (&"N".into(), 2));
}

#[tokio::test]
async fn answers_that_say_nothing() {
    let reauthorize = Next::Reauthorize;
    let fix = Next::FixConfiguration;
    for (lines, reply, kind, next, says) in [
        ("", json(401, "{}"), ErrorKind::TokenExpired, reauthorize, "(401): refresh it"),
        ("", json(403, r#"{"error":"insufficient_scope"}"#), ErrorKind::Provider, fix, "insufficient_scope"),
        ("", json(500, "oh, access-1"), ErrorKind::Response, Next::Retry, "the userinfo endpoint answered 500"),
        ("", answer(302, "location: /elsewhere\r\n", ""), ErrorKind::Response, fix, "redirects (302"),
        ("", json(200, "[]"), ErrorKind::Response, fix, "without a JSON object (it sent `application/json`)"),
        ("", answer(200, "content-type: application/jwt\r\n", "e.e.e"), ErrorKind::Response, fix, "`application/jwt`"),
        ("userinfo.path=/data", json(200, "{}"), ErrorKind::Response, fix, "at `/data`"),
        ("userinfo.path=/data", json(200, r#"{"data":[{"id":1}]}"#), ErrorKind::Response, fix, "at `/data`"),
    ] {
        let error = ask(lines, reply).await.unwrap_err();
        assert_eq!((error.kind(), error.next()), (kind, next), "{error}");
        assert!(error.to_string().contains(says) && !error.to_string().contains("access-1"), "{error}");
    }
}

#[tokio::test]
async fn a_provider_without_such_an_endpoint() {
    let server = Server::issuing(TOKEN).await;
    let session = logged_in(&server.flow()).await;
    let error = session.userinfo().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("`userinfo_path`"), "{error}");
}
