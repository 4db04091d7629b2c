//! A signed assertion for a token (RFC 7523 section 2.1).

use acf_rules::{language::GrantType, text};

use super::{Grant, Own};
use crate::{hooks::Step, secret::Secret};

/// What somebody signed, in whose name the token will be.
pub(crate) struct JwtBearer<'a>(pub(crate) &'a Secret);

impl Grant for JwtBearer<'_> {
    fn grant_type(&self) -> GrantType {
        GrantType::JwtBearer
    }

    fn step(&self) -> Step {
        Step::JwtBearer
    }

    fn own(&self) -> Own<'_> {
        Own::of("urn:ietf:params:oauth:grant-type:jwt-bearer").with_secret("assertion", self.0.expose())
    }

    /// One JSON Web Token, in its compact serialization.
    fn check(&self, wrong: &mut Vec<String>) {
        if text::token(self.0.expose()).is_err() {
            wrong.push("the `assertion` is no JSON Web Token: it is empty or has spaces or line breaks".to_owned());
        }
    }

    /// The scopes are mostly in the assertion (RFC 7523 section 2.1 leaves the parameter optional).
    fn asks_for_declared_scopes(&self) -> bool {
        false
    }
}
