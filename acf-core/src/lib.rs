#![doc = "draft"]
// The derive names this crate by its full path, also inside this crate's own tests and examples.
extern crate self as acf_core;

pub mod http;
pub mod provider;
pub mod store;

mod authorization;
mod callback;
mod error;
mod flow;
mod form;
mod grant;
mod secret;
mod session;
mod token;
mod value;

#[cfg(feature = "derive")]
pub use acf_derive::OAuthProvider;

#[cfg(feature = "sqlite")]
pub use crate::store::SqliteStore;
pub use crate::{
    authorization::{AuthorizationRequest, NewState, State},
    error::{Error, ErrorKind, Next, ProviderError},
    flow::{Begin, Completed, Flow, FlowBuilder},
    http::HttpClient,
    provider::{
        ClientAuth, Custom, CustomBuilder, Definition, Endpoint, HostValue, OAuthProvider, OptionalTextValue, Parts,
        Post, ScopesValue, SecretValue, TextValue,
    },
    secret::{ClientSecret, Secret},
    session::{ApiRequest, ApiResponse, Session},
    store::{MemoryStore, StateStore, TokenStore},
    token::Token,
    value::{BaseUri, ClientId, Host, HostLabel, RedirectUri, Scopes},
};

/// What the derive's expansion calls. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use acf_rules::{Checked, text, uri};

    /// Fails the compilation of a constant that breaks a rule; the error stands where this is called.
    #[track_caller]
    #[allow(clippy::panic, reason = "evaluated by the compiler only: this is how a constant reports an error")]
    pub const fn check(checked: Checked) {
        if let Err(violation) = checked {
            panic!("{}", violation.message());
        }
    }
}
