//! The client acts for itself (RFC 6749 section 4.4).

use acf_rules::language::GrantType;

use super::{Grant, Own};
use crate::hooks::Step;

/// The client's own grant: who it is, is all there is to say.
pub(crate) struct ClientCredentials;

impl Grant for ClientCredentials {
    fn grant_type(&self) -> GrantType {
        GrantType::ClientCredentials
    }

    fn step(&self) -> Step {
        Step::ClientCredentials
    }

    fn own(&self) -> Own<'_> {
        Own::of("client_credentials")
    }
}
