//! Code for token (RFC 6749 section 4.1.3, RFC 7636 section 4.5).

use zeroize::Zeroizing;

use super::{Call, Own, Pair, Values};
use crate::{
    authorization::{Asked, Login},
    callback::Callback,
    error::Error,
    hooks::Step,
    http::Response,
    provider::{Pkce, Resolved},
    token::{self, Expected, Token},
};

/// The grant of a login: it was taken out of its store, and its callback was verified.
pub(crate) struct AuthorizationCode<'a> {
    asked: &'a Asked,
    callback: &'a Callback,
    code: &'a str,
    verifier: Zeroizing<String>,
}

impl<'a> AuthorizationCode<'a> {
    pub(crate) fn new(login: &'a Login, callback: &'a Callback, code: &'a str) -> Self {
        let verifier = login.verifier(&callback.state).text();
        Self { asked: login.asked(), callback, code, verifier }
    }
}

impl Pair for AuthorizationCode<'_> {
    type Output = Token;

    /// The redirect URI is that of the authorization request, byte for byte.
    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        let own =
            Own::of("authorization_code").with_secret("code", self.code).with("redirect_uri", &self.asked.redirect_uri);
        let off = provider.rules.authorize.pkce == Pkce::Off;
        Ok(Call {
            step: Step::Token,
            rules: &provider.rules.token,
            endpoint: provider.token_endpoint.clone(),
            ready: provider.token_ready.as_ref(),
            own: if off { own } else { own.with_secret("code_verifier", &self.verifier) },
            more: &[],
            values: Values {
                code: Some(self.code),
                state: Some(&self.callback.state),
                scopes: Some(&self.asked.scopes),
                captured: &self.callback.captured,
                ..Values::new(provider)
            },
            bearer: None,
        })
    }

    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Token, Error> {
        let expected = Expected { rules: &provider.rules.response, scopes: &self.asked.scopes, confidential };
        Ok(token::read_token(response, &expected)?.with_captured(&self.callback.captured))
    }
}
