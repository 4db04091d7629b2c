//! Providers, ready to use with [`acf_core`].
//!
//! Each preset is one file with one declaration, and holds only what deviates from the RFCs. Each was checked against the
//! vendor's page that it links.
//!
//! | preset | identifier | default scopes | made by |
//! |---|---|---|---|
//! | [`GitHub`] | `github` | `read:user` | `GITHUB_CLIENT_ID`, `GITHUB_CLIENT_SECRET`, `GITHUB_REDIRECT_URI` |
//! | [`Google`] | `google` | `openid email profile` | `GOOGLE_CLIENT_ID`, `GOOGLE_CLIENT_SECRET`, `GOOGLE_REDIRECT_URI` |
//! | [`StackExchange`] | `stack-exchange` | `no_expiry` | `STACK_EXCHANGE_CLIENT_ID`, `STACK_EXCHANGE_CLIENT_SECRET`, `STACK_EXCHANGE_REDIRECT_URI` |
//!
//! A preset is made from its values, from the environment, or from any serde source; scopes are set on the value:
//!
//! ```
//! use acf_providers::GitHub;
//!
//! let github = GitHub::new("id", "secret", "https://app.example/callback")?.scope(["repo"])?;
//! let flow = acf_core::Flow::new(github)?;
//! # let _ = flow;
//!
//! let missing = GitHub::from_env().unwrap_err();
//! assert_eq!(missing.to_string(), "missing GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GITHUB_REDIRECT_URI");
//! # Ok::<(), acf_core::Error>(())
//! ```

mod github;
mod google;
mod stack_exchange;

pub use self::{github::GitHub, google::Google, stack_exchange::StackExchange};

/// What every preset offers beside its declaration: the ways to make one without importing the trait, and its scopes.
macro_rules! preset {
    ($name:ident) => {
        impl $name {
            /// Makes the provider from what its console shows.
            ///
            /// # Errors
            /// [`ErrorKind::Configuration`](acf_core::ErrorKind::Configuration) if a value breaks its grammar.
            pub fn new(
                client_id: impl Into<String>,
                client_secret: impl Into<String>,
                redirect_uri: impl Into<String>,
            ) -> Result<Self, acf_core::Error> {
                acf_core::OAuthProvider::new(client_id, client_secret, redirect_uri)
            }

            /// Makes the provider from its environment variables.
            ///
            /// # Errors
            /// [`ErrorKind::Configuration`](acf_core::ErrorKind::Configuration), which names every variable that is
            /// missing or wrong.
            pub fn from_env() -> Result<Self, acf_core::Error> {
                acf_core::OAuthProvider::from_env()
            }

            /// Makes the provider from another source of the same names as [`from_env`](Self::from_env).
            ///
            /// # Errors
            /// As [`from_env`](Self::from_env).
            pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, acf_core::Error> {
                acf_core::OAuthProvider::from_lookup(lookup)
            }

            /// Asks for these scopes instead of the default ones: `"a b"`, `["a", "b"]`, or
            /// [`Scopes`](acf_core::Scopes).
            ///
            /// # Errors
            /// [`ErrorKind::Configuration`](acf_core::ErrorKind::Configuration) if one breaks the grammar.
            pub fn scope<S: TryInto<acf_core::Scopes>>(mut self, scopes: S) -> Result<Self, acf_core::Error>
            where
                acf_core::Error: From<S::Error>,
            {
                self.scope = Some(scopes.try_into()?);
                Ok(self)
            }
        }
    };
}
use preset;
