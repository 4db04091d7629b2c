//! The validated value types of a provider's fields.

use std::fmt;

use acf_rules::{Checked, text, uri};
use serde::{Deserialize, Deserializer, de};

use crate::error::Error;

/// Declares value types: a string that was checked by one rule of `acf_rules`.
macro_rules! values {
    ($($(#[$doc:meta])* $name:ident, $role:literal, $rule:path;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Error;

            fn try_from(text: &str) -> Result<Self, Error> {
                checked($role, text, $rule(text)).map(|()| Self(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                Self::try_from(text.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::try_from(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::try_from(String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    )*};
}

fn checked(role: &str, text: &str, result: Checked) -> Result<(), Error> {
    result.map_err(|violation| Error::violation(role, text, violation))
}

values! {
    /// A client identifier (RFC 6749 section 2.2): printable ASCII, without white space around it.
    ///
    /// ```
    /// let id: acf_core::ClientId = "Iv1.8a61f9b3a7aba766".parse()?;
    /// assert_eq!(id.as_str(), "Iv1.8a61f9b3a7aba766");
    /// # Ok::<(), acf_core::Error>(())
    /// ```
    ClientId, "client_id", text::credential;

    /// A redirect URI: absolute, without fragment; https, loopback http (RFC 8252 section 7.3), or a reversed-domain
    /// scheme (section 7.1). It is sent exactly as written here.
    ///
    /// ```
    /// use acf_core::RedirectUri;
    ///
    /// assert!("https://app.example/callback".parse::<RedirectUri>().is_ok());
    /// assert!("http://app.example/callback".parse::<RedirectUri>().is_err());
    /// ```
    RedirectUri, "redirect_uri", uri::redirect_uri;

    /// Scheme, host and an optional path prefix, to which a provider's paths are joined. Without query, fragment or
    /// trailing slash; https, or http on this machine.
    ///
    /// ```
    /// assert!("https://git.example/api".parse::<acf_core::BaseUri>().is_ok());
    /// assert!("https://git.example/".parse::<acf_core::BaseUri>().is_err());
    /// ```
    BaseUri, "base_uri", uri::base_uri;

    /// A whole host with an optional port, for a placeholder such as `https://{host}`.
    ///
    /// ```
    /// assert!("git.example:8443".parse::<acf_core::Host>().is_ok());
    /// assert!("git.example/evil".parse::<acf_core::Host>().is_err());
    /// ```
    Host, "host", uri::host;

    /// One DNS label, for a placeholder such as `https://{shop}.myshopify.com`: it cannot carry `/`, `@` or a dot, so it
    /// cannot point a request at another host.
    ///
    /// ```
    /// assert!("my-shop".parse::<acf_core::HostLabel>().is_ok());
    /// assert!("evil.example/".parse::<acf_core::HostLabel>().is_err());
    /// ```
    HostLabel, "host label", uri::host_label;
}

/// A set of scopes (RFC 6749 section 3.3), in order, without repetition.
///
/// From text, scopes are separated by spaces; from serde, text or a list of strings.
///
/// ```
/// use acf_core::Scopes;
///
/// let scopes: Scopes = "openid email".parse()?;
/// assert!(scopes.contains("email"));
/// assert_eq!(scopes, Scopes::new(["openid", "email"])?);
/// # Ok::<(), acf_core::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Scopes(
    /// Separated by single spaces, which no scope can hold.
    String,
);

impl Scopes {
    /// A set of the given scopes.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if one is empty or has a character outside the
    /// grammar.
    pub fn new<S: AsRef<str>>(scopes: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let mut set = Self::default();
        for scope in scopes {
            let scope = scope.as_ref();
            checked("scope", scope, text::scope_token(scope))?;
            set.insert(scope);
        }
        Ok(set)
    }

    /// What a provider granted, about so many bytes of it; empty items and repetitions are dropped. `None` where one is outside the grammar: it could
    /// be neither asked for again nor read back from a store.
    pub(crate) fn granted<'a>(bytes: usize, scopes: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut set = Self(String::with_capacity(bytes));
        for scope in scopes.into_iter().filter(|scope| !scope.is_empty()) {
            text::scope_token(scope).ok()?;
            set.insert(scope);
        }
        Some(set)
    }

    /// These and those.
    pub(crate) fn with(mut self, more: &Self) -> Self {
        more.iter().for_each(|scope| self.insert(scope));
        self
    }

    fn insert(&mut self, scope: &str) {
        if !self.contains(scope) {
            if !self.0.is_empty() {
                self.0.push(' ');
            }
            self.0.push_str(scope);
        }
    }

    /// The scopes, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|scope| !scope.is_empty())
    }

    /// Whether the set holds this scope. Scopes are case-sensitive.
    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|held| held == scope)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes in one string, as the provider wants them.
    pub fn join(&self, separator: &str) -> String {
        self.0.replace(' ', separator)
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<&str> for Scopes {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self, Error> {
        Self::new(text.split(' ').filter(|scope| !scope.is_empty()))
    }
}

impl<const N: usize> TryFrom<[&str; N]> for Scopes {
    type Error = Error;

    fn try_from(scopes: [&str; N]) -> Result<Self, Error> {
        Self::new(scopes)
    }
}

impl TryFrom<Vec<String>> for Scopes {
    type Error = Error;

    fn try_from(scopes: Vec<String>) -> Result<Self, Error> {
        Self::new(scopes)
    }
}

impl TryFrom<String> for Scopes {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::try_from(text.as_str())
    }
}

impl std::str::FromStr for Scopes {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::try_from(text)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Text(String),
            List(Vec<String>),
        }
        match Given::deserialize(deserializer)? {
            Given::Text(text) => Self::try_from(text),
            Given::List(list) => Self::new(list),
        }
        .map_err(de::Error::custom)
    }
}
