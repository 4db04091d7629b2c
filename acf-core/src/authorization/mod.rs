//! The authorization request (RFC 6749 section 4.1.1) with state and PKCE (RFC 7636), and the record that is kept of it
//! until the callback.

mod pending;
mod url;

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use acf_rules::language::{GrantType, Pkce};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use self::pending::PendingLogin;
pub(crate) use self::{
    pending::{Asked, Login, Then},
    url::UrlTemplate,
};
use crate::error::Error;

/// Length of 32 bytes in base64url without padding.
const ENCODED: usize = 43;

/// How many bytes of a state, and of the key of its login, say when it was made.
const WHEN: usize = 4;

/// What a login sends to the browser: made by [`Flow::begin`](crate::Flow::begin).
#[derive(Clone, PartialEq, Eq)]
#[must_use = "send the browser to `url`"]
#[non_exhaustive]
pub struct AuthorizationRequest {
    /// Where to send the browser.
    pub url: String,
    /// The `state` inside the URL, for those who keep something of their own beside the pending login.
    pub state: State,
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever reads state and challenge in a log could finish the login in another browser.
        let endpoint = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("AuthorizationRequest").field("url", &format_args!("{endpoint}?***")).finish_non_exhaustive()
    }
}

/// The `state` parameter: the time in milliseconds, of which 32 bits, and behind it 224 bits of the operating system's generator,
/// which nobody guesses (RFC 6749 section 10.10), in base64url.
///
/// The time is there for the store's sake: see [`StateKey`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct State([u8; ENCODED]);

impl State {
    /// The text.
    pub fn as_str(&self) -> &str {
        // base64url is ASCII, so the default is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl AsRef<str> for State {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// As it stands in the URL.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(***)")
    }
}

/// A fresh state together with the PKCE verifier that belongs to it: made by [`Flow::make_state`](crate::Flow::make_state).
///
/// The verifier never leaves this value in clear; only [`StateStore`](crate::StateStore) rows and token requests are made
/// of it.
pub struct NewState {
    state: State,
    verifier: Verifier,
}

impl NewState {
    /// Draws state and verifier from the operating system, in one call.
    pub(crate) fn draw() -> Result<Self, Error> {
        let mut drawn = Zeroizing::new([0_u8; 64]);
        let (made, random) = drawn.split_at_mut(WHEN);
        getrandom::fill(random).map_err(Error::random)?;
        made.copy_from_slice(&when(SystemTime::now()).to_be_bytes());
        let (state, verifier) = drawn.split_at(32);
        Ok(Self { state: State(encode(state)), verifier: Verifier::from_slice(verifier) })
    }

    /// The text of the state.
    pub fn as_str(&self) -> &str {
        self.state.as_str()
    }

    pub(crate) const fn state(&self) -> State {
        self.state
    }

    /// `code_challenge` (RFC 7636 section 4.2).
    fn challenge(&self, method: Pkce) -> [u8; ENCODED] {
        let text = Zeroizing::new(encode(self.verifier.0.as_slice()));
        match method {
            Pkce::Plain => *text,
            _ => encode(&Sha256::digest(text.as_slice())),
        }
    }
}

impl fmt::Debug for NewState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewState(***)")
    }
}

/// A PKCE verifier: 256 random bits, sent as 43 characters (RFC 7636 section 4.1).
#[derive(Clone)]
pub(crate) struct Verifier(Zeroizing<[u8; 32]>);

impl Verifier {
    fn from_slice(bytes: &[u8]) -> Self {
        let mut verifier = Self(Zeroizing::new([0; 32]));
        verifier.0.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        verifier
    }

    /// `code_verifier`.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(*self.0))
    }

    /// The verifier covered by a pad that only the state gives: a stolen database holds neither the one nor the other.
    fn covered(&self, state: &str) -> [u8; 32] {
        let pad = digest(b'v', state.as_bytes(), &[]);
        let mut covered = *self.0;
        covered.iter_mut().zip(pad).for_each(|(byte, pad)| *byte ^= pad);
        covered
    }
}

fn encode(bytes: &[u8]) -> [u8; ENCODED] {
    let mut text = [0; ENCODED];
    // 32 bytes are exactly 43 characters, so this cannot fail.
    let written = BASE64.encode_slice(bytes, &mut text);
    debug_assert!(matches!(written, Ok(ENCODED)));
    text
}

/// SHA-256 over a purpose, the length of the first part, and both parts: no two calls that differ hash the same bytes.
/// Short, so that a state fits into one block.
pub(crate) fn digest(purpose: u8, first: &[u8], second: &[u8]) -> [u8; 32] {
    let [a, b, c, d, ..] = first.len().to_le_bytes();
    let mut hash = Sha256::new_with_prefix([purpose, a, b, c, d]);
    hash.update(first);
    hash.update(second);
    hash.finalize().into()
}

/// What the authorization endpoint is asked for (RFC 6749 section 3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseType {
    Code,
    #[cfg(feature = "legacy-grants")]
    Token,
}

impl ResponseType {
    /// The grant that it begins.
    pub(crate) const fn grant_type(self) -> GrantType {
        match self {
            Self::Code => GrantType::AuthorizationCode,
            #[cfg(feature = "legacy-grants")]
            Self::Token => GrantType::Implicit,
        }
    }
}

/// Under what a pending login is stored: when it began, and a digest of its state and of what its answer will be. A login that
/// asked for a code is not there for whoever brings a token, nor the other way round: neither uses up the other (RFC 9700
/// section 4.4).
///
/// Logins that began at the same time have keys beside each other. So a database that keeps rows in the order of their keys
/// works on a few pages for those that come and go, however many others nobody finishes. The time is what the state says it is,
/// and only there for the order: it starts again after 50 days, and whoever sends another one finds nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateKey([u8; 32]);

impl StateKey {
    pub(crate) fn new(state: &str, response_type: ResponseType) -> Self {
        let purpose = match response_type {
            ResponseType::Code => b's',
            #[cfg(feature = "legacy-grants")]
            ResponseType::Token => b'f',
        };
        let mut key = digest(purpose, state.as_bytes(), &[]);
        // Eight characters are six bytes. What is no state of ours stays at zero: no login is there.
        let mut begin = [0; 6];
        if let Some(text) = state.as_bytes().first_chunk::<8>() {
            BASE64.decode_slice(text, &mut begin).ok();
        }
        key.iter_mut().zip(begin).take(WHEN).for_each(|(to, from)| *to = from);
        Self(key)
    }

    /// The 32 bytes: 4 of time, 28 of digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey(***)")
    }
}

/// What the cookie of a sealed login is called, behind its prefix: the state itself would show in whatever lists cookies.
#[cfg(feature = "encrypted")]
pub(crate) fn cookie_name(state: &str) -> String {
    let digest = encode(&digest(b'c', state.as_bytes(), &[]));
    format!("acf-{}", digest.iter().take(16).map(|b| char::from(*b)).collect::<String>())
}

/// Who may finish a login: a digest of the provider and of the user or browser session that began it.
#[derive(Clone, Copy)]
pub struct Binding([u8; 32]);

impl Binding {
    pub(crate) fn new(provider: &str, user: &str) -> Self {
        Self(digest(b'b', provider.as_bytes(), user.as_bytes()))
    }

    /// No login has this binding: taking with it finds a login and leaves it in place.
    pub(crate) const NOBODY: Self = Self([0; 32]);

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn words(&self) -> [u64; 4] {
        let (words, _) = self.0.as_chunks();
        std::array::from_fn(|n| words.get(n).map_or(0, |word| u64::from_le_bytes(*word)))
    }
}

impl PartialEq for Binding {
    /// In constant time. By words: what keeps the compiler from short cuts costs the same for a byte.
    fn eq(&self, other: &Self) -> bool {
        self.words().ct_eq(&other.words()).into()
    }
}

impl Eq for Binding {}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Binding(***)")
    }
}

/// Seconds since the Unix epoch. A clock before it cannot be right: then it is as late as can be, and everything expired.
pub(crate) fn unix(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(u64::MAX, |since| since.as_secs())
}

/// Milliseconds since the Unix epoch.
pub(crate) fn milliseconds(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis())
}

/// Milliseconds that begin again after 2^32 of them (50 days).
fn when(time: SystemTime) -> u32 {
    (milliseconds(time) & u128::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::ErrorKind, value::Scopes};
    use std::{collections::HashSet, sync::Arc, time::Duration};

    fn asked() -> Arc<Asked> {
        Arc::new(Asked {
            provider: "x".to_owned(),
            issuer: None,
            token_endpoint: "https://x.example/t".to_owned(),
            redirect_uri: "https://app.example/cb".to_owned(),
            scopes: Scopes::new(["a"]).unwrap(),
        })
    }

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let mut new = NewState::draw().unwrap();
        new.verifier = Verifier::from_slice(&BASE64.decode(VERIFIER).unwrap());
        assert_eq!(new.verifier.text().as_str(), VERIFIER);
        assert_eq!(new.challenge(Pkce::S256).as_slice(), b"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(new.challenge(Pkce::Plain).as_slice(), VERIFIER.as_bytes());
    }

    #[test]
    fn every_state_and_verifier_is_new() {
        let drawn: Vec<_> = (0..10_000).map(|_| NewState::draw().unwrap()).collect();
        let states: HashSet<_> = drawn.iter().map(|new| new.as_str().to_owned()).collect();
        let verifiers: HashSet<_> = drawn.iter().map(|new| new.verifier.text().to_string()).collect();
        // The first six characters of a state are its time.
        let random: HashSet<_> = states.iter().map(|state| state.get(6..)).collect();
        assert_eq!((random.len(), verifiers.len()), (10_000, 10_000));
        assert!(states.is_disjoint(&verifiers));
        // 32 bytes each, in characters that no URL escapes (RFC 7636 section 4.1).
        let unreserved = |text: &String| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        assert!(states.iter().chain(&verifiers).all(|text| text.len() == ENCODED && unreserved(text)));
    }

    #[test]
    fn keys_begin_with_the_time_of_their_login() {
        let key = |state: &str| *StateKey::new(state, ResponseType::Code).as_bytes();
        let at = |state: &str| u32::from_be_bytes(*key(state).first_chunk().unwrap());
        let before = when(SystemTime::now());
        let state = NewState::draw().unwrap().state();
        assert!(at(state.as_str()).wrapping_sub(before) < 60_000);
        // The rest is of the whole text: whoever changes the time is elsewhere altogether.
        let other = if state.as_str().starts_with('A') { "B" } else { "A" };
        let changed = state.as_str().replacen(|_| true, other, 1);
        assert!(at(&changed) != at(state.as_str()) && key(&changed)[WHEN..] != key(state.as_str())[WHEN..]);
        // Days later the time begins again; what is not ours has none.
        let day = Duration::from_secs(24 * 3600);
        assert!(when(UNIX_EPOCH + 50 * day) < when(UNIX_EPOCH + day));
        assert!(["", "AAAA", "AAA=AAAAA", "ü-------"].into_iter().all(|text| at(text) == 0));
    }

    #[test]
    fn a_stored_login_reads_back_and_shows_neither_state_nor_verifier() {
        let new = NewState::draw().unwrap();
        let binding = Binding::new("x", "u");
        let then = Then { return_to: Some("/a".into()), connection: Some("work".into()) };
        let login = PendingLogin::new(&new, binding, Duration::from_secs(60), then, asked());
        let bytes = login.to_bytes();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(!text.contains(new.as_str()) && !text.contains(new.verifier.text().as_str()));

        let read = PendingLogin::from_bytes(&bytes).unwrap();
        assert_eq!(read.binding(), &binding);
        let read = read.login().unwrap();
        assert_eq!(read.verifier(new.as_str()).text(), new.verifier.text());
        assert_eq!(read.asked(), &*asked());
        assert!(read.return_to() == Some("/a") && read.connection() == "work");
        assert_ne!(read.verifier("another state").text(), new.verifier.text());
    }

    #[test]
    fn a_damaged_row_is_refused() {
        let new = NewState::draw().unwrap();
        let login = PendingLogin::new(&new, Binding::new("x", "u"), Duration::ZERO, Then::default(), asked());
        assert!(login.is_expired(), "at the deadline it is over");
        let text = String::from_utf8(login.to_bytes()).unwrap();
        for damaged in
            ["".to_owned(), text.replace("\"v\":1", "\"v\":2"), text.trim_end_matches(['"', ']', '}']).to_owned()]
        {
            assert_eq!(PendingLogin::from_bytes(damaged.as_bytes()).unwrap_err().kind(), ErrorKind::Store);
        }
    }

    #[test]
    fn with_a_clock_before_1970_everything_is_over() {
        assert_eq!(unix(UNIX_EPOCH - Duration::from_secs(1)), u64::MAX);
        assert_eq!(unix(UNIX_EPOCH + Duration::from_secs(1)), 1);
    }

    #[test]
    fn a_binding_depends_on_where_its_parts_end() {
        assert!(Binding::new("ab", "c") != Binding::new("a", "bc"));
        assert!(Binding::new("a", "b") == Binding::new("a", "b"));
    }
}
