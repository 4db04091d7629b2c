//! Text that must not be seen.

use std::fmt;

use acf_rules::text;
use zeroize::Zeroizing;

use crate::error::Error;

/// A secret: wiped from memory when dropped, never printed.
///
/// It implements neither `Display` nor `Serialize`, so it cannot slip into a log or a page by accident. Reading it is a
/// word that stands out in review: [`expose`](Self::expose).
///
/// ```
/// let secret = acf_core::Secret::from("s3cret".to_owned());
/// assert_eq!(format!("{secret:?}"), "Secret(***)");
/// assert_eq!(secret.expose(), "s3cret");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself. What is done with it from here on is the caller's responsibility.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text with all but its ends hidden, for a page that lets a person recognise a token: `gho_****ae1c`. Shows at
    /// most a quarter of the text, and nothing of a text shorter than 16 characters.
    ///
    /// ```
    /// assert_eq!(acf_core::Secret::from("0123456789abcdef".to_owned()).masked(), "01****ef");
    /// assert_eq!(acf_core::Secret::from("short".to_owned()).masked(), "****");
    /// ```
    pub fn masked(&self) -> String {
        let shown = (self.0.len() / 8).min(4);
        let ends = self.0.get(..shown).zip(self.0.get(self.0.len().saturating_sub(shown)..));
        match ends {
            Some((head, tail)) if shown >= 2 => format!("{head}****{tail}"),
            _ => "****".to_owned(),
        }
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A client secret, as the provider's console shows it (RFC 6749 section 2.3.1).
///
/// Not empty, without control characters, and without white space around it: the newline at the end of a secret file is
/// refused here instead of failing at the provider.
///
/// ```
/// use acf_core::ClientSecret;
///
/// let secret: ClientSecret = "s3cret".parse()?;
/// assert_eq!(format!("{secret:?}"), "ClientSecret(***)");
/// assert!("s3cret\n".parse::<ClientSecret>().is_err());
/// # Ok::<(), acf_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(Secret);

impl ClientSecret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl TryFrom<String> for ClientSecret {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let secret = Secret::from(text);
        match text::secret(secret.expose()) {
            Ok(()) => Ok(Self(secret)),
            // The sentence quotes no part of the text.
            Err(violation) => {
                Err(Error::configuration(format!("`client_secret` {}: {}", violation.message(), violation.help())))
            }
        }
    }
}

impl TryFrom<&str> for ClientSecret {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self, Error> {
        Self::try_from(text.to_owned())
    }
}

impl std::str::FromStr for ClientSecret {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::try_from(text)
    }
}

impl<'de> serde::Deserialize<'de> for ClientSecret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(***)")
    }
}
