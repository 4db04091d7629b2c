//! Giving a token up (RFC 7009).

use http::{Request, StatusCode, Uri};

use super::request;
use crate::{
    error::Error,
    http::Response,
    provider::{Post, Resolved},
    token,
};

/// The revocation request (RFC 7009 section 2.1): a form, also where token requests are JSON.
pub(crate) fn revocation_request(provider: &Resolved, endpoint: &Uri, token: &str, hint: &str) -> Request<Vec<u8>> {
    request(provider, endpoint, Post::Form, &[("token", token), ("token_type_hint", hint)])
}

/// The answer (RFC 7009 section 2.2): 200 means that the token is void, whatever the body says.
pub(crate) fn revocation_response(response: Response, confidential: &[&str]) -> Result<(), Error> {
    if response.status() == StatusCode::OK {
        return Ok(());
    }
    Err(token::refusal(response, "the revocation endpoint", confidential))
}
