//! Refresh token for token (RFC 6749 section 6).

use http::Request;

use super::request;
use crate::provider::Resolved;

/// The refresh request. It names no scope, which asks for the scope that was granted; some providers refuse any other.
pub(crate) fn token_request(provider: &Resolved, refresh_token: &str) -> Request<Vec<u8>> {
    request(
        provider,
        &provider.refresh_endpoint,
        provider.post,
        &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)],
    )
}
