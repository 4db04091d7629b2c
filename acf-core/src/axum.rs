//! For axum: what a person sees of an error.

use axum_core::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::error::{Error, ErrorKind};

/// A short page in plain text: the status that fits, a sentence for people, and nothing of what a provider said.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, text) = match self.kind() {
            ErrorKind::AccessDenied => (StatusCode::FORBIDDEN, "Access was not granted."),
            ErrorKind::Callback
            | ErrorKind::StateMissing
            | ErrorKind::StateUnknown
            | ErrorKind::StateExpired
            | ErrorKind::BindingMismatch
            | ErrorKind::ProviderMismatch
            | ErrorKind::IssuerMismatch => (
                StatusCode::BAD_REQUEST,
                "This login cannot be finished: it is over, or it did not begin here. Please begin again.",
            ),
            ErrorKind::NoToken | ErrorKind::TokenExpired => (StatusCode::UNAUTHORIZED, "Please log in."),
            ErrorKind::Busy => (StatusCode::SERVICE_UNAVAILABLE, "Please try again in a moment."),
            ErrorKind::Timeout => (StatusCode::GATEWAY_TIMEOUT, "The provider did not answer in time."),
            ErrorKind::Provider
            | ErrorKind::NotSent
            | ErrorKind::Tls
            | ErrorKind::Transport
            | ErrorKind::Response
            | ErrorKind::TokenResponse => (StatusCode::BAD_GATEWAY, "The provider cannot do this at the moment."),
            ErrorKind::Configuration
            | ErrorKind::Unsupported
            | ErrorKind::Random
            | ErrorKind::Store
            | ErrorKind::Conflict => (StatusCode::INTERNAL_SERVER_ERROR, "Something is wrong on this server."),
        };
        let headers = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            // The answer to a callback: not to be kept, and its address, which has a code, not to be passed on.
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
        ];
        (status, headers, text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ProviderError;

    #[test]
    fn a_person_sees_nothing_of_what_the_provider_said() {
        let said = ProviderError::new("access_denied", Some("<script>"), None, &[]);
        let response = Error::from_provider(said, "refused").into_response();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[header::REFERRER_POLICY], "no-referrer");
    }
}
