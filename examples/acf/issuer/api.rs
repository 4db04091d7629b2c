//! The routes that programs call: tokens, revocation, and an API to use a token on.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use oxide_auth::{
    endpoint::{AccessTokenFlow, QueryParameter, RefreshFlow, Registrar},
    primitives::grant::Grant,
};
use serde_json::json;

use super::{
    SCOPES,
    accounts::Account,
    glue::{Parts, Request, parameters},
    grants,
    routes::{Issuer, broken},
};
use crate::database::Failure;

/// RFC 6749 sections 4.1.3 and 6.
pub(super) async fn token(State(issuer): State<Arc<Issuer>>, headers: HeaderMap, body: String) -> Response {
    if !is_form(&headers) {
        return refusal(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let answer = tokio::task::spawn_blocking(move || {
        let mut request = Request::new("", &body, &headers);
        let parts = Parts::new(&issuer.database, &issuer.clients, &issuer.url, None);
        match request.body.unique_value("grant_type").as_deref() {
            Some("refresh_token") => {
                // oxide-auth looks for credentials in the header only when it refreshes.
                if request.authorization.is_none()
                    && let (Some(id), Some(secret)) =
                        (request.body.unique_value("client_id"), request.body.unique_value("client_secret"))
                {
                    let basic = BASE64_STANDARD.encode(format!("{id}:{secret}"));
                    request.authorization = Some(format!("Basic {basic}"));
                }
                RefreshFlow::prepare(parts)?.execute(request).map(IntoResponse::into_response)
            }
            _ => {
                let mut flow = AccessTokenFlow::prepare(parts)?;
                flow.allow_credentials_in_body(true);
                flow.execute(request).map(IntoResponse::into_response)
            }
        }
    });
    match answer.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        Err(error) => broken(&Failure::new(error)),
    }
}

/// RFC 7009: the answer is 200 whether or not there was such a token.
pub(super) async fn revoke(State(issuer): State<Arc<Issuer>>, headers: HeaderMap, body: String) -> Response {
    let form = parameters(&body);
    let Some((client, secret)) = credentials(&headers, &form) else {
        return refusal(StatusCode::BAD_REQUEST, "invalid_request");
    };
    if issuer.clients.check(&client, secret.as_deref().map(str::as_bytes)).is_err() {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let Some(token) = form.unique_value("token").map(|token| token.into_owned()) else {
        return refusal(StatusCode::BAD_REQUEST, "invalid_request");
    };
    match issuer.database.run(move |connection| grants::revoke(connection, &token, &client)).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(failure) => broken(&failure),
    }
}

/// Who the token belongs to.
pub(super) async fn userinfo(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let (grant, account) = match bearer(&issuer, &headers, "profile").await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    Json(json!({ "sub": account.id, "name": account.name, "scope": grant.scope.to_string() })).into_response()
}

/// Something of theirs.
pub(super) async fn notes(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let (_, account) = match bearer(&issuer, &headers, "notes").await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    Json(json!({ "owner": account.name, "notes": account.notes })).into_response()
}

/// RFC 8414.
pub(super) async fn metadata(State(issuer): State<Arc<Issuer>>) -> Response {
    let url = &issuer.url;
    let methods = ["client_secret_basic", "client_secret_post", "none"];
    let scopes: Vec<_> = SCOPES.iter().map(|(scope, _)| *scope).collect();
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "revocation_endpoint": format!("{url}/revoke"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

/// The grant of the bearer token, if it is good and has the scope (RFC 6750 section 3.1).
async fn bearer(issuer: &Issuer, headers: &HeaderMap, scope: &str) -> Result<(Grant, &'static Account), Response> {
    let challenge = |status: StatusCode, error: &str| {
        let challenge = format!("Bearer realm=\"demo\", error=\"{error}\"");
        (status, [(header::WWW_AUTHENTICATE, challenge)], Json(json!({ "error": error }))).into_response()
    };
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((scheme, token)) = header.and_then(|header| header.split_once(' ')) else {
        return Err((StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer realm=\"demo\"")]).into_response());
    };
    let token = token.trim().to_owned();
    let found = issuer.database.run(move |connection| grants::access(connection, &token)).await;
    let grant = match found {
        Ok(Some(grant)) if scheme.eq_ignore_ascii_case("bearer") => grant,
        Ok(_) => return Err(challenge(StatusCode::UNAUTHORIZED, "invalid_token")),
        Err(failure) => return Err(broken(&failure)),
    };
    if grant.scope.iter().all(|granted| granted != scope) {
        return Err(challenge(StatusCode::FORBIDDEN, "insufficient_scope"));
    }
    match Account::by_id(&grant.owner_id) {
        Some(account) => Ok((grant, account)),
        None => Err(challenge(StatusCode::UNAUTHORIZED, "invalid_token")),
    }
}

/// Client identifier and secret: from the header, or else from the form (RFC 6749 section 2.3.1).
fn credentials(headers: &HeaderMap, form: &impl QueryParameter) -> Option<(String, Option<String>)> {
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        let secret = form.unique_value("client_secret").map(|secret| secret.into_owned());
        return Some((form.unique_value("client_id")?.into_owned(), secret));
    };
    let encoded = header.to_str().ok()?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), Some(secret.to_owned())))
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded"
}

fn refusal(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
