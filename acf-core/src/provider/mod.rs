//! What a provider is: the trait, what the derive writes into it, and the same made at run time.
//!
//! A [`Definition`] holds what is the same for every user of a provider; a provider value (the struct with the derive)
//! adds what is not: credentials, redirect URI, and whatever the declaration takes from fields. [`Parts`] brings the two
//! together, and the flow resolves them once, when it is built.
#![doc = include_str!("quirks.md")]

mod attribute;
mod config;
mod credentials;
mod custom;
mod definition;
mod fields;
#[cfg(test)]
pub(crate) mod pasted;
mod resolved;
mod rules;
mod template;

use serde::de::DeserializeOwned;

pub use self::{
    credentials::Credentials,
    custom::{Custom, CustomBuilder},
    definition::Definition,
    fields::{HostValue, OptionalTextValue, Parts, ScopesValue, SecretValue, SigningKeyValue, TextValue},
};
pub(crate) use self::{
    resolved::Resolved,
    rules::{CallbackRules, Names, RefreshProfile, RequestRules, ResponseRules, Rules, Target, UserinfoRules},
    template::Template,
};

pub use acf_rules::language::{ClientAuth, Endpoint, Pkce, Post};

use crate::error::Error;

/// A provider: where it is, how it deviates, and who we are to it.
///
/// Written by `#[derive(OAuthProvider)]`, hardly ever by hand. Beside the derive's two methods it offers three ways to
/// make a value, for structs that also derive `serde::Deserialize`.
///
/// ```
/// use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};
///
/// #[derive(OAuthProvider, serde::Deserialize)]
/// #[oauth(
///     base_uri = "https://forge.example",
///     authorization_path = "/oauth/authorize",
///     access_token_path = "/oauth/token",
///     scope("read"),
///     client_auth = client_secret_basic,
/// )]
/// struct Forge {
///     client_id: ClientId,
///     client_secret: ClientSecret,
///     redirect_uri: RedirectUri,
/// }
///
/// let forge = Forge::new("id", "secret", "https://app.example/callback")?;
/// assert_eq!(forge.client_id.as_str(), "id");
///
/// // From the environment: FORGE_CLIENT_ID, FORGE_CLIENT_SECRET, FORGE_REDIRECT_URI.
/// let error = Forge::from_env().err().expect("nothing is set here");
/// assert!(error.to_string().contains("FORGE_CLIENT_ID"));
/// # Ok::<(), acf_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a provider",
    note = "put `#[derive(OAuthProvider)]` and `#[oauth(..)]` on the struct, or take a preset from `acf_providers`"
)]
pub trait OAuthProvider: Described + Send + Sync {
    /// The definition as text: [`definition`](Self::definition) reads it.
    #[doc(hidden)]
    fn declaration() -> &'static str
    where
        Self: Sized;

    /// The values of this value's fields.
    fn parts(&self) -> Parts<'_>;

    /// What is the same for every value of this type.
    fn definition() -> Definition
    where
        Self: Sized,
    {
        Definition::declared(Self::declaration())
    }

    /// Makes the provider from its three usual values.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if one breaks its grammar, or if the struct has
    /// further required fields.
    fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Result<Self, Error>
    where
        Self: Sized + DeserializeOwned,
    {
        let (mut id, mut secret, mut uri) =
            (Some(client_id.into()), Some(client_secret.into()), Some(redirect_uri.into()));
        config::make(
            |field| match field {
                "client_id" => id.take(),
                "client_secret" => secret.take(),
                "redirect_uri" => uri.take(),
                _ => None,
            },
            |field| format!("`{field}`"),
        )
    }

    /// Makes the provider from environment variables named after the provider and its fields: `GITHUB_CLIENT_ID`,
    /// `GITHUB_CLIENT_SECRET`, `GITHUB_REDIRECT_URI`. A variable that is empty counts as not set.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which names every variable that is missing.
    fn from_env() -> Result<Self, Error>
    where
        Self: Sized + DeserializeOwned,
    {
        Self::from_lookup(|variable| std::env::var(variable).ok())
    }

    /// [`from_env`](Self::from_env) with another source of the same names: a secrets manager, a parsed `.env` file.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error>
    where
        Self: Sized + DeserializeOwned,
    {
        let definition = Self::definition();
        config::make(
            |field| lookup(&definition.variable(field)).filter(|value| !value.is_empty()),
            |field| definition.variable(field),
        )
    }
}

/// A provider whose type is not known: `dyn OAuthProvider` has its definition as well. Every provider has this.
pub trait Described {
    /// The definition of this value.
    fn describe(&self) -> Definition;
}

impl<T: OAuthProvider> Described for T {
    fn describe(&self) -> Definition {
        self.parts().definition.unwrap_or_else(T::definition)
    }
}

/// A provider chosen at run time.
impl OAuthProvider for Box<dyn OAuthProvider> {
    /// What they share: the name `boxed` and nothing else.
    fn declaration() -> &'static str {
        "name=boxed\n"
    }

    fn parts(&self) -> Parts<'_> {
        let mut parts = (**self).parts();
        parts.definition = Some((**self).describe());
        parts
    }
}
