//! The record of a login, kept until its callback.

use std::{
    borrow::Cow,
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use base64::Engine;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{BASE64, Binding, NewState, Verifier, unix};
use crate::{error::Error, provider::Resolved, value::Scopes};

/// What a login asked for. Logins with the same options share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) provider: String,
    pub(crate) issuer: Option<String>,
    pub(crate) token_endpoint: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
}

impl Asked {
    pub(crate) fn new(provider: &Resolved, redirect_uri: &str, scopes: Scopes) -> Self {
        Self {
            provider: provider.name.clone(),
            issuer: provider.issuer.clone(),
            token_endpoint: provider.token_endpoint.to_string(),
            redirect_uri: redirect_uri.to_owned(),
            scopes,
        }
    }
}

/// What becomes of a login when it is finished.
#[derive(Default)]
pub(crate) struct Then {
    pub(crate) return_to: Option<Box<str>>,
    pub(crate) connection: Option<Box<str>>,
}

/// A login between its beginning and its callback, as a [`StateStore`](crate::StateStore) keeps it.
///
/// Opaque: a store puts it away whole, or as the bytes of [`to_bytes`](Self::to_bytes). The bytes hold neither the state
/// nor, without it, the PKCE verifier.
#[derive(Clone)]
pub struct PendingLogin {
    binding: Binding,
    expires_at: u64,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Clear(Login),
    /// What `Encrypted` made of it.
    Sealed(Box<str>),
}

/// What a pending login is about.
#[derive(Clone)]
pub(crate) struct Login {
    covered_verifier: [u8; 32],
    return_to: Option<Box<str>>,
    connection: Option<Box<str>>,
    asked: Arc<Asked>,
}

impl Login {
    pub(crate) fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Which of the user's accounts the token is for.
    pub(crate) fn connection(&self) -> &str {
        self.connection.as_deref().unwrap_or_default()
    }

    pub(crate) fn return_to(&self) -> Option<&str> {
        self.return_to.as_deref()
    }

    pub(crate) fn verifier(&self, state: &str) -> Verifier {
        // Covering twice uncovers.
        Verifier(Zeroizing::new(Verifier(Zeroizing::new(self.covered_verifier)).covered(state)))
    }
}

impl PendingLogin {
    pub(crate) fn new(new: &NewState, binding: Binding, lives: Duration, then: Then, asked: Arc<Asked>) -> Self {
        let login = Login {
            covered_verifier: new.verifier.covered(new.as_str()),
            return_to: then.return_to,
            connection: then.connection,
            asked,
        };
        let expires_at = unix(SystemTime::now()).saturating_add(lives.as_secs());
        Self { binding, expires_at, content: Content::Clear(login) }
    }

    /// What it is about.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) if it is sealed.
    pub(crate) fn login(&self) -> Result<&Login, Error> {
        match &self.content {
            Content::Clear(login) => Ok(login),
            Content::Sealed(_) => Err(Error::sealed("login")),
        }
    }

    /// The sealed text, if it is sealed.
    #[cfg(feature = "encrypted")]
    pub(crate) fn sealed(&self) -> Option<&str> {
        match &self.content {
            Content::Clear(_) => None,
            Content::Sealed(text) => Some(text),
        }
    }

    /// The same login with its content sealed.
    #[cfg(feature = "encrypted")]
    pub(crate) fn with_sealed(&self, text: String) -> Self {
        Self { content: Content::Sealed(text.into_boxed_str()), ..*self }
    }

    /// The same login with the content that stands in these bytes.
    #[cfg(feature = "encrypted")]
    pub(crate) fn with_content_of(&self, bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self { content: Self::from_bytes(bytes)?.content, ..*self })
    }

    /// Who may finish it.
    pub const fn binding(&self) -> &Binding {
        &self.binding
    }

    /// When it ends, in seconds since the Unix epoch. From this second on it must not be finished.
    pub const fn expires_at(&self) -> u64 {
        self.expires_at
    }

    pub(crate) fn is_expired(&self) -> bool {
        unix(SystemTime::now()) >= self.expires_at
    }

    /// For a store on a server, which has a clock of its own: how long this login has yet, by the clock of this machine.
    pub fn lifetime(&self) -> Duration {
        Duration::from_secs(self.expires_at.saturating_sub(unix(SystemTime::now())))
    }

    /// Likewise for what was read: this long it has yet, by the clock of the store.
    #[must_use]
    pub fn ending_in(self, left: Duration) -> Self {
        Self { expires_at: unix(SystemTime::now()).saturating_add(left.as_secs()), ..self }
    }

    /// For a store that keeps bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (binding, expires_at) = (BASE64.encode(self.binding.0), self.expires_at);
        // Structs of strings and numbers always have a JSON form.
        match &self.content {
            Content::Clear(login) => serde_json::to_vec(&Row {
                v: 1,
                binding,
                verifier: BASE64.encode(login.covered_verifier),
                expires_at,
                return_to: login.return_to.as_deref().map(str::to_owned),
                connection: login.connection.as_deref().map(str::to_owned),
                provider: login.asked.provider.clone(),
                issuer: login.asked.issuer.clone(),
                token_endpoint: login.asked.token_endpoint.clone(),
                redirect_uri: login.asked.redirect_uri.clone(),
                scopes: login.asked.scopes.iter().map(str::to_owned).collect(),
            }),
            Content::Sealed(text) => {
                serde_json::to_vec(&SealedRow { v: 2, binding, expires_at, sealed: text.as_ref().into() })
            }
        }
        .unwrap_or_default()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) if the bytes are damaged or of a later release; nothing is guessed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let Ok(row) = serde_json::from_slice::<Row>(bytes) else {
            let row: SealedRow<'_> = serde_json::from_slice(bytes).map_err(|_| damaged())?;
            if row.v != 2 {
                return Err(damaged());
            }
            let content = Content::Sealed(row.sealed.into());
            return Ok(Self { binding: Binding(decode(&row.binding)?), expires_at: row.expires_at, content });
        };
        if row.v != 1 {
            return Err(damaged());
        }
        let login = Login {
            covered_verifier: decode(&row.verifier)?,
            return_to: row.return_to.map(String::into_boxed_str),
            connection: row.connection.map(String::into_boxed_str),
            asked: Arc::new(Asked {
                provider: row.provider,
                issuer: row.issuer,
                token_endpoint: row.token_endpoint,
                redirect_uri: row.redirect_uri,
                scopes: Scopes::new(&row.scopes).map_err(|_| damaged())?,
            }),
        };
        let content = Content::Clear(login);
        Ok(Self { binding: Binding(decode(&row.binding)?), expires_at: row.expires_at, content })
    }
}

impl fmt::Debug for PendingLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let provider = match &self.content {
            Content::Clear(login) => &login.asked.provider,
            Content::Sealed(_) => "(sealed)",
        };
        f.debug_struct("PendingLogin")
            .field("provider", &provider)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The stored form of a [`PendingLogin`].
#[derive(Serialize, Deserialize)]
struct Row {
    v: u32,
    binding: String,
    verifier: String,
    expires_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    provider: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    token_endpoint: String,
    redirect_uri: String,
    scopes: Vec<String>,
}

/// The stored form of a sealed [`PendingLogin`]: what every store has to know of it, and a text that holds all of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedRow<'a> {
    v: u32,
    binding: String,
    expires_at: u64,
    sealed: Cow<'a, str>,
}

fn decode(text: &str) -> Result<[u8; 32], Error> {
    BASE64.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(damaged)
}

fn damaged() -> Error {
    Error::damaged("login")
}
