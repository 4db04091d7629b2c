//! Keys, and what is sealed with them: encrypted, and bound to the place that it was written to.

use std::{fmt, str::FromStr, sync::Arc};

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

const KEY: usize = 32;
const NONCE: usize = 24;
const TAG: usize = 16;

/// A key of 256 bits. Wiped when dropped, never printed.
///
/// ```
/// use acf_core::SealingKey;
///
/// let key = SealingKey::draw()?; // or from elsewhere: `openssl rand -base64 32`
/// let same: SealingKey = key.expose_base64().parse()?;
/// assert_eq!(format!("{same:?}"), "SealingKey(***)");
/// # Ok::<(), acf_core::Error>(())
/// ```
#[derive(Clone)]
pub struct SealingKey(Zeroizing<[u8; KEY]>);

impl SealingKey {
    /// A new key, from the operating system's generator.
    ///
    /// # Errors
    /// [`ErrorKind::Random`].
    pub fn draw() -> Result<Self, Error> {
        let mut key = Self(Zeroizing::new([0; KEY]));
        getrandom::fill(key.0.as_mut_slice()).map_err(Error::random)?;
        Ok(key)
    }

    /// The key as base64, to be kept where secrets are kept. Wiped when dropped.
    pub fn expose_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(*self.0))
    }
}

/// The bytes must be random, not the letters of a password.
impl From<[u8; KEY]> for SealingKey {
    fn from(bytes: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

/// Base64 in either alphabet, with or without padding.
impl FromStr for SealingKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
        let bytes = GeneralPurpose::new(alphabet, config).decode(text.trim()).map(Zeroizing::new).ok();
        let key = bytes.and_then(|bytes| <[u8; KEY]>::try_from(bytes.as_slice()).ok());
        key.map(Self::from).ok_or_else(|| {
            Error::configuration("a sealing key is 32 random bytes in base64: `openssl rand -base64 32` makes one")
        })
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(***)")
    }
}

/// The keys of [`Encrypted`](crate::Encrypted) and of [`Begin::sealed`](crate::Begin::sealed), each with an identifier: the
/// first one seals, the others open what was sealed before.
///
/// ```
/// use acf_core::{SealingKey, SealingKeys};
///
/// # fn example(new: SealingKey, old: SealingKey) -> Result<(), acf_core::Error> {
/// let keys = SealingKeys::new("2026-11", new)?.and("2026-05", old)?;
/// let same = SealingKeys::from_env("ACF_KEYS")?; // 2026-11:BASE64,2026-05:BASE64
/// # let _ = (keys, same);
/// # Ok(())
/// # }
/// ```
///
/// To change keys: give the new one to all processes as one that opens, then put it first in all of them, and take the old
/// one away once nothing is sealed with it any more. While some processes have one key first and others the other, rows are
/// written more often than they need be, and that is all.
#[derive(Clone)]
pub struct SealingKeys(Arc<[(String, SealingKey)]>);

impl SealingKeys {
    /// The key that seals from now on. The identifier is written beside what is sealed: at most 32 letters, digits, `-` and
    /// `_`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for an identifier of another form, or a key that is all zeros.
    pub fn new(id: &str, key: impl Into<SealingKey>) -> Result<Self, Error> {
        Self(Arc::new([])).and(id, key)
    }

    /// One more key, which opens what was sealed with it.
    ///
    /// # Errors
    /// As [`new`](Self::new), and for an identifier that is there already.
    pub fn and(self, id: &str, key: impl Into<SealingKey>) -> Result<Self, Error> {
        let key = key.into();
        if !is_id(id) {
            return Err(Error::configuration(
                "the identifier of a sealing key is 1 to 32 letters, digits, `-` and `_`, such as `2026-11`",
            ));
        }
        if *key.0 == [0; KEY] {
            return Err(Error::configuration(format!("the sealing key `{id}` is all zeros: draw one at random")));
        }
        if self.get(id).is_some() {
            return Err(Error::configuration(format!("there are two sealing keys called `{id}`: rename one of them")));
        }
        Ok(Self(self.0.iter().cloned().chain([(id.to_owned(), key)]).collect()))
    }

    /// The keys that stand in an environment variable, as they are parsed of a text: `2026-11:BASE64,2026-05:BASE64`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if it is not set, or is no list of keys.
    pub fn from_env(variable: &str) -> Result<Self, Error> {
        let text = std::env::var(variable).map(Zeroizing::new).ok().filter(|text| !text.trim().is_empty());
        let text = text.ok_or_else(|| Error::configuration(format!("missing {variable}")))?;
        text.parse().map_err(|error| Error::configuration(format!("{variable}: {error}")))
    }

    fn get(&self, id: &str) -> Option<&SealingKey> {
        self.0.iter().find(|(own, _)| own == id).map(|(_, key)| key)
    }

    /// Encrypts under the first key, for that place alone.
    pub(crate) fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Result<String, Error> {
        let failed = || Error::new(ErrorKind::Store, "what is to be stored cannot be encrypted");
        let (id, key) = self.0.first().ok_or_else(failed)?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(Error::random)?;
        let mut sealed = Zeroizing::new(Vec::with_capacity(NONCE + plain.len() + TAG));
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = sealed.get_mut(NONCE..).ok_or_else(failed)?;
        let tag = cipher(key).encrypt_inout_detached(&nonce.into(), &place.bound_to(id), body.into());
        sealed.extend_from_slice(&tag.map_err(|_| failed())?);
        Ok(format!("{VERSION}.{id}.{}", BASE64_URL_SAFE_NO_PAD.encode(sealed.as_slice())))
    }

    /// Decrypts what was sealed for that place.
    pub(crate) fn open(&self, place: &Place<'_>, text: &str) -> Result<Opened, Closed> {
        let mut parts = text.split('.');
        let (Some(VERSION), Some(id), Some(body), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Closed::Form);
        };
        let mut body = BASE64_URL_SAFE_NO_PAD.decode(body).map(Zeroizing::new).map_err(|_| Closed::Form)?;
        let (nonce, body) = body.split_first_chunk_mut::<NONCE>().ok_or(Closed::Form)?;
        let (body, tag) = body.split_last_chunk_mut::<TAG>().ok_or(Closed::Form)?;
        if !is_id(id) {
            return Err(Closed::Form);
        }
        let key = self.get(id).ok_or_else(|| Closed::Unknown(id.to_owned()))?;
        cipher(key)
            .decrypt_inout_detached(&(*nonce).into(), &place.bound_to(id), (&mut *body).into(), &(*tag).into())
            .map_err(|_| Closed::Changed(id.to_owned()))?;
        let current = self.0.first().is_some_and(|(first, _)| first == id);
        Ok(Opened { plain: Zeroizing::new(body.to_vec()), current })
    }
}

/// What is said of every version: of another one nothing is known.
const VERSION: &str = "v1";

fn cipher(key: &SealingKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&*key.0).into())
}

fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// `2026-11:BASE64,2026-05:BASE64`, the one that seals first.
impl FromStr for SealingKeys {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.split(',').map(str::trim).enumerate().try_fold(Self(Arc::new([])), |keys, (before, pair)| {
            let number = before + 1;
            // Nothing of the text is shown: who forgets the identifier begins with the key.
            let (id, key) = pair.split_once(':').ok_or_else(|| {
                Error::configuration(format!("sealing key {number} has no identifier: write `2026-11:BASE64`"))
            })?;
            keys.and(id, key.parse::<SealingKey>()?)
        })
    }
}

/// Shows how the keys are called.
impl fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SealingKeys").field(&self.0.iter().map(|(id, _)| id).collect::<Vec<_>>()).finish()
    }
}

/// For what, and where, something is sealed: nowhere else can it be opened.
pub(crate) struct Place<'a> {
    pub(crate) purpose: &'static str,
    pub(crate) parts: &'a [&'a [u8]],
}

impl Place<'_> {
    /// The associated data, each part with its length: no two places that differ have the same.
    fn bound_to(&self, id: &str) -> Vec<u8> {
        let first = [VERSION.as_bytes(), id.as_bytes(), self.purpose.as_bytes()];
        let mut bound = Vec::new();
        for part in first.iter().chain(self.parts) {
            bound.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bound.extend_from_slice(part);
        }
        bound
    }
}

pub(crate) struct Opened {
    pub(crate) plain: Zeroizing<Vec<u8>>,
    /// Whether it is sealed with the key that seals now.
    pub(crate) current: bool,
}

/// Why something cannot be opened.
#[derive(Debug)]
pub(crate) enum Closed {
    /// It is nothing that was ever sealed.
    Form,
    /// There is no key of this name.
    Unknown(String),
    /// The key of this name does not open it: a changed byte and another place look the same.
    Changed(String),
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("it is damaged, or of a later release"),
            Self::Unknown(id) => write!(f, "it is sealed with the key `{id}`, which is not among the keys"),
            Self::Changed(id) => write!(
                f,
                "the key `{id}` does not open it: it was changed, was moved here from another place, or the key is another \
                 one than it was"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SealingKey {
        SealingKey::from([byte; KEY])
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1: this is the cipher that its name says.
    #[test]
    fn the_vector_of_the_draft() {
        const PLAIN: &[u8] =
            b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                               sunscreen would be it.";
        let nonce: [u8; NONCE] = std::array::from_fn(|n| 0x40 + n as u8);
        let aad = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let mut body = PLAIN.to_vec();
        let key = SealingKey::from(std::array::from_fn(|n| 0x80 + n as u8));
        let tag = cipher(&key).encrypt_inout_detached(&nonce.into(), &aad, body.as_mut_slice().into()).unwrap();
        assert_eq!(body[..8], [0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b]);
        assert_eq!(tag[..], 0xc0875924c1c7987947deafd8780acf49_u128.to_be_bytes());
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_with_its_key_and_nowhere_else() {
        let place = |purpose, parts| Place { purpose, parts };
        let here: &[&[u8]] = &[b"ab", b"c"];
        let old = SealingKeys::new("old", key(1)).unwrap();
        let keys = SealingKeys::new("new", key(2)).unwrap().and("old", key(1)).unwrap();
        let sealed = old.seal(&place("x", here), b"plain").unwrap();
        assert!(sealed.starts_with("v1.old.") && !sealed.contains("plain"));
        assert_ne!(sealed, old.seal(&place("x", here), b"plain").unwrap(), "each has a nonce of its own");

        let opened = keys.open(&place("x", here), &sealed).unwrap();
        assert_eq!((opened.plain.as_slice(), opened.current), (b"plain".as_slice(), false));
        assert!(old.open(&place("x", here), &sealed).unwrap().current);

        for (purpose, parts) in
            [("y", here), ("x", &[b"a", b"bc"]), ("x", &[b"ab", b"c", b""]), ("x", &[b"abc"]), ("x", &[])]
        {
            assert!(matches!(keys.open(&place(purpose, parts), &sealed), Err(Closed::Changed(id)) if id == "old"));
        }
        let other = SealingKeys::new("old", key(3)).unwrap();
        assert!(matches!(other.open(&place("x", here), &sealed), Err(Closed::Changed(id)) if id == "old"));
        let renamed = SealingKeys::new("now", key(1)).unwrap();
        assert!(matches!(renamed.open(&place("x", here), &sealed), Err(Closed::Unknown(id)) if id == "old"));
        assert!(matches!(
            renamed.open(&place("x", here), &sealed.replace(".old.", ".now.")),
            Err(Closed::Changed(id)) if id == "now"
        ));
        // Cut, of another version, padded, with a short tag.
        for text in ["", "v1", "v1.old", "v1.old.", "v1.old.AAAA", &sealed.replace("v1.", "v2."), &format!("{sealed}.")]
        {
            assert!(matches!(keys.open(&place("x", here), text), Err(Closed::Form)), "{text}");
        }
        let short = sealed.get(..sealed.len() - 4).unwrap();
        assert!(matches!(keys.open(&place("x", here), short), Err(Closed::Changed(_) | Closed::Form)));
    }

    #[test]
    fn keys_are_read_strictly_and_shown_by_name() {
        let (one, two) = (key(0xfb), key(2));
        let url_safe = BASE64_URL_SAFE_NO_PAD.encode(*one.0);
        assert!(url_safe.contains(['-', '_']));
        let text = format!("2026-11:{}, 2026-05:{url_safe}", two.expose_base64().as_str());
        let keys: SealingKeys = text.parse().unwrap();
        assert_eq!(format!("{keys:?} {two:?}"), "SealingKeys([\"2026-11\", \"2026-05\"]) SealingKey(***)");
        assert_eq!((keys.0[0].1.0.clone(), keys.0[1].1.0.clone()), (two.0.clone(), one.0));
        let drawn = [SealingKey::draw().unwrap(), SealingKey::draw().unwrap()];
        assert_ne!(drawn[0].0, drawn[1].0);

        let two = two.expose_base64();
        let zero = SealingKey::from([0; KEY]).expose_base64();
        for (text, said) in [
            (String::new(), "has no identifier"),
            (two.to_string(), "has no identifier"),
            (format!("a:{},", *two), "sealing key 2 has no identifier"),
            (format!("a:{},a:{}", *two, url_safe), "two sealing keys called `a`"),
            (format!(":{}", *two), "1 to 32 letters"),
            (format!("a.b:{}", *two), "1 to 32 letters"),
            (format!("{}:{}", "x".repeat(33), *two), "1 to 32 letters"),
            (format!("a:{}", *zero), "`a` is all zeros"),
            (format!("a:{}", two.replace('=', "AAAA")), "32 random bytes"),
            (format!("a:{}!", *two), "32 random bytes"),
            ("a:".to_owned(), "32 random bytes"),
        ] {
            let error = text.parse::<SealingKeys>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{text}");
            assert!(error.to_string().contains(said), "{error}");
            assert!(!error.to_string().contains(two.as_str()), "{error}");
        }
        let missing = SealingKeys::from_env("ACF_KEYS_THAT_NOBODY_SETS").unwrap_err();
        assert_eq!(missing.to_string(), "missing ACF_KEYS_THAT_NOBODY_SETS");
    }
}
