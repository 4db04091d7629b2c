//! Random identifiers, and the digests under which they are stored.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// 256 bits from the operating system, in base64url: cookies, codes and tokens are made of it.
pub(crate) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored instead of the identifier itself, so that a copy of the database opens nothing. With 256 random bits
/// there is nothing to guess, so neither salt nor a slow hash is needed.
pub(crate) fn digest(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}
