//! Refresh token for token (RFC 6749 section 6).

use super::{Call, Own, Pair, Values};
use crate::{
    error::{Error, ErrorKind},
    hooks::Step,
    http::Response,
    provider::Resolved,
    token::{self, Expected, Token},
};

/// The refresh of a token.
pub(crate) struct RefreshToken<'a>(pub(crate) &'a Token);

impl Pair for RefreshToken<'_> {
    type Output = Token;

    /// It names no scope, which asks for the scope that was granted; some providers refuse any other.
    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        if !provider.can_refresh(self.0) {
            let what = match self.0.refresh_token() {
                None => "the token has no refresh token",
                Some(_) => "the refresh token has ended",
            };
            let text = format!("{what}: send the person through the login again");
            return Err(Error::new(ErrorKind::TokenExpired, text));
        }
        let refresh = self.0.refresh_token().map(|secret| secret.expose()).unwrap_or_default();
        Ok(Call {
            step: Step::Refresh,
            rules: &provider.rules.refresh,
            endpoint: provider.refresh_endpoint.clone(),
            ready: provider.refresh_ready.as_ref(),
            own: Own::of("refresh_token").with_secret("refresh_token", refresh),
            more: &[],
            values: Values::of(provider, self.0),
            bearer: None,
        })
    }

    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Token, Error> {
        let expected = Expected { rules: &provider.rules.response, scopes: self.0.scopes(), confidential };
        token::read_token(response, &expected).map(|new| self.0.refreshed_by(new))
    }
}
