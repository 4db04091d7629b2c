//! The one error type.

mod kind;

use std::{
    error::Error as StdError,
    fmt::{self, Write},
    time::Duration,
};

use acf_rules::{Violation, text};

pub use self::kind::{ErrorKind, Next};
use crate::form;

/// What went wrong, in three answers: what happened ([`kind`](Self::kind)), what the provider said
/// ([`provider`](Self::provider)), and what to do about it ([`next`](Self::next)).
///
/// It is one pointer wide and safe to print: no secret is ever put into it, and whatever a provider sent is cut, cleaned
/// of control characters and masked where it repeats something that was sent in confidence.
///
/// ```
/// use acf_core::{ErrorKind, Next, RedirectUri};
///
/// let error = "http://app.example/callback".parse::<RedirectUri>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Configuration);
/// assert_eq!(error.next(), Next::FixConfiguration);
/// assert_eq!(
///     error.to_string(),
///     "`redirect_uri` must use https: plain http is accepted only for 127.0.0.1, [::1] and localhost",
/// );
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    provider: Option<ProviderError>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    attribute: Option<String>,
    /// Whether the login that this happened to was used up.
    spent: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            provider: None,
            status: None,
            retry_after: None,
            attribute: None,
            spent: false,
            source: None,
        }))
    }

    /// For a hook: something that was written down is wrong. The message must hold no secret.
    pub fn configuration_error(message: impl Into<String>) -> Self {
        Self::configuration(message)
    }

    /// For a hook: the callback is not what it must be. The message must hold no secret.
    pub fn callback(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Callback, message)
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// A value that breaks a rule of `acf_rules`: what is wrong, and what to write.
    pub(crate) fn violation(name: &str, text: &str, violation: Violation) -> Self {
        Self::configuration(sentence(name, text, violation))
    }

    pub(crate) fn random(cause: getrandom::Error) -> Self {
        Self::new(ErrorKind::Random, "the operating system gave no random bytes").with_source(cause)
    }

    /// A row of a store that cannot be read; `what` is in it.
    pub(crate) fn damaged(what: &str) -> Self {
        let text = format!("the stored {what} cannot be read: it is damaged or was written by a later release");
        Self::new(ErrorKind::Store, text)
    }

    /// A row of a store that `Encrypted` wrote, read without it.
    pub(crate) fn sealed(what: &str) -> Self {
        let text = format!("the stored {what} is encrypted: wrap the store in `Encrypted` (feature `encrypted`)");
        Self::new(ErrorKind::Store, text)
    }

    pub(crate) fn from_provider(said: ProviderError, during: &str) -> Self {
        let kind = if said.error == "access_denied" { ErrorKind::AccessDenied } else { ErrorKind::Provider };
        let mut error = Self::new(kind, format!("{during}: {said}"));
        error.0.provider = Some(said);
        error
    }

    #[must_use]
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    #[must_use]
    pub(crate) fn with_retry_after(mut self, after: Option<Duration>) -> Self {
        self.0.retry_after = after;
        self
    }

    #[must_use]
    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds the attribute that would accept what the provider did; `when` completes the sentence "if ..".
    #[must_use]
    pub(crate) fn declare(mut self, when: &str, attribute: &str) -> Self {
        // Writing to a string cannot fail.
        let _ = write!(self.0.message, "; if {when}, declare `{attribute}`");
        self.0.attribute = Some(attribute.to_owned());
        self
    }

    /// Says that it happened to a login that was taken out of its store, which is done once.
    #[must_use]
    pub(crate) fn of_a_spent_login(mut self) -> Self {
        self.0.spent = true;
        self
    }

    /// Makes it the person's own refusal.
    #[must_use]
    pub(crate) fn denied_if(self, denied: bool) -> Self {
        if denied { self.of_kind(ErrorKind::AccessDenied) } else { self }
    }

    /// Makes it an error of that kind.
    #[must_use]
    pub(crate) fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// A result for somebody else who waited for the same thing.
    pub(crate) fn again_in<T: Clone>(result: &Result<T, Self>) -> Result<T, Self> {
        match result {
            Ok(value) => Ok(value.clone()),
            Err(error) => Err(error.again()),
        }
    }

    /// The same for somebody else who waited for the same thing. The cause stays with the first.
    pub(crate) fn again(&self) -> Self {
        let Inner { kind, message, provider, status, retry_after, attribute, spent, source: _ } = self.0.as_ref();
        Self(Box::new(Inner {
            kind: *kind,
            message: message.clone(),
            provider: provider.clone(),
            status: *status,
            retry_after: *retry_after,
            attribute: attribute.clone(),
            spent: *spent,
            source: None,
        }))
    }

    /// What happened.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the provider said, where it said something in the form of RFC 6749 sections 4.1.2.1 and 5.2.
    pub fn provider(&self) -> Option<&ProviderError> {
        self.0.provider.as_ref()
    }

    /// The HTTP status of the provider's answer, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// How long the provider asked to wait (`Retry-After`), at most an hour.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The attribute that would accept what the provider did, ready to paste into `#[oauth(..)]`, where there is one. Whether
    /// the provider means it so is for a person to check.
    ///
    /// ```
    /// # fn show(error: acf_core::Error) {
    /// if let Some(attribute) = error.attribute() {
    ///     eprintln!("try #[oauth({attribute})]"); // such as token_response(token_type = "Bearer")
    /// }
    /// # }
    /// ```
    pub fn attribute(&self) -> Option<&str> {
        self.0.attribute.as_deref()
    }

    /// What to do about it.
    pub fn next(&self) -> Next {
        let code = self.0.provider.as_ref().map(|said| said.error.as_str());
        // "Not now", whatever the body says.
        let later = matches!(self.0.status, Some(429 | 500..=599));
        let next = match self.0.kind {
            ErrorKind::Configuration | ErrorKind::Unsupported | ErrorKind::IssuerMismatch | ErrorKind::Tls => {
                Next::FixConfiguration
            }
            ErrorKind::Response | ErrorKind::TokenResponse if later => Next::Retry,
            ErrorKind::Response | ErrorKind::TokenResponse => Next::FixConfiguration,
            ErrorKind::Provider => match code {
                Some("temporarily_unavailable" | "server_error" | "slow_down") => Next::Retry,
                Some("invalid_grant" | "login_required" | "interaction_required" | "consent_required") => {
                    Next::Reauthorize
                }
                _ if later => Next::Retry,
                _ => Next::FixConfiguration,
            },
            ErrorKind::Random
            | ErrorKind::Store
            | ErrorKind::NotSent
            | ErrorKind::Transport
            | ErrorKind::Timeout
            | ErrorKind::Busy => Next::Retry,
            ErrorKind::BindingMismatch | ErrorKind::AccessDenied => Next::GiveUp,
            ErrorKind::Callback
            | ErrorKind::StateMissing
            | ErrorKind::StateUnknown
            | ErrorKind::StateExpired
            | ErrorKind::ProviderMismatch
            | ErrorKind::NoToken
            | ErrorKind::TokenExpired
            | ErrorKind::Conflict => Next::Reauthorize,
        };
        // The same callback can never succeed: its login is gone, and its code is spent or may be.
        if self.0.spent && next == Next::Retry { Next::Reauthorize } else { next }
    }
}

impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref() as _)
    }
}

/// What a provider said, in the form of RFC 6749 sections 4.1.2.1 and 5.2: untrusted text, cut and cleaned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderError {
    error: String,
    description: Option<String>,
    uri: Option<String>,
}

/// A broken rule in one sentence: what is wrong, and what to write.
pub(crate) fn sentence(name: &str, text: &str, violation: Violation) -> String {
    format!("{}: {}", violation.explain(name, text), violation.help())
}

/// The longest text of a provider that is kept.
const KEPT: usize = 256;

impl ProviderError {
    /// `confidential` lists what was sent in confidence: a provider that repeats it does not get it into a log.
    pub(crate) fn new(error: &str, description: Option<&str>, uri: Option<&str>, confidential: &[&str]) -> Self {
        let error = if text::error_code(error).is_ok() && error.len() <= 64 { error } else { "unknown_error" };
        Self {
            error: clean(error, confidential),
            description: description.map(|text| clean(text, confidential)).filter(|text| !text.is_empty()),
            uri: uri.map(|text| clean(text, confidential)).filter(|text| !text.is_empty()),
        }
    }

    /// The error code: one of RFC 6749's, or the provider's own. A code outside the RFC's characters is reported as
    /// `unknown_error`.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// `error_description`. Text for developers, not for people, and never safe to trust.
    pub fn error_description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// `error_uri`, as opaque text: it is never checked, so it must not become a link.
    pub fn error_uri(&self) -> Option<&str> {
        self.uri.as_deref()
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)?;
        match &self.description {
            Some(description) => write!(f, " ({description})"),
            None => Ok(()),
        }
    }
}

/// Masks confidential parts, as they are and as a page or a form repeats them. Runs of letters and digits stand in every
/// encoding as they are, so that one of eight is looked for by itself.
fn masked(text: String, confidential: &[&str]) -> String {
    let mut masked = text;
    let mut mask = |part: &str| {
        if masked.contains(part) {
            masked = masked.replace(part, "***");
        }
    };
    let mut parts: Vec<&str> = confidential.iter().copied().filter(|part| part.len() >= 4).collect();
    // The longest first: of a part that holds another one, the rest would stay.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    for part in parts {
        let mut encoded = String::new();
        form::encode(&mut encoded, part);
        mask(&encoded);
        mask(&encoded.replace("%20", "+"));
        mask(&visible(part));
        let page = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for (double, single) in
            [("\"", "'"), ("&quot;", "'"), ("&quot;", "&#39;"), ("&quot;", "&#039;"), ("&#34;", "&#39;")]
        {
            mask(&page.replace('"', double).replace('\'', single));
        }
        let json = part.replace('\\', "\\\\").replace('"', "\\\"");
        mask(&json);
        mask(&json.replace('/', "\\/"));
        part.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| run.len() >= 8).for_each(&mut mask);
    }
    masked
}

/// Untrusted text made safe to show: without control characters and direction marks, at most [`KEPT`] bytes, with
/// confidential parts masked, as they are and as they were written into a form. It is cut last: half a secret is one, too.
pub(crate) fn clean(text: &str, confidential: &[&str]) -> String {
    let masked = masked(visible(text), confidential);
    let mut kept = String::new();
    for c in masked.chars() {
        if kept.len() + c.len_utf8() > KEPT {
            kept.push('…');
            break;
        }
        kept.push(c);
    }
    kept.trim().to_owned()
}

/// A space for each character that is not seen, or that changes how others are seen.
fn visible(text: &str) -> String {
    text.replace(
        |c: char| {
            c.is_control()
                || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
                || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
        },
        " ",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_cut_cleaned_and_masked() {
        assert_eq!(clean("a\r\nSet-Cookie: x\u{1b}[31m\u{202E}", &[]), "a  Set-Cookie: x [31m");
        assert_eq!(clean("a\u{61C}b\u{2066}c\u{E0041}d\u{AD}", &[]), "a b c d");
        assert_eq!(clean("code s3cret was wrong", &["s3cret"]), "code *** was wrong");
        assert_eq!(clean("code=4%2F0Ab&x", &["4/0Ab"]), "code=***&x");
        assert_eq!(clean("a1b2-c3d4 and a1b2", &["a1b2", "a1b2-c3d4"]), "*** and ***");
        assert_eq!(clean("is a\u{200B}b\u{200B}cd", &["a b\u{200B}cd"]), "is ***", "cleaning makes no secret");
        let long = "c0de".repeat(100);
        assert_eq!(clean(&format!("{}{long}", " ".repeat(200)), &[&long]), "***");
        for echo in ["s3cr+t/%&=", "s3cr%2Bt%2F%25%26%3D", "s3cr%2Bt%2F%25%26%3D&a=b"] {
            assert!(clean(echo, &["s3cr+t/%&="]).starts_with("***"), "{echo}");
        }
        let parts = ["pass word", "<se'&\"c>", "sec/ret\\\"", "with[verysecretindeed]"];
        let echo =
            "pass+word, pass%20word, &lt;se&#39;&amp;&quot;c&gt;, sec\\/ret\\\\\\\", with&#91;verysecretindeed&#93;";
        assert_eq!(clean(echo, &parts), "***, ***, ***, ***, with&#91;***&#93;");
        assert_eq!(clean(&"é".repeat(1000), &[]).chars().count(), KEPT / 2 + 1);
        assert_eq!(ProviderError::new("a\"b", None, None, &[]).error(), "unknown_error");
    }

    #[test]
    fn what_to_do_next() {
        use ErrorKind::{Provider, Response, Store, Timeout, Tls, Transport};
        let said = |code| Error::from_provider(ProviderError::new(code, None, None, &[]), "x");
        for (error, kind, next, of_a_spent_login) in [
            (Error::new(Timeout, ""), Timeout, Next::Retry, Next::Reauthorize),
            (Error::new(Transport, ""), Transport, Next::Retry, Next::Reauthorize),
            (Error::new(Store, ""), Store, Next::Retry, Next::Reauthorize),
            (Error::new(Tls, ""), Tls, Next::FixConfiguration, Next::FixConfiguration),
            (Error::new(Response, ""), Response, Next::FixConfiguration, Next::FixConfiguration),
            (Error::new(Response, "").with_status(503), Response, Next::Retry, Next::Reauthorize),
            (said("temporarily_unavailable"), Provider, Next::Retry, Next::Reauthorize),
            (said("maintenance").with_status(503), Provider, Next::Retry, Next::Reauthorize),
            (said("rate_limited").with_status(429), Provider, Next::Retry, Next::Reauthorize),
            (said("invalid_grant").with_status(500), Provider, Next::Reauthorize, Next::Reauthorize),
            (said("invalid_client").with_status(401), Provider, Next::FixConfiguration, Next::FixConfiguration),
            (said("access_denied"), ErrorKind::AccessDenied, Next::GiveUp, Next::GiveUp),
        ] {
            assert_eq!((error.kind(), error.next()), (kind, next), "{error}");
            assert_eq!(error.of_a_spent_login().next(), of_a_spent_login, "{kind:?}");
        }
    }
}
