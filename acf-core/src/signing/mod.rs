//! Assertions by which a client proves who it is (RFC 7521, RFC 7523): JSON Web Tokens (RFC 7519) that it signs itself.

mod assertion;
#[cfg(feature = "jwt")]
mod ring;
#[cfg(not(feature = "jwt"))]
#[path = "without.rs"]
mod ring;

use std::{fmt, sync::Arc, time::SystemTime};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

pub use self::assertion::JwtAssertion;
use self::ring::Pair;
use crate::{
    authorization::unix,
    error::Error,
    secret::{ClientSecret, Secret},
};

/// The value of `client_assertion_type` (RFC 7523 section 2.2).
pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good: it is used at once, and clocks differ.
const LIFETIME: u64 = 60;

/// By what a JSON Web Token is signed (RFC 7518 section 3.1, RFC 8037 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// RSA by PKCS #1 version 1.5, with SHA-256.
    Rs256,
    /// RSA by PSS, with SHA-256.
    Ps256,
    /// Ed25519.
    EdDsa,
}

impl SigningAlgorithm {
    /// The name in the header of a token.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// The private key of `client_auth = private_key_jwt`. `Debug` shows nothing of it.
///
/// Made from the PEM of an unencrypted PKCS #8 file (`BEGIN PRIVATE KEY`), or of PKCS #1 for RSA. From text the algorithm
/// is that of the key: P-256 signs ES256, Ed25519 signs EdDSA, RSA (2048 bits or more) signs RS256. Line breaks may be
/// written `\n`, as environment variables have them.
///
/// Needs the cargo feature `jwt`; without it every attempt to make one is an error.
#[cfg_attr(feature = "jwt", doc = "```")]
#[cfg_attr(not(feature = "jwt"), doc = "```ignore")]
/// use acf_core::{SigningAlgorithm, SigningKey};
/// # let pem = include_str!("../../tests/keys/rfc7515-a2-rsa.pem");
///
/// let key = SigningKey::from_pem(pem, SigningAlgorithm::Ps256)?.with_key_id("2026-04");
/// assert_eq!(format!("{key:?}"), "SigningKey(PS256)");
/// assert_eq!(pem.parse::<SigningKey>()?.algorithm(), SigningAlgorithm::Rs256);
/// # Ok::<(), acf_core::Error>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Pair>,
    algorithm: SigningAlgorithm,
    key_id: Option<String>,
}

impl SigningKey {
    /// A key that signs by this algorithm.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if it is not the PEM of a private key, or of one that
    /// cannot sign so. The message holds nothing of the key.
    pub fn from_pem(pem: &str, algorithm: SigningAlgorithm) -> Result<Self, Error> {
        let mut key: Self = pem.parse()?;
        let (of_key, wanted) = (key.algorithm, algorithm);
        let rsa = |algorithm| matches!(algorithm, SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256);
        if of_key != wanted && !(rsa(of_key) && rsa(wanted)) {
            return Err(Error::configuration(format!(
                "`signing_key` is a key for {}, which cannot sign {}",
                of_key.name(),
                wanted.name()
            )));
        }
        key.algorithm = algorithm;
        Ok(key)
    }

    /// Names the key in every token (`kid`), for a provider that knows several of this client.
    #[must_use]
    pub fn with_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// By what it signs.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// A signed JSON Web Token of these claims, for a hook: some providers want one as the client secret.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the claims have no JSON form,
    /// [`ErrorKind::Random`](crate::ErrorKind::Random) if the operating system gives no random bytes.
    pub fn sign(&self, claims: &impl Serialize) -> Result<Secret, Error> {
        let header = Header { alg: self.algorithm.name(), typ: "JWT", kid: self.key_id.as_deref() };
        compact(&header, claims, |text| self.pair.sign(self.algorithm, text))
    }
}

/// An assertion of the client `client_id` for `audience`, signed.
pub(crate) fn private_key_assertion(key: &SigningKey, client_id: &str, audience: &str) -> Result<Secret, Error> {
    key.sign(&Claims::new(client_id, client_id, audience)?)
}

/// An assertion of the client `client_id` for `audience`, authenticated with its secret (HS256).
pub(crate) fn secret_assertion(secret: &ClientSecret, client_id: &str, audience: &str) -> Result<Secret, Error> {
    let header = Header { alg: "HS256", typ: "JWT", kid: None };
    compact(&header, &Claims::new(client_id, client_id, audience)?, |text| ring::hmac(secret.expose().as_bytes(), text))
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

/// The claims of RFC 7523 section 3. `jti` makes each assertion good for one request.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    exp: u64,
    #[serde(flatten)]
    more: Option<&'a Map<String, Value>>,
}

impl<'a> Claims<'a> {
    fn new(iss: &'a str, sub: &'a str, aud: &'a str) -> Result<Self, Error> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(Error::random)?;
        let iat = unix(SystemTime::now());
        let exp = iat.saturating_add(LIFETIME);
        Ok(Self { iss, sub, aud, jti: BASE64.encode(random), iat, exp, more: None })
    }
}

/// The compact serialization (RFC 7515 section 7.1).
fn compact(
    header: &impl Serialize,
    claims: &impl Serialize,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, Error>,
) -> Result<Secret, Error> {
    let json = |error| Error::configuration("the claims have no JSON form").with_source(error);
    let mut text = BASE64.encode(serde_json::to_vec(header).map_err(json)?);
    text.push('.');
    BASE64.encode_string(serde_json::to_vec(claims).map_err(json)?, &mut text);
    let signature = sign(text.as_bytes())?;
    text.push('.');
    BASE64.encode_string(signature, &mut text);
    Ok(Secret::from(text))
}

impl std::str::FromStr for SigningKey {
    type Err = Error;

    fn from_str(pem: &str) -> Result<Self, Error> {
        let (pair, algorithm) = Pair::read(pem)?;
        Ok(Self { pair: Arc::new(pair), algorithm, key_id: None })
    }
}

impl TryFrom<&str> for SigningKey {
    type Error = Error;

    fn try_from(pem: &str) -> Result<Self, Error> {
        pem.parse()
    }
}

impl TryFrom<String> for SigningKey {
    type Error = Error;

    fn try_from(pem: String) -> Result<Self, Error> {
        zeroize::Zeroizing::new(pem).parse()
    }
}

impl<'de> Deserialize<'de> for SigningKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.algorithm.name())
    }
}
