//! Assertions that are a grant (RFC 7523 section 2.1).

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Claims, SigningKey};
use crate::{error::Error, secret::Secret};

/// The claims of an assertion for [`Flow::jwt_bearer`](crate::Flow::jwt_bearer) (RFC 7523 section 3). It is good for a
/// minute from when it is signed, and for one request: each signature has a `jti` of its own.
///
/// For other claims altogether there is [`SigningKey::sign`].
#[cfg_attr(feature = "jwt", doc = "```no_run")]
#[cfg_attr(not(feature = "jwt"), doc = "```ignore")]
/// # async fn example(flow: acf_core::Flow, key: acf_core::SigningKey) -> Result<(), acf_core::Error> {
/// use acf_core::JwtAssertion;
///
/// // As a service account of Google, for a person of one's own domain.
/// let claims = JwtAssertion::new("robot@project.example", "alice@example.com", "https://oauth2.googleapis.com/token")
///     .claim("scope", "https://www.googleapis.com/auth/calendar.readonly");
/// let token = flow.jwt_bearer(&claims.sign(&key)?).save_for("alice").await?;
/// # let _ = token;
/// # Ok(())
/// # }
/// ```
#[must_use = "an assertion is made by `sign`"]
#[derive(Clone)]
pub struct JwtAssertion {
    issuer: String,
    subject: String,
    audience: String,
    more: Map<String, Value>,
    wrong: Vec<String>,
}

impl JwtAssertion {
    /// An assertion by `issuer` about `subject` for `audience`: the issuer identifier of the authorization server, or the
    /// URL of its token endpoint, whichever it wants.
    pub fn new(issuer: impl Into<String>, subject: impl Into<String>, audience: impl Into<String>) -> Self {
        let (issuer, subject, audience) = (issuer.into(), subject.into(), audience.into());
        Self { issuer, subject, audience, more: Map::new(), wrong: Vec::new() }
    }

    /// A further claim, such as the `scope` that Google wants here.
    pub fn claim(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        if matches!(name.as_str(), "iss" | "sub" | "aud" | "jti" | "iat" | "exp") {
            self.wrong.push(format!("the claim `{name}` is set with every assertion and cannot be overridden"));
            return self;
        }
        match serde_json::to_value(value) {
            Ok(value) => drop(self.more.insert(name, value)),
            Err(_) => self.wrong.push(format!("the claim `{name}` has no JSON form")),
        }
        self
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for a claim that is empty, set twice or has no JSON
    /// form, [`ErrorKind::Random`](crate::ErrorKind::Random) if the operating system gives no random bytes.
    pub fn sign(&self, key: &SigningKey) -> Result<Secret, Error> {
        let mut wrong = self.wrong.clone();
        for (name, text) in [("iss", &self.issuer), ("sub", &self.subject), ("aud", &self.audience)] {
            if text.is_empty() {
                wrong.push(format!("the claim `{name}` is empty"));
            }
        }
        if !wrong.is_empty() {
            return Err(Error::configuration(wrong.join("\n")));
        }
        key.sign(&Claims { more: Some(&self.more), ..Claims::new(&self.issuer, &self.subject, &self.audience)? })
    }
}

/// Shows who asserts, not about whom.
impl fmt::Debug for JwtAssertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtAssertion").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
