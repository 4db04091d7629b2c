//! Giving a token up (RFC 7009 section 2).

use acf_rules::language::Endpoint;
use http::StatusCode;

use super::{Call, Own, Pair, Values};
use crate::{
    error::Error,
    hooks::Step,
    http::Response,
    provider::Resolved,
    token::{self, Token},
};

/// The end of one of the two secrets of a token.
pub(crate) struct Revocation<'a> {
    pub(crate) token: &'a Token,
    pub(crate) secret: &'a str,
    /// Which of the two it is.
    pub(crate) hint: &'static str,
}

impl Pair for Revocation<'_> {
    type Output = ();

    /// A form, also where token requests are JSON.
    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        let endpoint = provider.declared(Endpoint::Revocation, provider.revocation_endpoint.as_ref())?;
        let values = Values { token: Some(self.secret), ..Values::of(provider, self.token) };
        Ok(Call {
            step: Step::Revocation,
            rules: &provider.rules.revoke,
            endpoint: endpoint.uri(&values)?,
            ready: None,
            own: Own::default().with_secret("token", self.secret).with("token_type_hint", self.hint),
            more: &[],
            values,
            bearer: None,
        })
    }

    /// 200 means that the token is void, whatever the body says.
    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<(), Error> {
        let status = response.status();
        let declared = provider.rules.revoke.status.and_then(|status| StatusCode::from_u16(status).ok());
        if status == StatusCode::OK || Some(status) == declared {
            return Ok(());
        }
        let error = token::refusal(response, "the revocation endpoint", &provider.rules.response, confidential);
        if status.is_success() && error.provider().is_none() {
            return Err(error.declare("that is a success here", &format!("revoke(status = {})", status.as_u16())));
        }
        Err(error)
    }
}
