//! The routes that people and browsers see: `/authorize` with its login, and the token endpoint's neighbours in `api`.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use oxide_auth::endpoint::{AuthorizationFlow, OAuthError};
use serde::Deserialize;

use super::{
    accounts::{self, Account},
    api,
    clients::Clients,
    glue::{Parts, Person, Request},
    pages,
};
use crate::{
    database::{Database, Failure},
    web,
};

/// The authorization server.
pub(crate) struct Issuer {
    pub(super) database: Database,
    pub(super) clients: Clients,
    /// Its identifier (RFC 8414 section 2), which is also where it is.
    pub(super) url: String,
}

impl Issuer {
    /// The server, and the secret of its client, the demo.
    pub(crate) async fn open(
        database: Database,
        url: String,
        redirect_uri: String,
    ) -> Result<(Arc<Self>, String), Failure> {
        let (clients, secret) = Clients::load(&database, redirect_uri).await?;
        Ok((Arc::new(Self { database, clients, url }), secret))
    }

    fn secure(&self) -> bool {
        self.url.starts_with("https:")
    }
}

pub(crate) fn router(issuer: Arc<Issuer>) -> Router {
    Router::new()
        .route("/", get(async || pages::home().into_response()))
        .route("/style.css", get(web::stylesheet))
        .route("/authorize", get(authorize).post(decide))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/token", post(api::token))
        .route("/revoke", post(api::revoke))
        .route("/userinfo", get(api::userinfo))
        .route("/notes", get(api::notes))
        .route("/.well-known/oauth-authorization-server", get(api::metadata))
        .fallback(async || problem(StatusCode::NOT_FOUND, "Page not found", "There is nothing at this address."))
        .layer(middleware::map_response(web::harden))
        .with_state(issuer)
}

async fn authorize(State(issuer): State<Arc<Issuer>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    run(issuer, query, headers, None).await
}

#[derive(Deserialize)]
struct Decision {
    #[serde(default)]
    decision: String,
}

/// The consent form. The request is its query, as before, and is checked anew from the beginning.
async fn decide(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Response {
    if !web::is_ours(&headers, &issuer.url) {
        return foreign_form();
    }
    run(issuer, query, headers, Some(form.decision == "allow")).await
}

async fn run(issuer: Arc<Issuer>, query: Option<String>, headers: HeaderMap, decision: Option<bool>) -> Response {
    let query = query.unwrap_or_default();
    let account = match accounts::current(&issuer.database, &headers).await {
        Ok(account) => account,
        Err(failure) => return broken(&failure),
    };
    let person = Person { account, decision, request: rewritten(&query), issuer: issuer.url.clone() };
    let answer = tokio::task::spawn_blocking(move || {
        let request = Request::new(&query, "", &headers);
        let parts = Parts::new(&issuer.database, &issuer.clients, &issuer.url, Some(person));
        AuthorizationFlow::prepare(parts)?.execute(request).map(IntoResponse::into_response)
    });
    match answer.await {
        Ok(Ok(response)) => response,
        // An unknown client, or a redirect URI that is not its own: there is nobody to send the browser to.
        Ok(Err(OAuthError::DenySilently | OAuthError::BadRequest)) => problem(
            StatusCode::BAD_REQUEST,
            "Unknown application",
            "The application that sent you here is not registered, or wants you sent to an address that is not its own.",
        ),
        Ok(Err(error @ OAuthError::PrimitiveError)) => broken(&Failure::new(error)),
        Err(error) => broken(&Failure::new(error)),
    }
}

#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    account: String,
    #[serde(default)]
    request: String,
}

async fn login(State(issuer): State<Arc<Issuer>>, headers: HeaderMap, Form(form): Form<Login>) -> Response {
    if !web::is_ours(&headers, &issuer.url) {
        return foreign_form();
    }
    let Some(account) = Account::by_login(form.account.trim().to_lowercase().as_str()) else {
        return problem(StatusCode::BAD_REQUEST, "No such account", "There is no demo account of that name.");
    };
    match accounts::log_in(&issuer.database, account, issuer.secure()).await {
        Ok(cookie) => web::with_cookie(back(&form.request), Some(cookie)),
        Err(failure) => broken(&failure),
    }
}

#[derive(Deserialize)]
struct Logout {
    #[serde(default)]
    request: String,
}

async fn logout(State(issuer): State<Arc<Issuer>>, headers: HeaderMap, Form(form): Form<Logout>) -> Response {
    if !web::is_ours(&headers, &issuer.url) {
        return foreign_form();
    }
    match accounts::log_out(&issuer.database, &headers, issuer.secure()).await {
        Ok(cookie) => web::with_cookie(back(&form.request), Some(cookie)),
        Err(failure) => broken(&failure),
    }
}

/// Back to the request that brought the person here; never to anywhere else.
fn back(request: &str) -> Response {
    web::see_other(&format!("/authorize?{}", rewritten(request)))
}

/// The query, decoded and encoded again: whatever it held, it is one query now.
fn rewritten(query: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(query.as_bytes())).finish()
}

fn foreign_form() -> Response {
    problem(StatusCode::FORBIDDEN, "Not from this page", "The form was sent from another site, so nothing was done.")
}

fn problem(status: StatusCode, title: &str, text: &str) -> Response {
    (status, pages::problem(title, text)).into_response()
}

pub(super) fn broken(failure: &Failure) -> Response {
    web::log(format_args!("authorization server: {failure}"));
    problem(StatusCode::INTERNAL_SERVER_ERROR, "Something broke", "The server could not do its work.")
}
