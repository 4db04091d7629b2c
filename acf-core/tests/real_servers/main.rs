//! The whole flow against authorization servers that others wrote, over real HTTP.
//!
//! They are ignored unless asked for, because they need those servers: `cargo test -- --include-ignored`, after what
//! `.ci/run` installs.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")
)]

#[cfg(feature = "blocking")]
mod blocking;
mod discovery;
mod grants;
mod lost_answer;
mod mutual_tls;
mod person;
mod server;
mod survived;
mod wire;

use acf_core::{
    ClientAuth, Custom, CustomBuilder, Error, ErrorKind, Flow, FlowBuilder, MemoryStore, Next, Token,
    http::{HttpClient, Limits, Request, ReqwestClient},
};
use http::header;

use self::{
    discovery::*,
    grants::*,
    lost_answer::*,
    person::{Answer, walk},
    server::{AUTHLIB, Kind, MOCK_SERVER, OIDC_PROVIDER, OXIDE_AUTH, Server},
    survived::*,
    wire::{Wire, param, post},
};

/// The tests against each server, which they share.
macro_rules! against {
    ($($server:ident: $kind:ident, $needs:literal { $($(#[$if:meta])? $test:ident)* })*) => {$(
        mod $server {
            use std::sync::LazyLock;

            static SERVER: LazyLock<super::Server> = LazyLock::new(|| super::Server::start(&super::$kind));

            $(
                $(#[$if])?
                #[tokio::test]
                #[ignore = $needs]
                async fn $test() {
                    super::$test(&SERVER).await;
                }
            )*
        }
    )*};
}

against! {
    oidc_provider: OIDC_PROVIDER, "needs oidc-provider" {
        a_token_is_fetched_used_refreshed_and_given_up
        a_refresh_token_is_good_once
        every_client_authentication_method_works
        a_wrong_secret_is_reported
        a_denied_consent_is_reported
        a_replayed_callback_sends_nothing
        a_callback_of_another_issuer_sends_nothing
        a_code_that_was_tried_with_a_wrong_verifier
        an_unknown_redirect_uri_is_a_page_and_leaves_the_login
        a_login_whose_answer_is_lost_is_not_sent_again
        a_refresh_whose_answer_is_lost_is_not_sent_again
        a_login_by_discovery
        the_declaration_is_what_is_announced
        what_one_login_adds_reaches_the_server
        a_client_has_a_token_of_its_own
        a_session_refreshes_by_itself_and_says_so
        a_token_is_active_until_it_is_given_up
        a_person_confirms_or_refuses_on_another_device
        a_token_is_exchanged_for_another
        #[cfg(feature = "jwt")] an_assertion_about_somebody_is_good_for_a_token
        #[cfg(feature = "jwt")] a_client_proves_by_assertions_who_it_is
        #[cfg(feature = "legacy-grants")] a_token_comes_in_the_fragment
    }
    authlib: AUTHLIB, "needs Authlib" {
        a_token_is_fetched_used_refreshed_and_given_up
        a_refresh_token_is_good_once
        every_client_authentication_method_works
        a_wrong_secret_is_reported
        a_denied_consent_is_reported
        a_replayed_callback_sends_nothing
        a_callback_of_another_issuer_sends_nothing
        a_code_that_was_tried_with_a_wrong_verifier
        plus_signs_in_a_description_are_spaces
        a_login_by_discovery
        the_declaration_is_what_is_announced
        a_client_has_a_token_of_its_own
        a_session_refreshes_by_itself_and_says_so
        a_token_is_active_until_it_is_given_up
        #[cfg(feature = "legacy-grants")] a_password_is_good_for_a_token
        #[cfg(feature = "legacy-grants")] a_token_alone_comes_in_the_fragment
    }
    oxide_auth: OXIDE_AUTH, "needs oxide-auth" {
        every_client_authentication_method_works
        a_wrong_secret_is_reported
        a_denied_consent_is_reported
        a_replayed_callback_sends_nothing
        a_code_that_was_tried_with_a_wrong_verifier
        codes_and_tokens_in_base64_arrive_as_they_are
        a_replayed_code_keeps_the_code_of_its_error
    }
    mock_server: MOCK_SERVER, "needs oauth2-mock-server" {
        a_replayed_callback_sends_nothing
        a_code_that_was_tried_with_a_wrong_verifier
        an_issuer_named_localhost_is_not_127_0_0_1
        token_requests_in_json_are_accepted
        what_one_login_adds_reaches_the_server
        #[cfg(feature = "legacy-grants")] a_password_goes_in_a_form_or_in_json
    }
}

const USER: &str = "user-42";
/// Nobody listens there: the person stops at it.
const REDIRECT_URI: &str = "http://127.0.0.1:8765/callback";
/// The servers know it, too.
const SECRET: &str = "p%+/&:x";

/// A registered client: its identifier, how it authenticates, and its secret.
type Client = (&'static str, ClientAuth, Option<&'static str>);

const BASIC: Client = ("acf-basic", ClientAuth::ClientSecretBasic, Some(SECRET));
const POST: Client = ("acf-post", ClientAuth::ClientSecretPost, Some(SECRET));
const PUBLIC: Client = ("acf-public", ClientAuth::None, None);

async fn a_token_is_fetched_used_refreshed_and_given_up(server: &Server) {
    for (store, flow) in flows_with_each_store(server).await {
        let first = log_in(&flow).await.unwrap_or_else(|error| panic!("{store}: {error}"));
        assert!(first.scopes().contains(server.kind.scope), "{store}");
        assert!(first.expires_at().is_some(), "{store}");

        let session = flow.session(USER).await.unwrap();
        let who: serde_json::Value = session.get(server.userinfo()).send().await.unwrap().json().unwrap();
        assert_eq!(who["sub"], "alice", "{store}");

        let second = session.refresh().await.unwrap();
        assert_ne!(second.access_token(), first.access_token(), "{store}");
        assert_ne!(second.refresh_token(), first.refresh_token(), "{store}");
        assert_eq!(session.token().await.unwrap(), second, "{store}: the new token is the stored one");
        assert!(session.get(server.userinfo()).send().await.unwrap().is_success(), "{store}");

        // Given up at the provider only: the stored token is still there, and void.
        flow.revoke(&second).await.unwrap();
        assert_eq!(session.get(server.userinfo()).send().await.unwrap().status(), 401, "{store}");
        let error = refused(flow.refresh(&second).await, ErrorKind::Provider);
        assert_eq!((error.provider().unwrap().error(), error.next()), ("invalid_grant", Next::Reauthorize), "{store}");
        // The session asked for another token when the call was refused, and knows the answer.
        assert_eq!(refused(session.refresh().await, ErrorKind::Provider).next(), Next::Reauthorize, "{store}");

        // Given up on both sides.
        let third = log_in(&flow).await.unwrap();
        session.revoke().await.unwrap();
        refused(flow.session(USER).await, ErrorKind::NoToken);
        assert_eq!(userinfo_status(server, &third).await, 401, "{store}");
    }
}

async fn a_refresh_token_is_good_once(server: &Server) {
    let flow = flow(server, BASIC).build().unwrap();
    let first = log_in(&flow).await.unwrap();
    flow.session(USER).await.unwrap().refresh().await.unwrap();
    let error = refused(flow.refresh(&first).await, ErrorKind::Provider);
    assert_eq!(error.provider().unwrap().error(), "invalid_grant");
    assert_eq!((error.status(), error.next()), (Some(400), Next::Reauthorize));
}

async fn every_client_authentication_method_works(server: &Server) {
    for client in [(BASIC.0, server.kind.basic[0], BASIC.2), POST, PUBLIC] {
        let flow = flow(server, client).build().unwrap();
        let fails = |error: Error| -> Token { panic!("{}: {error}", client.0) };
        let token = log_in(&flow).await.unwrap_or_else(fails);
        let token = flow.refresh(&token).await.unwrap_or_else(fails);
        assert_eq!(userinfo_status(server, &token).await, 200, "{}", client.0);
        if flow.can_revoke() {
            flow.revoke(&token).await.unwrap();
            assert_eq!(userinfo_status(server, &token).await, 401, "{}", client.0);
        }
    }
    // The secret has every kind of reserved character.
    for method in [ClientAuth::ClientSecretBasic, ClientAuth::ClientSecretBasicRaw] {
        let flow = flow(server, (BASIC.0, method, BASIC.2)).build().unwrap();
        assert_eq!(log_in(&flow).await.is_ok(), server.kind.basic.contains(&method), "{}", method.name());
    }
}

async fn a_wrong_secret_is_reported(server: &Server) {
    const WRONG: &str = "another-secret";
    for (id, method) in [(BASIC.0, BASIC.1), (POST.0, POST.1)] {
        let wire = Wire::new();
        let flow = flow(server, (id, method, Some(WRONG))).http_client(wire.clone()).build().unwrap();
        let error = refused(log_in(&flow).await, ErrorKind::Provider);
        assert_eq!(error.provider().unwrap().error(), "invalid_client", "{id}");
        assert_eq!((error.status(), error.next()), (Some(401), Next::FixConfiguration), "{id}");
        assert!(!format!("{error} {error:?}").contains(WRONG), "{id}");
        refused(flow.session(USER).await, ErrorKind::NoToken);
        // RFC 6749 section 5.2: the challenge is for whoever sent the header, and nobody is asked for anything here.
        let (request, answer) = wire.last();
        let challenge = answer.headers().get(header::WWW_AUTHENTICATE).map(|value| value.to_str().unwrap());
        if request.headers().contains_key(header::AUTHORIZATION) {
            let scheme = challenge.unwrap().split(' ').next().unwrap();
            assert!(scheme.eq_ignore_ascii_case("Basic"), "{id}: {challenge:?}");
        }
    }
}

async fn a_denied_consent_is_reported(server: &Server) {
    let (wire, flow) = watched(server);
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Deny).await;
    let error = refused(flow.finish(USER, &callback).await, ErrorKind::AccessDenied);
    assert_eq!(error.provider().unwrap().error(), "access_denied");
    assert_eq!(error.next(), Next::GiveUp);
    assert_eq!(wire.sent(), 0);
}

/// What somebody does who came by a code alone, before its owner arrives.
async fn a_code_that_was_tried_with_a_wrong_verifier(server: &Server) {
    let flow = flow(server, PUBLIC).build().unwrap();
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
    let code = param(&callback, "code").unwrap();
    let url = format!("{}{}", server.issuer, server.kind.access_token_path);
    let wrong = "x".repeat(43);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT_URI),
        ("client_id", PUBLIC.0),
        ("code_verifier", &wrong),
    ];
    assert_eq!(post(&url, &form).await.status(), 400);
    let result = flow.finish(USER, &callback).await;
    assert_eq!(result.is_err(), server.kind.a_wrong_verifier_burns_the_code, "{result:?}");
    if let Err(error) = result {
        assert_eq!(error.status(), Some(400), "{error}");
        assert_ne!(error.next(), Next::Retry, "{error}");
        assert!(!error.to_string().contains(&code), "{error}");
        // Neither the code nor the login is used a second time.
        refused(flow.finish(USER, &callback).await, ErrorKind::StateUnknown);
    }
}

async fn a_replayed_callback_sends_nothing(server: &Server) {
    let (wire, flow) = watched(server);
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
    flow.finish(USER, &callback).await.unwrap();
    refused(flow.finish(USER, &callback).await, ErrorKind::StateUnknown);
    assert_eq!(wire.sent(), 1);
    // The provider heard nothing of the replay, which would have ended the grant at a strict one.
    let session = flow.session(USER).await.unwrap();
    assert!(session.get(server.userinfo()).send().await.unwrap().is_success());
}

async fn a_callback_of_another_issuer_sends_nothing(server: &Server) {
    let wire = Wire::new();
    let elsewhere = custom(server, BASIC).issuer("https://elsewhere.example").build().unwrap();
    let flow = Flow::builder(elsewhere).http_client(wire.clone()).build().unwrap();
    refused(log_in(&flow).await, ErrorKind::IssuerMismatch);
    assert_eq!(wire.sent(), 0);
}

fn custom(server: &Server, (id, method, secret): Client) -> CustomBuilder {
    let Kind { authorization_path, access_token_path, userinfo_path, scope, refresh_of_post, .. } = *server.kind;
    let more =
        [("revocation_path", server.kind.revocation_path), ("introspection_path", server.kind.introspection_path)];
    let builder = Custom::builder("real-server")
        .base_uri(server.issuer.clone())
        .issuer(server.issuer.clone())
        .authorization_path(authorization_path)
        .token_endpoint(format!("{}{access_token_path}", server.issuer))
        .userinfo_path(userinfo_path)
        .scope([scope])
        .client_auth(method)
        .client_id(id)
        .redirect_uri(REDIRECT_URI);
    let more = more.into_iter().filter_map(|(key, path)| Some((key, path?)));
    let builder = more.fold(builder, |builder, (key, path)| builder.set(key, path));
    let builder = match method {
        ClientAuth::ClientSecretPost => builder.set("refresh.client_auth", refresh_of_post.name()),
        _ => builder,
    };
    secret.into_iter().fold(builder, |builder, secret| builder.client_secret(secret.parse().unwrap()))
}

fn flow(server: &Server, client: Client) -> FlowBuilder {
    Flow::builder(custom(server, client).build().unwrap())
}

async fn flows_with_each_store(server: &Server) -> Vec<(&'static str, Flow)> {
    vec![
        ("memory", flow(server, BASIC).state_store(MemoryStore::new()).build().unwrap()),
        #[cfg(feature = "sqlite")]
        ("sqlite", {
            let path = format!("{}/{}-{}.db", env!("CARGO_TARGET_TMPDIR"), server.kind.name, std::process::id());
            let store = acf_core::SqliteStore::open(&path).await.unwrap();
            flow(server, BASIC).state_store(store).build().unwrap()
        }),
    ]
}

async fn log_in(flow: &Flow) -> Result<Token, Error> {
    let request = flow.begin(USER).await?;
    let callback = walk(&request.url, Answer::Allow).await;
    flow.finish(USER, &callback).await
}

fn refused<T>(result: Result<T, Error>, kind: ErrorKind) -> Error {
    let Err(error) = result else { panic!("accepted, where {kind:?} was expected") };
    assert_eq!(error.kind(), kind, "{error}");
    error
}

/// What the userinfo endpoint says of a token that is in no store.
async fn userinfo_status(server: &Server, token: &Token) -> u16 {
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = server.userinfo().parse().unwrap();
    let bearer = format!("Bearer {}", token.access_token().expose());
    request.headers_mut().insert(header::AUTHORIZATION, bearer.parse().unwrap());
    ReqwestClient::new().unwrap().send(request, Limits::API).await.unwrap().status().as_u16()
}

/// A flow of the client that authenticates by Basic, and what it sends.
fn watched(server: &Server) -> (Wire, Flow) {
    let wire = Wire::new();
    let client = (BASIC.0, server.kind.basic[0], BASIC.2);
    let flow = flow(server, client).http_client(wire.clone()).build().unwrap();
    (wire, flow)
}
