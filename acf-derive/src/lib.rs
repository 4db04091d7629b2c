//! `#[derive(OAuthProvider)]`: a provider of OAuth 2.0 as a declaration, checked while it is compiled.
//!
//! Use it through `acf_core`, which re-exports it.
//!
//! # A tour
//!
//! The struct holds what is yours (credentials, redirect URI), the attribute what is the provider's.
//!
//! ```
//! use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};
//!
//! #[derive(OAuthProvider)]
//! #[oauth(
//!     base_uri = "https://stackoverflow.com",
//!     authorization_path = "/oauth",
//!     access_token_path = "/oauth/access_token/json",
//!     scope("no_expiry"),
//!     scope_separator = ",",
//!     client_auth = client_secret_post,
//!     token_response(token_type = "Bearer", expires = "expires"),
//! )]
//! struct StackExchange {
//!     client_id: ClientId,
//!     client_secret: ClientSecret,
//!     redirect_uri: RedirectUri,
//! }
//!
//! assert!(StackExchange::declaration().starts_with("name=stack-exchange\nbase_uri=https://stackoverflow.com\n"));
//! ```
//!
//! What cannot work does not compile, and the error stands at the word that causes it, with the words that mend it. All
//! mistakes of a declaration are shown at once.
//!
//! ```compile_fail
//! # use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};
//! #[derive(OAuthProvider)]
//! #[oauth(
//!     base_uri = "http://forge.example",  // must use https
//!     authorisation_path = "/authorize",  // did you mean `authorization_path`?
//!     access_token_path = "token",        // must begin with `/`
//! )]                                      // missing `client_auth`: how is the secret sent?
//! struct Forge {
//!     client_id: ClientId,
//!     client_secret: ClientSecret,
//!     redirect_uri: RedirectUri,
//! }
//! ```
//!
//! A secret in a type that would print it is refused at the type:
//!
//! ```compile_fail
//! # use acf_core::{ClientId, OAuthProvider, RedirectUri};
//! #[derive(OAuthProvider)]
//! #[oauth(
//!     base_uri = "https://forge.example",
//!     authorization_path = "/authorize",
//!     access_token_path = "/token",
//!     client_auth = client_secret_basic,
//! )]
//! struct Forge {
//!     client_id: ClientId,
//!     client_secret: String, // `String` would print the secret with `{:?}`
//!     redirect_uri: RedirectUri,
//! }
//! ```
//!
//! # How it works
//!
//! One straight line, a file for each step: the item is read (`item`), its attributes against the one table of keys of `acf_rules`
//! (`tokens`, `parse`, `value`; `unknown` for what is not in it), become a declared provider (`model`), which is judged
//! (`validate`) by the rules of `acf_rules` that the runtime has as well. A sound one becomes one small implementation
//! (`expand`, `emit`); any other its errors (`diag`) and an empty implementation (`fallback`), so that a mistake is
//! reported once and not again at each use.
#![doc = include_str!("attributes.md")]

mod diag;
mod emit;
mod expand;
mod fallback;
mod item;
mod literal;
mod model;
mod parse;
mod run;
#[cfg(test)]
mod tests;
mod tokens;
mod unknown;
mod validate;
mod value;

use proc_macro2::TokenStream;

use crate::{diag::Problem, run::run};

/// Implements `acf_core::OAuthProvider` for a struct with named fields. All keys of `#[oauth(..)]` are in the
/// [reference](crate#attributes).
#[proc_macro_derive(OAuthProvider, attributes(oauth))]
pub fn derive_oauth_provider(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (problems, implementation) = run(input.into());
    problems.iter().map(Problem::to_compile_error).chain([implementation]).collect::<TokenStream>().into()
}
