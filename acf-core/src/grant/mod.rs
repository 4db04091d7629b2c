//! Token requests, one file per grant. Each builds an `http::Request`; what comes back goes to
//! [`token::Answer`](crate::token::Answer).

pub(crate) mod authorization_code;
pub(crate) mod refresh_token;
pub(crate) mod revocation;

use http::{Method, Request, Uri, header};
use zeroize::Zeroizing;

use crate::{
    form,
    provider::{Post, Resolved},
};

/// A request to an endpoint that wants client authentication (RFC 6749 section 3.2.1): parameters in the declared
/// encoding, credentials by the declared method, and only by that one (section 2.3).
fn request(provider: &Resolved, endpoint: &Uri, post: Post, params: &[(&str, &str)]) -> Request<Vec<u8>> {
    let (content_type, body) = match post {
        Post::Json => ("application/json", json(params.iter().copied().chain(provider.always()))),
        _ => ("application/x-www-form-urlencoded", encoded(params, &provider.always_encoded)),
    };
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = endpoint.clone();
    let headers = request.headers_mut();
    headers.reserve(4 + provider.token_headers.len());
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    // GitHub, among others, answers with a form unless it is asked for JSON.
    headers.insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
    if let Some(basic) = &provider.credentials.basic {
        headers.insert(header::AUTHORIZATION, basic.clone());
    }
    for (name, value) in &provider.token_headers {
        headers.insert(name, value.clone());
    }
    request
}

/// A form: these parameters and, already encoded, those that every request has.
fn encoded(params: &[(&str, &str)], always: &str) -> Vec<u8> {
    // Room for everything even if each byte must be escaped, so that no half-written secret is left behind by growing.
    let room: usize = params.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
    let mut body = String::with_capacity(room + always.len());
    for (name, value) in params {
        form::pair(&mut body, name, value);
    }
    body.push_str(always);
    body.into_bytes()
}

fn json<'a>(params: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
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
