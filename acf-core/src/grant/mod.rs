//! Token requests, one file per grant. Each builds an `http::Request`; what comes back goes to
//! [`token::Answer`](crate::token::Answer).

pub(crate) mod authorization_code;
pub(crate) mod refresh_token;
pub(crate) mod revocation;

use http::{Method, Request, Uri, header};
use zeroize::Zeroizing;

use crate::{
    form,
    provider::{ClientAuth, Post, Resolved},
};

/// A request to an endpoint that wants client authentication (RFC 6749 section 3.2.1): parameters in the declared
/// encoding, credentials by the declared method, and only by that one (section 2.3).
fn request(provider: &Resolved, endpoint: &Uri, post: Post, params: &[(&str, &str)]) -> Request<Vec<u8>> {
    let credentials = &provider.credentials;
    let mut all: Vec<(&str, &str)> = Vec::with_capacity(params.len() + provider.token_params.len() + 2);
    all.extend(params);
    all.extend(provider.token_params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if credentials.basic.is_none() {
        all.push(("client_id", &credentials.client_id));
    }
    if let (ClientAuth::ClientSecretPost, Some(secret)) = (credentials.method, &credentials.secret) {
        all.push(("client_secret", secret.expose()));
    }

    let (content_type, body) = match post {
        Post::Json => ("application/json", json(&all)),
        _ => ("application/x-www-form-urlencoded", encoded(&all)),
    };
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = endpoint.clone();
    let headers = request.headers_mut();
    headers.reserve(4 + provider.token_headers.len());
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    // GitHub, among others, answers with a form unless it is asked for JSON.
    headers.insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
    if let Some(basic) = &credentials.basic {
        headers.insert(header::AUTHORIZATION, basic.clone());
    }
    for (name, value) in &provider.token_headers {
        headers.insert(name, value.clone());
    }
    request
}

fn encoded(params: &[(&str, &str)]) -> Vec<u8> {
    // Room for everything even if each byte must be escaped, so that no half-written secret is left behind by growing.
    let room = params.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
    let mut body = String::with_capacity(room);
    for (name, value) in params {
        form::pair(&mut body, name, value);
    }
    body.into_bytes()
}

fn json(params: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Zeroizing::new(String::from("{"));
    for (name, value) in params {
        let comma = if body.len() > 1 { "," } else { "" };
        let (name, value) = (quoted(name), Zeroizing::new(quoted(value)));
        *body = format!("{}{comma}{name}:{}", *body, *value);
    }
    body.push('}');
    std::mem::take(&mut *body).into_bytes()
}

/// A JSON string.
fn quoted(text: &str) -> String {
    // A string always has a JSON form.
    serde_json::to_string(text).unwrap_or_default()
}
