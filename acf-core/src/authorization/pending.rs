//! The record of a login, kept until its callback.

use std::{
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
    covered_verifier: [u8; 32],
    expires_at: u64,
    return_to: Option<Box<str>>,
    connection: Option<Box<str>>,
    asked: Arc<Asked>,
}

impl PendingLogin {
    pub(crate) fn new(new: &NewState, binding: Binding, lives: Duration, then: Then, asked: Arc<Asked>) -> Self {
        Self {
            binding,
            covered_verifier: new.verifier.covered(new.as_str()),
            expires_at: unix(SystemTime::now()).saturating_add(lives.as_secs()),
            return_to: then.return_to,
            connection: then.connection,
            asked,
        }
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

    pub(crate) fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Which of the user's accounts the token is for.
    pub(crate) fn connection(&self) -> &str {
        self.connection.as_deref().unwrap_or_default()
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

    pub(crate) fn return_to(&self) -> Option<&str> {
        self.return_to.as_deref()
    }

    pub(crate) fn verifier(&self, state: &str) -> Verifier {
        // Covering twice uncovers.
        Verifier(Zeroizing::new(Verifier(Zeroizing::new(self.covered_verifier)).covered(state)))
    }

    /// For a store that keeps bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let row = Row {
            v: 1,
            binding: BASE64.encode(self.binding.0),
            verifier: BASE64.encode(self.covered_verifier),
            expires_at: self.expires_at,
            return_to: self.return_to.as_deref().map(str::to_owned),
            connection: self.connection.as_deref().map(str::to_owned),
            provider: self.asked.provider.clone(),
            issuer: self.asked.issuer.clone(),
            token_endpoint: self.asked.token_endpoint.clone(),
            redirect_uri: self.asked.redirect_uri.clone(),
            scopes: self.asked.scopes.iter().map(str::to_owned).collect(),
        };
        // A struct of strings and numbers always has a JSON form.
        serde_json::to_vec(&row).unwrap_or_default()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) if the bytes are damaged or of a later release; nothing is guessed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let row: Row = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        if row.v != 1 {
            return Err(damaged());
        }
        Ok(Self {
            binding: Binding(decode(&row.binding)?),
            covered_verifier: decode(&row.verifier)?,
            expires_at: row.expires_at,
            return_to: row.return_to.map(String::into_boxed_str),
            connection: row.connection.map(String::into_boxed_str),
            asked: Arc::new(Asked {
                provider: row.provider,
                issuer: row.issuer,
                token_endpoint: row.token_endpoint,
                redirect_uri: row.redirect_uri,
                scopes: Scopes::new(&row.scopes).map_err(|_| damaged())?,
            }),
        })
    }
}

impl fmt::Debug for PendingLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogin")
            .field("provider", &self.asked.provider)
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

fn decode(text: &str) -> Result<[u8; 32], Error> {
    BASE64.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(damaged)
}

fn damaged() -> Error {
    Error::damaged("login")
}
