//! Access tokens on somebody's behalf: the OAuth 2.0 authorization code flow, with providers that are declared and
//! checked by the compiler.
//!
//! # Declare a provider
//!
//! A config struct becomes a provider. What the declaration gets wrong is a compile error at the exact token; what a real
//! provider does differently from the RFCs is an attribute. The reference of all keys is at
//! [`OAuthProvider`](macro@OAuthProvider); ready-made declarations are in the crate `acf-providers`.
//!
#![cfg_attr(feature = "derive", doc = "```")]
#![cfg_attr(not(feature = "derive"), doc = "```ignore")]
//! use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};
//!
//! #[derive(OAuthProvider, serde::Deserialize)]
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
//! let provider = StackExchange::new("12345", "secret", "https://app.example/callback")?;
//! # let _ = provider;
//! # Ok::<(), acf_core::Error>(())
//! ```
//!
//! # Or have it announce itself
//!
//! Many providers publish where they are and what they know (RFC 8414, OpenID Connect Discovery). [`Flow::discover`] makes a
//! flow of that, for a provider that is not known before the program runs; [`Flow::check_metadata`] compares it with a
//! declaration; [`discovery`] has the steps between, down to the attribute to paste.
//!
#![cfg_attr(feature = "reqwest", doc = "```no_run")]
#![cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
//! # async fn example() -> Result<(), acf_core::Error> {
//! use acf_core::{Credentials, Flow};
//!
//! let credentials = Credentials::new("id").client_secret("secret".parse()?).redirect_uri("https://app.example/callback");
//! let flow = Flow::discover("https://login.example", credentials).await?;
//! # let _ = flow;
//! # Ok(())
//! # }
//! ```
//!
//! # Send a person through it
//!
//! A [`Flow`] begins logins and finishes them. `begin` and `finish` take the user, or the browser session, that the login
//! belongs to; nobody else can finish it, and it can be finished once.
//!
//! ```no_run
//! # async fn example(provider: acf_core::Custom, query_string: &str) -> Result<(), acf_core::Error> {
//! use acf_core::Flow;
//!
//! let flow = Flow::builder(provider)
//!     .state_store(acf_core::MemoryStore::new()) // or one that survives a restart, see below
//!     .build()?;
//!
//! let request = flow.begin("user-42").await?;
//! // Send the browser to `request.url`; then, in the handler of the redirect URI:
//! let token = flow.finish("user-42", query_string).await?;
//! # let _ = (request, token);
//! # Ok(())
//! # }
//! ```
//!
//! Instances that share no store can let the login wait in the browser, in a sealed cookie: [`Begin::sealed`].
//!
//! # Hold a token
//!
//! The finished token is stored under provider and user. A [`Session`] makes calls with it, refreshes it when it is due, and
//! gives it up. A refreshed token is saved before it is used. [`Encrypted`] makes of any store one that holds nothing in clear.
//!
//! ```no_run
//! # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
//! let session = flow.session("user-42").await?;
//! let answer = session.get("https://api.example.com/me").send().await?;
//! let person = session.userinfo().await?; // where the declaration has a `userinfo_path`
//! # let _ = (answer, person);
//! # Ok(())
//! # }
//! ```
//!
//! A user with several accounts at a provider has a connection for each: [`Begin::connection`], [`SessionRequest::connection`],
//! [`Flow::connections`]. [`Begin::more_scope`] asks for what a new feature needs on top of what was granted.
//!
//! # On one machine, or on many
//!
//! | store | feature | who shares it |
//! |---|---|---|
//! | [`MemoryStore`] | | one process, until it ends |
//! | [`SqliteStore`] | `sqlite` | the processes of one machine |
//! | [`PostgresStore`] | `postgres` | any number of machines |
//! | [`RedisStore`] | `redis` | any number of machines; after a failover of the server the newest changes may be missing |
//!
//! Any number of processes may share a store: a login is finished once, and a token refreshed by one of them, which is what
//! keeps a grant alive where refresh tokens rotate. [`Session::refresh`] says what happens when an answer is lost or a process
//! ends halfway. [`Flow::drain`] waits for refreshes that are under way before a program ends; [`events`] has what the library
//! tells by `tracing`.
//!
//! # Without a login in the browser
//!
//! Other grants are methods of the same [`Flow`]. A provider that lists its `grant_types(..)` is asked for no other.
//!
//! | who asks | method |
//! |---|---|
//! | a program without a browser: a person confirms on another device (RFC 8628) | [`Flow::device`] |
//! | the client for itself (RFC 6749 section 4.4) | [`Flow::client_credentials`] |
//! | whoever holds a signed assertion (RFC 7523) | [`Flow::jwt_bearer`] |
//! | whoever holds another token (RFC 8693) | [`Flow::exchange_token`] |
//!
//! ```no_run
//! # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
//! let login = flow.device().await?;
//! println!("Open {} and type {}", login.verification_uri(), login.user_code());
//! let token = login.save_for("user-42").token().await?; // waits for the person, without a runtime's timer
//! # let _ = token;
//! # Ok(())
//! # }
//! ```
//!
//! # When something goes wrong
//!
//! There is one [`Error`]. It says what happened ([`ErrorKind`]), what the provider said ([`ProviderError`]) and what to do
//! ([`Next`]); it is safe to print, because no secret is ever put into it.
//!
//! # What is guarded
//!
//! - State of 224 random bits and PKCE S256 with every login; there is no way to a token that skips the check.
//! - A login is taken out of its store in one atomic step: of a hundred identical callbacks one sends a token request.
//! - The issuer in the callback is compared (RFC 9207) before anything is used up.
//! - Token requests follow no redirect, accept no compression, end at a deadline, and read a bounded answer.
//! - Secrets are redacted in `Debug`, wiped when dropped, and masked where a provider repeats them.
//! - Of all processes that share a store one refreshes a token, and what it receives is saved before it is used.
//! - Stored logins and tokens are encrypted where the store is wrapped, each row for its own place.
//!
//! What the RFCs require and what went wrong in other clients, line by line with the tests that show it: [`conformance`].
//!
//! # Cargo features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `derive` | yes | `#[derive(OAuthProvider)]` |
//! | `tracing` | yes | the spans and events of [`events`] |
//! | `reqwest` | yes | [`http::ReqwestClient`], the default transport, for tokio; without it and without `blocking`, a flow is given an [`HttpClient`] |
//! | `blocking` | no | [`blocking::Wait`], `wait` in the place of `.await`, and [`blocking::UreqClient`], which needs no runtime |
//! | `sqlite` | no | [`SqliteStore`], with SQLite built in |
//! | `redis` | no | [`RedisStore`], for tokio: a server, a cluster or Valkey |
//! | `postgres` | no | [`PostgresStore`], for tokio |
//! | `encrypted` | no | [`Encrypted`], which encrypts what any store keeps; [`Begin::sealed`], logins that wait in a cookie; [`SealingKeys`] |
//! | `jwt` | no | [`SigningKey`], and with it the client authentication `private_key_jwt` and `client_secret_jwt` |
//! | `legacy-grants` | no | `Flow::password` and `Flow::implicit`, which RFC 9700 retired |
//! | `axum` | no | `IntoResponse` for [`Error`], so that a handler may use `?` |
//!
//! The modules follow the way of the data: [`provider`], then the request, the callback, the grant and the token, which are
//! driven by [`Flow`] and [`Session`]; beside them [`store`] and [`http`].
#![cfg_attr(
    not(all(
        feature = "derive",
        feature = "encrypted",
        feature = "sqlite",
        feature = "postgres",
        feature = "redis",
        feature = "reqwest",
        feature = "blocking"
    )),
    allow(rustdoc::broken_intra_doc_links, reason = "the tour names what features bring")
)]
// The derive names this crate by its full path, also inside this crate's own tests and examples.
extern crate self as acf_core;

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod conformance;
pub mod discovery;
pub mod events;
pub mod hooks;
pub mod http;
pub mod provider;
pub mod store;

mod authorization;
#[cfg(feature = "axum")]
mod axum;
mod callback;
mod error;
mod executor;
mod flow;
mod form;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod grant;
mod lock;
#[cfg(feature = "encrypted")]
mod sealing;
mod secret;
mod session;
mod signing;
mod timer;
#[cfg(any(feature = "reqwest", feature = "blocking", feature = "postgres", feature = "redis"))]
mod tls;
mod token;
mod value;

#[cfg(feature = "derive")]
pub use acf_derive::OAuthProvider;

#[cfg(feature = "postgres")]
pub use crate::store::PostgresStore;
#[cfg(feature = "redis")]
pub use crate::store::RedisStore;
#[cfg(feature = "sqlite")]
pub use crate::store::SqliteStore;
pub use crate::{
    authorization::{AuthorizationRequest, NewState, State},
    callback::CallbackParams,
    discovery::Metadata,
    error::{Error, ErrorKind, Next, ProviderError},
    flow::{
        Begin, Completed, DeviceLogin, DevicePoll, DeviceRequest, ExchangeRequest, Flow, FlowBuilder, SessionRequest,
        StoreToken, TokenRequest,
    },
    grant::{Draft, Introspection, TokenExchange},
    hooks::Hooks,
    http::HttpClient,
    provider::{
        ClientAuth, Credentials, Custom, CustomBuilder, Definition, Described, Endpoint, HostValue, OAuthProvider,
        OptionalTextValue, Parts, Pkce, Post, ScopesValue, SecretValue, SigningKeyValue, TextValue,
    },
    secret::{ClientSecret, Secret},
    session::{ApiRequest, ApiResponse, Session, Userinfo},
    signing::{JwtAssertion, SigningAlgorithm, SigningKey},
    store::{MemoryStore, StateStore, TokenStore},
    token::Token,
    value::{BaseUri, ClientId, Host, HostLabel, RedirectUri, Scopes},
};
#[cfg(feature = "encrypted")]
pub use crate::{
    flow::{LoginCookie, SealedBegin, SealedRequest},
    sealing::{SealingKey, SealingKeys},
    store::Encrypted,
};

/// What the derive's expansion calls. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use acf_rules::{Checked, language::Grammar, text};

    pub use crate::__join as join;

    /// `str`, whatever a user calls so.
    pub type Text = str;
    /// `u8`, whatever a user calls so.
    pub type Byte = u8;

    /// How long the pieces are together.
    pub const fn length(pieces: &[&str]) -> usize {
        let mut length = 0;
        let mut rest = pieces;
        while let [first, others @ ..] = rest {
            length += first.len();
            rest = others;
        }
        length
    }

    /// The bytes of all pieces, one after the other.
    pub const fn join<const N: usize>(pieces: &[&str]) -> [u8; N] {
        let mut bytes = [0; N];
        let mut at: &mut [u8] = &mut bytes;
        let mut rest = pieces;
        while let [first, others @ ..] = rest {
            let (here, behind) = at.split_at_mut(first.len());
            here.copy_from_slice(first.as_bytes());
            at = behind;
            rest = others;
        }
        bytes
    }

    /// The text of bytes that were joined of texts.
    pub const fn text_of(bytes: &'static [u8]) -> &'static str {
        match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    /// Fails the compilation of a constant that breaks a rule; the error stands where this is called.
    #[track_caller]
    #[allow(clippy::panic, reason = "evaluated by the compiler only: this is how a constant reports an error")]
    pub const fn check(checked: Checked) {
        if let Err(violation) = checked {
            panic!("{}", violation.message());
        }
    }
}

/// Joins constants into one text, for the derive: the only thing that a `const fn` cannot do alone.
#[doc(hidden)]
#[macro_export]
macro_rules! __join {
    ($($piece:expr),* $(,)?) => {{
        const PIECES: &[&$crate::__private::Text] = &[$($piece),*];
        const BYTES: [$crate::__private::Byte; $crate::__private::length(PIECES)] = $crate::__private::join(PIECES);
        const { $crate::__private::text_of(&BYTES) }
    }};
}

/// The README's own code is compiled, too.
#[cfg(all(doctest, feature = "derive", feature = "sqlite"))]
#[doc = include_str!("../../README.md")]
struct Readme;
