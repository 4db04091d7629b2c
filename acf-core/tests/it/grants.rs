//! Grants that begin and end at the token endpoint, and what may be asked of each.

use acf_core::{Custom, ErrorKind, Flow, Token};

use crate::support::{Server, json};

const ISSUED: &str = r#"{"access_token":"access-1","token_type":"bearer","expires_in":3600}"#;

/// In expected requests: what most of them have in common.
const SHORT: &[(&str, &str)] =
    &[("<grant>", "grant_type=client_credentials"), ("<post>", "client_id=id&client_secret=s3cret")];

/// The flow of a declaration in lines, beside what every one has here.
fn flow(server: &Server, declared: &str) -> Flow {
    let mut builder = Custom::builder("forge")
        .client_id("id")
        .client_secret("s3cret".parse().unwrap())
        .redirect_uri("https://app.example/cb");
    for (key, value) in [
        ("base_uri", server.url("").as_str()),
        ("access_token_path", "/token"),
        ("introspection_path", "/introspect"),
        ("client_auth", "client_secret_post"),
    ]
    .into_iter()
    .chain((!declared.contains("grant_types")).then_some(("authorization_path", "/authorize")))
    .chain((!declared.contains("scope=")).then_some(("scope", "read")))
    .chain(declared.lines().filter_map(|line| line.split_once('=')))
    {
        builder = builder.set(key, value);
    }
    Flow::new(builder.build().unwrap_or_else(|error| panic!("{declared}: {error}"))).unwrap()
}

#[tokio::test]
async fn client_credentials() {
    let server = Server::issuing(ISSUED).await;
    for (declared, expected) in [
        ("", "<grant>&scope=read&<post>"),
        ("client_auth=client_secret_basic", "<grant>&scope=read"),
        ("token.params.audience=api", "<grant>&scope=read&audience=api&<post>"),
        // What a code alone knows, or needs.
        ("token.params.c={code}\ntoken.grant_type=odd", "<grant>&scope=read&<post>"),
        ("token.omit=grant_type\ntoken.rename.client_id=app", "<grant>&scope=read&app=id&client_secret=s3cret"),
        ("grant_types=client_credentials\nscope=a\nscope=b\nscope_separator=,", "<grant>&scope=a%2Cb&<post>"),
        ("scope_param=rights", "<grant>&rights=read&<post>"),
    ] {
        let token = flow(&server, declared).client_credentials().await.unwrap();
        assert!(
            !token.scopes().is_empty(),
            "{declared}: what was asked for is granted, where the response names nothing"
        );
        let expected = SHORT.iter().fold(expected.to_owned(), |text, (short, long)| text.replace(short, long));
        assert_eq!(server.seen().last().unwrap().body, expected, "{declared}");
    }
}

#[tokio::test]
async fn options_of_one_request() {
    let server = Server::issuing(ISSUED).await;
    let flow = flow(&server, "token.params.audience=api");
    let request = flow.client_credentials().scope("write").param("audience", "other");
    let token = request.resource("https://a.example/x").resource("urn:b").save_for("service").await.unwrap();
    let body = "grant_type=client_credentials&scope=write&audience=other&resource=https%3A%2F%2Fa.example%2Fx&resource=urn%3Ab";
    assert_eq!(server.seen().last().unwrap().body, format!("{body}&client_id=id&client_secret=s3cret"));
    assert_eq!(flow.session("service").await.unwrap().token().await.unwrap(), token);
    flow.client_credentials().scope("").await.unwrap();
    assert!(!server.seen().last().unwrap().body.contains("scope"), "an empty parameter is not sent");
}

#[tokio::test]
async fn every_wrong_option_is_named_and_nothing_is_sent() {
    let server = Server::issuing(ISSUED).await;
    let flow = flow(&server, "token.rename.client_id=app");
    let mut request = flow.client_credentials().scope("a\"b").resource("x").resource("https://x#f").save_for("");
    for name in ["grant_type", "client_secret", "code", "username", "subject_token", "assertion", "scope", "app", "a b"]
    {
        request = request.param(name, "x");
    }
    let error = request.await.unwrap_err();
    assert_eq!((error.kind(), error.to_string().lines().count()), (ErrorKind::Configuration, 13), "{error}");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_grant_that_is_not_listed_is_not_sent() {
    let server = Server::issuing(ISSUED).await;
    let flow = flow(&server, "grant_types=authorization_code\nauthorization_path=/authorize");
    let error = flow.client_credentials().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("`grant_types(..)`"), "{error}");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_refused_grant_saves_nothing() {
    let server =
        Server::start(|_| json(400, r#"{"error":"invalid_scope","error_description":"not for s3cret"}"#)).await;
    let flow = flow(&server, "");
    let error = flow.client_credentials().save_for("service").await.unwrap_err();
    assert_eq!((error.kind(), error.provider().unwrap().error()), (ErrorKind::Provider, "invalid_scope"));
    assert!(!error.to_string().contains("s3cret"), "{error}");
    assert_eq!(flow.session("service").await.unwrap_err().kind(), ErrorKind::NoToken);
}

fn token() -> Token {
    Token::from_json(r#"{"v":1,"access_token":"access-1","token_type":"Bearer","scope":[]}"#).unwrap()
}

#[tokio::test]
async fn introspection() {
    for (body, active) in [
        (r#"{"active":true,"scope":"read write","sub":"alice","aud":["a","b"],"exp":4102444800}"#, Some(true)),
        (r#"{"active":false,"sub":"alice"}"#, Some(false)),
        (r#"{"active":"true"}"#, None),
        (r#"{"active":1}"#, None),
        (r#"{"sub":"alice"}"#, None),
        (r#"{"active":false,"active":true}"#, None),
        ("[]", None),
        ("", None),
    ] {
        let server = Server::start(move |_| json(200, body)).await;
        let answer = flow(&server, "client_auth=client_secret_basic").introspect(&token()).await;
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.body, "token=access-1&token_type_hint=access_token");
        assert!(seen.head.starts_with("POST /introspect ") && seen.header("authorization").is_some());
        match active {
            None => assert_eq!(answer.unwrap_err().kind(), ErrorKind::Response, "{body}"),
            Some(active) => {
                let answer = answer.unwrap();
                assert_eq!(answer.is_active(), active, "{body}");
                assert_eq!(answer.subject().is_some(), active, "{body}: of a dead token nothing is known");
                assert_eq!(
                    (answer.scopes().contains("write"), answer.audience().len()),
                    (active, if active { 2 } else { 0 })
                );
                assert!(!format!("{answer:?}").contains("alice"));
            }
        }
    }
}
