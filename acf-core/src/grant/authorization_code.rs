//! Code for token (RFC 6749 section 4.1.3, RFC 7636 section 4.5).

use http::Request;

use super::request;
use crate::provider::Resolved;

/// The token request. `redirect_uri` is the one of the authorization request, byte for byte.
pub(crate) fn token_request(provider: &Resolved, code: &str, verifier: &str, redirect_uri: &str) -> Request<Vec<u8>> {
    request(
        provider,
        &provider.token_endpoint,
        provider.post,
        &[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ],
    )
}
