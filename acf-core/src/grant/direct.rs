//! Grants that begin and end at the token endpoint.

use acf_rules::language::GrantType;

use super::{Call, Own, Pair, Values};
use crate::{
    error::Error,
    hooks::Step,
    http::Response,
    provider::Resolved,
    token::{self, Expected, Token},
    value::Scopes,
};

/// What tells one grant from another.
pub(crate) trait Grant: Send + Sync {
    fn grant_type(&self) -> GrantType;

    fn step(&self) -> Step;

    /// Its parameters, by their names in the RFC.
    fn own(&self) -> Own<'_>;

    /// Notes what of it cannot be sent.
    fn check(&self, wrong: &mut Vec<String>) {
        let _ = wrong;
    }

    /// Whether the declared scopes are asked for where the caller names none.
    fn asks_for_declared_scopes(&self) -> bool {
        true
    }

    /// What its answer means.
    fn read(&self, response: Response, expected: &Expected<'_>) -> Result<Token, Error> {
        token::read_token(response, expected)
    }
}

/// A grant with what may be asked of each: scopes and further parameters.
pub(crate) struct Direct<'g> {
    grant: &'g dyn Grant,
    scopes: Scopes,
    /// The scopes as they are sent; empty where none are.
    scope: String,
    more: &'g [(String, String)],
}

impl<'g> Direct<'g> {
    pub(crate) fn new(
        grant: &'g dyn Grant,
        scopes: Option<&Scopes>,
        more: &'g [(String, String)],
        provider: &Resolved,
    ) -> Self {
        let declared = Some(&provider.scopes).filter(|_| grant.asks_for_declared_scopes());
        let scopes = scopes.or(declared).cloned().unwrap_or_default();
        let scope = scopes.join(&provider.rules.authorize.scope_separator);
        Self { grant, scopes, scope, more }
    }
}

impl Pair for Direct<'_> {
    type Output = Token;

    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        provider.allows(self.grant.grant_type())?;
        let own = self.grant.own();
        Ok(Call {
            step: self.grant.step(),
            rules: &provider.rules.grant,
            endpoint: provider.token_endpoint.clone(),
            ready: None,
            // An empty parameter must not be sent (RFC 6749 section 3.2).
            own: if self.scope.is_empty() { own } else { own.with("scope", &self.scope) },
            more: self.more,
            values: Values { scopes: Some(&self.scopes), ..Values::new(provider) },
            bearer: None,
        })
    }

    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Token, Error> {
        let expected = Expected { rules: &provider.rules.response, scopes: &self.scopes, confidential };
        self.grant.read(response, &expected)
    }
}
