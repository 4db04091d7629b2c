//! The whole flow against authorization servers that others wrote, over real HTTP.
//!
//! They are ignored unless asked for, because they need those servers: `cargo test -- --include-ignored`, after what
//! `.ci/run` installs.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")
)]

mod discovery;
mod person;
mod server;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use acf_core::{
    ClientAuth, Custom, CustomBuilder, Error, ErrorKind, Flow, FlowBuilder, MemoryStore, Next, Token,
    http::{HttpClient, HttpError, Limits, Request, ReqwestClient, Response},
};
use http::header;

use self::{
    discovery::{a_login_by_discovery, the_declaration_is_what_is_announced},
    person::{Answer, walk},
    server::{AUTHLIB, Kind, OIDC_PROVIDER, Server},
};

/// The tests against one server, which they share.
macro_rules! against {
    ($server:ident: $kind:expr, $ignored:literal, $($test:ident)*) => {
        mod $server {
            use std::sync::LazyLock;

            static SERVER: LazyLock<super::Server> = LazyLock::new(|| super::Server::start(&$kind));

            $(
                #[tokio::test]
                #[ignore = $ignored]
                async fn $test() {
                    super::$test(&SERVER).await;
                }
            )*
        }
    };
    ($($server:ident: $kind:expr, $ignored:literal;)*; $tests:tt) => {
        $(against!(@ $server: $kind, $ignored, $tests);)*
    };
    (@ $server:ident: $kind:expr, $ignored:literal, { $($test:ident)* }) => {
        against!($server: $kind, $ignored, $($test)*);
    };
}

against! {
    oidc_provider: super::OIDC_PROVIDER, "needs oidc-provider";
    authlib: super::AUTHLIB, "needs Authlib";
    ;
    {
        a_token_is_fetched_used_refreshed_and_given_up
        a_refresh_token_is_good_once
        every_client_authentication_method_works
        a_wrong_secret_is_reported
        a_denied_consent_is_reported
        a_replayed_callback_sends_nothing
        a_callback_of_another_issuer_sends_nothing
        a_login_by_discovery
        the_declaration_is_what_is_announced
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
    for client in [BASIC, POST, PUBLIC] {
        let flow = flow(server, client).build().unwrap();
        let fails = |error: Error| -> Token { panic!("{}: {error}", client.0) };
        let token = log_in(&flow).await.unwrap_or_else(fails);
        let token = flow.refresh(&token).await.unwrap_or_else(fails);
        assert_eq!(userinfo_status(server, &token).await, 200, "{}", client.0);
        flow.revoke(&token).await.unwrap();
        assert_eq!(userinfo_status(server, &token).await, 401, "{}", client.0);
    }

    let raw = flow(server, ("acf-basic", ClientAuth::ClientSecretBasicRaw, Some(SECRET))).build().unwrap();
    assert_eq!(log_in(&raw).await.is_err(), server.kind.refuses_raw_basic);
}

async fn a_wrong_secret_is_reported(server: &Server) {
    const WRONG: &str = "another-secret";
    for (id, method) in [(BASIC.0, BASIC.1), (POST.0, POST.1)] {
        let flow = flow(server, (id, method, Some(WRONG))).build().unwrap();
        let error = refused(log_in(&flow).await, ErrorKind::Provider);
        assert_eq!(error.provider().unwrap().error(), "invalid_client", "{id}");
        assert_eq!((error.status(), error.next()), (Some(401), Next::FixConfiguration), "{id}");
        assert!(!format!("{error} {error:?}").contains(WRONG), "{id}");
        refused(flow.session(USER).await, ErrorKind::NoToken);
    }
}

async fn a_denied_consent_is_reported(server: &Server) {
    let (http, flow) = counting(server);
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Deny).await;
    let error = refused(flow.finish(USER, &callback).await, ErrorKind::AccessDenied);
    assert_eq!(error.provider().unwrap().error(), "access_denied");
    assert_eq!(error.next(), Next::GiveUp);
    assert_eq!(http.sent(), 0);
}

async fn a_replayed_callback_sends_nothing(server: &Server) {
    let (http, flow) = counting(server);
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
    flow.finish(USER, &callback).await.unwrap();
    refused(flow.finish(USER, &callback).await, ErrorKind::StateUnknown);
    assert_eq!(http.sent(), 1);
    // The provider heard nothing of the replay, which would have ended the grant at a strict one.
    let session = flow.session(USER).await.unwrap();
    assert!(session.get(server.userinfo()).send().await.unwrap().is_success());
}

async fn a_callback_of_another_issuer_sends_nothing(server: &Server) {
    let http = Counting::new();
    let elsewhere = custom(server, BASIC).issuer("https://elsewhere.example").build().unwrap();
    let flow = Flow::builder(elsewhere).http_client(http.clone()).build().unwrap();
    refused(log_in(&flow).await, ErrorKind::IssuerMismatch);
    assert_eq!(http.sent(), 0);
}

fn custom(server: &Server, (id, method, secret): Client) -> CustomBuilder {
    let Kind { authorization_path, access_token_path, revocation_path, userinfo_path, scope, .. } = *server.kind;
    let builder = Custom::builder("real-server")
        .base_uri(server.issuer.clone())
        .issuer(server.issuer.clone())
        .authorization_path(authorization_path)
        .access_token_path(access_token_path)
        .revocation_path(revocation_path)
        .userinfo_path(userinfo_path)
        .scope([scope])
        .client_auth(method)
        .client_id(id)
        .redirect_uri(REDIRECT_URI);
    match secret {
        Some(secret) => builder.client_secret(secret.parse().unwrap()),
        None => builder,
    }
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

/// A transport that counts what leaves.
#[derive(Clone)]
struct Counting {
    http: ReqwestClient,
    sent: Arc<AtomicUsize>,
}

impl Counting {
    fn new() -> Self {
        Self { http: ReqwestClient::new().unwrap(), sent: Arc::default() }
    }

    fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl HttpClient for Counting {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        self.sent.fetch_add(1, Ordering::SeqCst);
        self.http.send(request, limits).await
    }
}

fn counting(server: &Server) -> (Counting, Flow) {
    let http = Counting::new();
    let flow = flow(server, BASIC).http_client(http.clone()).build().unwrap();
    (http, flow)
}
