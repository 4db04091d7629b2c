//! Grants that begin and end at the token endpoint, and what may be asked of each.

use acf_core::{
    Custom, Error, ErrorKind, Flow, MemoryStore, Secret, Token, TokenExchange, TokenStore,
    store::{Expect, TokenKey},
};

use crate::support::{Server, json};

const ISSUED: &str = r#"{"access_token":"access-1","token_type":"bearer","expires_in":3600}"#;
const EXCHANGED: &str = r#"{"access_token":"access-2","token_type":"bearer","expires_in":60,"issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}"#;

/// In expected requests: what most of them have in common.
const SHORT: &[(&str, &str)] =
    &[("<grant>", "grant_type=client_credentials"), ("<post>", "client_id=id&client_secret=s3cret")];

/// The flow of a declaration in lines, beside what every one has here.
fn flow(server: &Server, declared: &str) -> Flow {
    flow_with(server, declared, MemoryStore::new())
}

fn flow_with(server: &Server, declared: &str, store: MemoryStore) -> Flow {
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
    let provider = builder.build().unwrap_or_else(|error| panic!("{declared}: {error}"));
    Flow::builder(provider).state_store(store).build().unwrap()
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

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

/// Each grant but the first, as a program asks for it.
async fn ask(flow: &Flow, grant: &str) -> Result<Token, Error> {
    match grant {
        "jwt_bearer" => flow.jwt_bearer(&secret("h.c.s3cret")).await,
        "jwt_bearer, scope" => flow.jwt_bearer(&secret("h.c.s3cret")).scope("write").await,
        "jwt_bearer, empty" => flow.jwt_bearer(&secret("")).await,
        "token_exchange" => flow.exchange_token(&token()).await,
        "token_exchange, all" => {
            let exchange = TokenExchange::new(secret("subj3ct"), TokenExchange::ID_TOKEN)
                .actor(secret("act0r"), TokenExchange::JWT)
                .audience("a b")
                .audience("c")
                .requested_token_type("urn:x:y");
            flow.exchange_token(exchange).scope("write").resource("https://b.example/").param("x", "1").await
        }
        "token_exchange, wrong" => {
            let exchange = TokenExchange::new(secret("a b"), "access_token")
                .actor(secret(""), "#")
                .audience("")
                .requested_token_type("");
            flow.exchange_token(exchange).param("actor_token", "x").await
        }
        #[cfg(feature = "legacy-grants")]
        "password" => flow.password("alice@x", &secret("pa ss")).await,
        #[cfg(feature = "legacy-grants")]
        "password, wrong" => flow.password("", &secret("")).await,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn requests_of_the_other_grants() {
    const TYPE: &str = "urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3A";
    const BEARER: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=h.c.s3cret";
    const EXCHANGE: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange";
    let exchange = format!("{EXCHANGE}&subject_token=access-1&subject_token_type={TYPE}access_token");
    let everything = format!(
        "{EXCHANGE}&requested_token_type=urn%3Ax%3Ay&subject_token=subj3ct&subject_token_type={TYPE}id_token&actor_token=act0r\
         &actor_token_type={TYPE}jwt&scope=write&audience=a%20b&audience=c&resource=https%3A%2F%2Fb.example%2F&x=1"
    );
    let server = Server::issuing(EXCHANGED).await;
    for (grant, declared, expected, scopes) in [
        ("jwt_bearer", "", format!("{BEARER}&<post>"), ""),
        ("jwt_bearer, scope", "scope_param=rights", format!("{BEARER}&rights=write&<post>"), "write"),
        (
            "jwt_bearer",
            "grant_types=jwt_bearer\ntoken.params.audience=api",
            format!("{BEARER}&audience=api&<post>"),
            "",
        ),
        ("token_exchange", "client_auth=client_secret_basic", exchange.clone(), ""),
        (
            "token_exchange",
            "grant_types=token_exchange\ntoken.params.audience=x",
            format!("{exchange}&audience=x&<post>"),
            "",
        ),
        ("token_exchange, all", "token.params.audience=x", format!("{everything}&<post>"), "write"),
        #[cfg(feature = "legacy-grants")]
        (
            "password",
            "grant_types=password",
            "grant_type=password&username=alice%40x&password=pa%20ss&scope=read&<post>".to_owned(),
            "read",
        ),
    ] {
        let token = ask(&flow(&server, declared), grant).await.unwrap();
        assert_eq!(token.scopes().to_string(), scopes, "{grant}: what was asked for");
        let expected = SHORT.iter().fold(expected, |text, (short, long)| text.replace(short, long));
        assert_eq!(server.seen().last().unwrap().body, expected, "{grant} {declared}");
    }
}

#[tokio::test]
async fn a_grant_that_cannot_be_sent_is_not() {
    let server = Server::issuing(EXCHANGED).await;
    for (grant, declared, kind, lines) in [
        ("jwt_bearer, empty", "", ErrorKind::Configuration, 1),
        ("token_exchange, wrong", "", ErrorKind::Configuration, 7),
        ("jwt_bearer", "grant_types=token_exchange", ErrorKind::Unsupported, 1),
        ("token_exchange", "grant_types=jwt_bearer", ErrorKind::Unsupported, 1),
        #[cfg(feature = "legacy-grants")]
        ("password", "grant_types=jwt_bearer", ErrorKind::Unsupported, 1),
        #[cfg(feature = "legacy-grants")]
        ("password, wrong", "", ErrorKind::Configuration, 2),
    ] {
        let error = ask(&flow(&server, declared), grant).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string().lines().count()), (kind, lines), "{grant} {declared}: {error}");
        assert!(kind != ErrorKind::Unsupported || error.to_string().contains("`grant_types(..)`"), "{error}");
    }
    let flow = flow(&server, "grant_types=authorization_code\nauthorization_path=/authorize");
    assert_eq!(flow.client_credentials().await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(server.seen().len(), 0);
}

/// RFC 8693 section 2.2.1.
#[tokio::test]
async fn what_a_token_exchange_issues() {
    const SAML: &str = r#""issued_token_type":"urn:ietf:params:oauth:token-type:saml2""#;
    for (body, outcome) in [
        (EXCHANGED.to_owned(), Ok("Bearer")),
        (format!(r#"{{"access_token":"a","token_type":"n_a",{SAML}}}"#), Ok("N_A")),
        (r#"{"access_token":"a","token_type":"bearer"}"#.to_owned(), Err(ErrorKind::TokenResponse)),
        (r#"{"access_token":"a","token_type":"N_A"}"#.to_owned(), Err(ErrorKind::TokenResponse)),
        (format!(r#"{{"access_token":"a","token_type":"mac",{SAML}}}"#), Err(ErrorKind::TokenResponse)),
        (format!(r#"{{"access_token":"a",{SAML}}}"#), Err(ErrorKind::TokenResponse)),
        (format!(r#"{{"token_type":"N_A",{SAML}}}"#), Err(ErrorKind::TokenResponse)),
        (
            r#"{"access_token":"a","token_type":"bearer","issued_token_type":7}"#.to_owned(),
            Err(ErrorKind::TokenResponse),
        ),
        (
            r#"{"access_token":"a","token_type":"bearer","issued_token_type":""}"#.to_owned(),
            Err(ErrorKind::TokenResponse),
        ),
        (
            format!(r#"{{"error":"invalid_target","access_token":"a","token_type":"bearer",{SAML}}}"#),
            Err(ErrorKind::Provider),
        ),
        (format!(r#"{{"access_token":"a","token_type":"bearer",{SAML},{SAML}}}"#), Err(ErrorKind::Response)),
    ] {
        let answer = body.clone();
        let server = Server::start(move |_| json(200, &answer)).await;
        let flow = flow(&server, "token_response.keep=team\nuserinfo_path=/me\nauthorization_path=/authorize");
        let issued = flow.exchange_token(&token()).await;
        assert_eq!(issued.as_ref().map(Token::token_type).map_err(Error::kind), outcome, "{body}");
        assert_eq!(server.seen().len(), 1);
        assert_eq!(flow.session("").await.unwrap_err().kind(), ErrorKind::NoToken, "nothing is saved");
        let Ok(issued) = issued else { continue };
        assert!(body.contains(issued.issued_token_type().unwrap()));
        assert_eq!(Token::from_json(&issued.expose_json()).unwrap(), issued);
    }
}

#[tokio::test]
async fn what_is_no_access_token_is_never_sent_as_one() {
    let server =
        Server::issuing(r#"{"access_token":"a","token_type":"N_A","issued_token_type":"urn:x:y","sub":"u"}"#).await;
    for declared in ["", "api.params.t={access_token}", "userinfo.params.t={access_token}"] {
        let store = MemoryStore::new();
        let flow = flow_with(&server, &format!("userinfo_path=/me\n{declared}"), store.clone());
        let issued = flow.exchange_token(&token()).await.unwrap();
        store.save(&TokenKey::new("forge", "apart"), &issued, Expect::Anything).await.unwrap();
        let session = flow.session("apart").await.unwrap();
        let calls = server.seen().len();
        let api = session.get(server.url("/api")).send().await.map(drop).unwrap_err();
        let userinfo = session.userinfo().await.map(drop).unwrap_err();
        for error in [api, userinfo] {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains("no access token"), "{error}");
        }
        assert_eq!(server.seen().len(), calls);
    }
    // Elsewhere there is no such type.
    let error = flow(&server, "").client_credentials().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenResponse);
}

#[cfg(feature = "jwt")]
#[test]
fn an_assertion_of_ones_own_claims() {
    use std::time::{SystemTime, UNIX_EPOCH};

    use acf_core::{JwtAssertion, SigningKey};
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};

    let key: SigningKey = include_str!("../keys/rfc8037-a1-ed25519.pem").parse().unwrap();
    let claims = JwtAssertion::new("me", "alice", "https://as.example").claim("scope", "a b").claim("x", [1]);
    let read = || {
        let signed = claims.sign(&key).unwrap();
        let claims = signed.expose().split('.').nth(1).unwrap();
        serde_json::from_slice::<serde_json::Value>(&BASE64.decode(claims).unwrap()).unwrap()
    };
    let (first, second) = (read(), read());
    assert_ne!(first["jti"], second["jti"]);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (issued, ends) = (first["iat"].as_u64().unwrap(), first["exp"].as_u64().unwrap());
    assert!(issued <= now && ends - issued == 60, "{first}");
    for (name, value) in [("iss", "me"), ("sub", "alice"), ("aud", "https://as.example"), ("scope", "a b")] {
        assert_eq!(first[name], value);
    }
    assert_eq!(first["x"], serde_json::json!([1]));
    let wrong = JwtAssertion::new("", "alice", "").claim("exp", 1);
    let wrong = wrong.claim("n", std::collections::BTreeMap::from([((1, 2), 3)])).sign(&key).unwrap_err();
    assert_eq!((wrong.kind(), wrong.to_string().lines().count()), (ErrorKind::Configuration, 4), "{wrong}");
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
                    (answer.members().len(), &answer.members()["active"]),
                    (if active { 5 } else { 1 }, &active.into())
                );
                assert_eq!(
                    (answer.scopes().contains("write"), answer.audience().len()),
                    (active, if active { 2 } else { 0 })
                );
                assert!(!format!("{answer:?}").contains("alice"));
            }
        }
    }
}
