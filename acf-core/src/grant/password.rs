//! A person's password for a token (RFC 6749 section 4.3). Retired: RFC 9700 section 2.4 forbids it.

use acf_rules::language::GrantType;

use super::{Grant, Own};
use crate::{hooks::Step, secret::Secret};

/// Who somebody is to the provider, and their password there.
pub(crate) struct Password<'a> {
    pub(crate) username: &'a str,
    pub(crate) password: &'a Secret,
}

impl Grant for Password<'_> {
    fn grant_type(&self) -> GrantType {
        GrantType::Password
    }

    fn step(&self) -> Step {
        Step::Password
    }

    fn own(&self) -> Own<'_> {
        Own::of("password").with("username", self.username).with_secret("password", self.password.expose())
    }

    fn check(&self, wrong: &mut Vec<String>) {
        // Sent without a value, they count as not sent (RFC 6749 section 3.2).
        for (name, text) in [("username", self.username), ("password", self.password.expose())] {
            if text.is_empty() {
                wrong.push(format!("the `{name}` is empty"));
            }
        }
    }
}
