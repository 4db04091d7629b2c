//! An authorization server on loopback: `acf-ci-oxide-auth [PORT]`, where no port or 0 means any free one.
//!
//! Prints `ready http://127.0.0.1:PORT` once it answers, and ends when its standard input does: whoever starts it holds the
//! other end of that pipe, so it cannot outlive them. By hand: leave the terminal as its input, or `sleep 1h | ...`.
//!
//! oxide-auth with the glue for axum that its authors publish, and nothing changed: codes and tokens are standard base64
//! and have `+`, `/` and `=`, the type of a token is `bearer`, Basic credentials are never form-decoded, there is neither
//! `iss` nor discovery, and a code that is not known is an `invalid_request`.

use std::{
    io::Read,
    sync::{Arc, Mutex},
    thread,
};

use axum::{
    Json, Router,
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use oxide_auth::{
    endpoint::{
        AccessTokenFlow, AuthorizationFlow, OwnerConsent, QueryParameter, RefreshFlow, ResourceFlow, Solicitation,
    },
    frontends::simple::{
        endpoint::{FnSolicitor, Generic, Vacant},
        extensions::{AddonList, Extended, Pkce},
    },
    primitives::{
        authorizer::AuthMap,
        issuer::TokenMap,
        prelude::{Client, ClientMap, RandomGenerator, Scope},
        registrar::{ExactUrl, PasswordPolicy, RegisteredUrl, RegistrarError},
    },
};
use oxide_auth_axum::{OAuthRequest, OAuthResource, OAuthResponse, WebError};

/// Every kind of reserved character that a Basic secret can be broken by.
const SECRET: &[u8] = b"p%+/&:x";
const REDIRECT_URI: &str = "http://127.0.0.1:8765/callback";
const SCOPE: &str = "profile";

/// Secrets as they are: this server keeps nothing, and Argon2 in a debug build takes its time.
struct Plain;

impl PasswordPolicy for Plain {
    fn store(&self, _: &str, secret: &[u8]) -> Vec<u8> {
        secret.to_vec()
    }

    fn check(&self, _: &str, secret: &[u8], stored: &[u8]) -> Result<(), RegistrarError> {
        if secret == stored { Ok(()) } else { Err(RegistrarError::Unspecified) }
    }
}

struct Server {
    clients: ClientMap,
    codes: AuthMap<RandomGenerator>,
    tokens: TokenMap<RandomGenerator>,
}

type Shared = Arc<Mutex<Server>>;
type Parts<'a, S> =
    Generic<&'a ClientMap, &'a mut AuthMap<RandomGenerator>, &'a mut TokenMap<RandomGenerator>, S, Vec<Scope>>;

impl Server {
    fn new() -> Self {
        let redirect_uri = || RegisteredUrl::Exact(ExactUrl::new(REDIRECT_URI.to_owned()).unwrap());
        let scope = || SCOPE.parse().unwrap();
        let mut clients = ClientMap::new();
        clients.set_password_policy(Plain);
        clients.register_client(Client::confidential("acf-basic", redirect_uri(), scope(), SECRET));
        clients.register_client(Client::confidential("acf-post", redirect_uri(), scope(), SECRET));
        clients.register_client(Client::public("acf-public", redirect_uri(), scope()));
        let (codes, tokens) = (AuthMap::new(RandomGenerator::new(16)), TokenMap::new(RandomGenerator::new(16)));
        Self { clients, codes, tokens }
    }

    fn endpoint<S>(&mut self, solicitor: S) -> Extended<Parts<'_, S>, AddonList> {
        let inner = Generic {
            registrar: &self.clients,
            authorizer: &mut self.codes,
            issuer: &mut self.tokens,
            solicitor,
            scopes: vec![SCOPE.parse().unwrap()],
            response: Vacant,
        };
        let mut addons = AddonList::new();
        addons.push_code(Pkce::required());
        Extended::extend_with(inner, addons)
    }
}

/// The login, the consent page, and the decision, each time with the authorization request still in the query.
async fn authorize(
    State(server): State<Shared>,
    OriginalUri(uri): OriginalUri,
    request: OAuthRequest,
) -> Result<OAuthResponse, WebError> {
    let said = |name| request.body().and_then(|body| body.unique_value(name)).map(|value| value.into_owned());
    let (login, decision) = (said("login"), said("decision"));
    let action = uri.to_string().replace('&', "&amp;").replace('"', "&quot;");
    let page = |fields: &str| {
        let html = format!(r#"<!doctype html><form method="post" action="{action}">{fields}</form>"#);
        OAuthResponse::default().content_type("text/html").unwrap().body(&html)
    };
    let solicitor = FnSolicitor(|_: &mut OAuthRequest, asked: Solicitation<'_>| match (&login, decision.as_deref()) {
        (Some(login), Some("allow")) => OwnerConsent::Authorized(login.clone()),
        (Some(_), Some(_)) => OwnerConsent::Denied,
        (Some(login), None) => OwnerConsent::InProgress(page(&format!(
            r#"{} asks for {SCOPE} <input type="hidden" name="login" value="{login}">
               <button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>"#,
            asked.pre_grant().client_id
        ))),
        (None, _) => OwnerConsent::InProgress(page(
            r#"<input name="login"> <input type="password" name="password"> <button>Sign in</button>"#,
        )),
    });
    let mut server = server.lock().unwrap();
    Ok(AuthorizationFlow::prepare(server.endpoint(solicitor))?.execute(request.clone())?)
}

async fn token(State(server): State<Shared>, request: OAuthRequest) -> Result<OAuthResponse, WebError> {
    let refresh = request.body().and_then(|body| body.unique_value("grant_type")).as_deref() == Some("refresh_token");
    let mut server = server.lock().unwrap();
    let endpoint = server.endpoint(Vacant);
    if refresh {
        return Ok(RefreshFlow::prepare(endpoint)?.execute(request)?);
    }
    let mut flow = AccessTokenFlow::prepare(endpoint)?;
    flow.allow_credentials_in_body(true);
    Ok(flow.execute(request)?)
}

async fn userinfo(State(server): State<Shared>, request: OAuthResource) -> Result<Response, WebError> {
    let mut server = server.lock().unwrap();
    match ResourceFlow::prepare(server.endpoint(Vacant))?.execute(request.into()) {
        Ok(grant) => Ok(Json(serde_json::json!({ "sub": grant.owner_id })).into_response()),
        Err(refused) => Ok(refused?.into_response()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let port = std::env::args().nth(1).map_or(0, |port| port.parse().unwrap());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let routes = Router::new()
        .route("/authorize", get(authorize).post(authorize))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo))
        .with_state(Arc::new(Mutex::new(Server::new())));
    println!("ready http://{}", listener.local_addr().unwrap());
    thread::spawn(|| {
        drop(std::io::stdin().read_to_end(&mut Vec::new()));
        std::process::exit(0)
    });
    axum::serve(listener, routes).await.unwrap();
}
