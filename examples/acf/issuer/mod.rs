//! "Demo Authorization Server": what GitHub or Google are in real life, embedded so that the whole flow can be tried
//! without an account anywhere and without a network.
//!
//! The rules of RFC 6749 and RFC 7636 are oxide-auth's. Here is the rest: clients, stored grants, the pages, and the
//! glue between axum and that library. It is a demo in one point only: no password is asked.

mod accounts;
mod api;
mod clients;
mod glue;
mod grants;
mod pages;
mod routes;

pub(crate) use self::routes::{Issuer, router};

/// The confidential client: the web demo.
pub(crate) const DEMO_CLIENT: &str = "demo";
/// The public client: the terminal client, which comes back to a port of this machine.
pub(crate) const CLI_CLIENT: &str = "acf-cli";

/// The scopes, and what they mean to people.
pub(crate) const SCOPES: [(&str, &str); 2] =
    [("profile", "See your name and your user number"), ("notes", "Read your notes")];

/// The words for a scope.
pub(crate) fn in_words(scope: &str) -> Option<&'static str> {
    SCOPES.iter().find(|(name, _)| *name == scope).map(|(_, words)| *words)
}
