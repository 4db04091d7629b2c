#![doc = "draft"]
// The derive names this crate by its full path, also where it is used inside this crate's own tests.
extern crate self as acf_core;

pub mod error;
pub mod provider;
mod secret;
mod value;

#[cfg(feature = "derive")]
pub use acf_derive::OAuthProvider;

pub use crate::{
    error::{Error, ErrorKind, Next, ProviderError},
    provider::{
        ClientAuth, Definition, Endpoint, HostValue, OAuthProvider, OptionalTextValue, Parts, Post, ScopesValue,
        SecretValue, TextValue,
    },
    secret::{ClientSecret, Secret},
    value::{BaseUri, ClientId, Host, HostLabel, RedirectUri, Scopes},
};

/// What the derive's expansion calls. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use acf_rules::{Checked, text, uri};

    /// Fails the compilation of a constant that breaks a rule; the error stands where this is called.
    #[track_caller]
    pub const fn check(checked: Checked) {
        if let Err(violation) = checked {
            #[allow(clippy::panic, reason = "evaluated by the compiler only: this is how a constant reports an error")]
            {
                panic!("{}", violation.message());
            }
        }
    }
}
