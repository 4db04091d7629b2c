//! The authorization response (RFC 6749 section 4.1.2): parsed strictly, and verified before anything is used.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::{
    error::{Error, ErrorKind, ProviderError},
    form,
    hooks::Hooks,
    provider::CallbackRules,
};

/// No callback is larger: a code may have 8 KiB, the rest is small.
const MAX_BYTES: usize = 16 * 1024;
const MAX_PARAMETERS: usize = 64;
const MAX_CODE: usize = 8 * 1024;
const MAX_STATE: usize = 512;
const MAX_OTHER: usize = 2 * 1024;

/// A parsed authorization response. Unknown parameters are gone (RFC 6749 section 4.1.2).
#[derive(Default)]
pub(crate) struct Callback {
    pub(crate) state: Zeroizing<String>,
    pub(crate) code: Option<Zeroizing<String>>,
    pub(crate) issuer: Option<String>,
    pub(crate) error: Option<ProviderError>,
    /// What is kept with the token: it came through the browser.
    pub(crate) captured: Vec<(String, String)>,
}

/// The parameters of a callback, decoded, for [`Hooks::callback`](crate::Hooks::callback).
pub struct CallbackParams<'a> {
    pairs: &'a [(String, Zeroizing<String>)],
}

impl CallbackParams<'_> {
    /// The first parameter of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// Every parameter, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Shows names only.
impl std::fmt::Debug for CallbackParams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl Callback {
    /// Parses a query, a form body, or the whole URL that the browser was sent to.
    pub(crate) fn parse(text: &str, rules: &CallbackRules, hooks: Option<&dyn Hooks>) -> Result<Self, Error> {
        let _ = (rules, hooks);
        if text.len() > MAX_BYTES {
            return Err(malformed("is longer than 16 KiB"));
        }
        let mut known = Known::default();
        for (count, pair) in query(text).split('&').filter(|pair| !pair.is_empty()).enumerate() {
            if count == MAX_PARAMETERS {
                return Err(malformed("has more than 64 parameters"));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = form::decode(name).ok_or_else(|| malformed("has a parameter name with broken encoding"))?;
            let Some((name, slot, limit)) = known.slot(&name) else { continue };
            let value = form::decode(value).ok_or_else(|| malformed(format!("has a `{name}` with broken encoding")))?;
            if slot.replace(Zeroizing::new(value.into_owned())).is_some() {
                return Err(malformed(format!("repeats `{name}` (RFC 6749 section 3.1)")));
            }
            if slot.as_ref().is_some_and(|value| value.len() > limit) {
                return Err(malformed(format!("has a `{name}` of more than {limit} bytes")));
            }
        }
        known.check()
    }

    /// A callback of which only the state is known: somebody else has parsed it.
    pub(crate) fn bare(state: &str) -> Self {
        Self { state: Zeroizing::new(state.to_owned()), ..Self::default() }
    }
}

/// The parameters that mean something here.
#[derive(Default)]
struct Known {
    code: Option<Zeroizing<String>>,
    state: Option<Zeroizing<String>>,
    iss: Option<Zeroizing<String>>,
    error: Option<Zeroizing<String>>,
    error_description: Option<Zeroizing<String>>,
    error_uri: Option<Zeroizing<String>>,
    token: Option<Zeroizing<String>>,
    response: Option<Zeroizing<String>>,
}

impl Known {
    fn slot(&mut self, name: &str) -> Option<(&'static str, &mut Option<Zeroizing<String>>, usize)> {
        Some(match name {
            "code" => ("code", &mut self.code, MAX_CODE),
            "state" => ("state", &mut self.state, MAX_STATE),
            "iss" => ("iss", &mut self.iss, MAX_OTHER),
            "error" => ("error", &mut self.error, MAX_BYTES),
            "error_description" => ("error_description", &mut self.error_description, MAX_BYTES),
            "error_uri" => ("error_uri", &mut self.error_uri, MAX_BYTES),
            // Whatever brings a token through the browser is not our flow.
            "access_token" | "id_token" | "token" => ("token", &mut self.token, MAX_BYTES),
            "response" => ("response", &mut self.response, MAX_BYTES),
            _ => return None,
        })
    }

    fn check(self) -> Result<Callback, Error> {
        if self.token.is_some() || self.response.is_some() {
            return Err(malformed("carries a token or a JWT response, which this flow did not ask for"));
        }
        let present = |value: Option<Zeroizing<String>>| value.filter(|value| !value.is_empty());
        let code = present(self.code);
        let state = present(self.state).ok_or_else(|| {
            Error::new(
                ErrorKind::StateMissing,
                "the callback has no `state`: it does not answer a login that began here",
            )
        })?;
        let text = |value: &Option<Zeroizing<String>>| value.as_ref().map(|value| value.to_string());
        let secret = code.as_ref().map_or("", |code| code.as_str());
        let error = present(self.error).map(|error| {
            let (description, uri) = (text(&self.error_description), text(&self.error_uri));
            ProviderError::new(&error, description.as_deref(), uri.as_deref(), &[secret, &state])
        });
        if code.is_none() && error.is_none() {
            return Err(malformed("has neither `code` nor `error`"));
        }
        Ok(Callback { state, code, issuer: text(&self.iss), error, captured: Vec::new() })
    }
}

/// The query of what was handed over: a query with or without `?`, or a whole URL.
fn query(text: &str) -> &str {
    let text = text.split('#').next().unwrap_or_default();
    let looks_like_url = |head: &str| head.starts_with('/') || !head.contains(['=', '&']);
    match text.split_once('?') {
        Some((head, query)) if looks_like_url(head) || head.starts_with("http") => query,
        None if text.contains("://") && !text.contains('=') => "",
        _ => text,
    }
}

fn malformed(what: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Callback, format!("the callback {}", what.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Callback, Error> {
        Callback::parse(text, &CallbackRules::default(), None)
    }

    #[test]
    fn a_query_a_body_and_a_url_read_alike() {
        for text in [
            "code=a%2Bb%3D&state=s&x=1&x=2&session_state=..",
            "?code=a%2Bb%3D&state=s",
            "https://app.example/cb?code=a%2Bb%3D&state=s#_=_",
            "/cb?state=s&code=a%2Bb%3D",
            "http://127.0.0.1:8000/cb;v=1?state=s&code=a%2Bb%3D",
            "code=a%2Bb%3D&state=s&iss=https://x.example",
        ] {
            let callback = parse(text).unwrap();
            assert_eq!((callback.state.as_str(), callback.code.unwrap().as_str()), ("s", "a+b="), "{text}");
        }
    }

    #[test]
    fn an_error_keeps_what_the_provider_said() {
        let callback = parse("error=access_denied&error_description=No+thanks&state=s").unwrap();
        let error = callback.error.unwrap();
        assert_eq!((error.error(), error.error_description()), ("access_denied", Some("No thanks")));
    }

    #[test]
    fn hostile_callbacks() {
        use ErrorKind::{Callback as Malformed, StateMissing};
        let long = "x".repeat(9_000);
        let cases: &[(String, ErrorKind)] = &[
            (String::new(), StateMissing),
            ("?".into(), StateMissing),
            ("https://app.example/cb".into(), StateMissing),
            ("https://app.example/cb#code=a&state=s".into(), StateMissing),
            ("code=a".into(), StateMissing),
            ("code=a&state=".into(), StateMissing),
            ("code=a;state=s".into(), StateMissing),
            ("error=access_denied".into(), StateMissing),
            ("code=a&code=b&state=s".into(), Malformed),
            ("code=a&c%6fde=a&state=s".into(), Malformed),
            ("code=a&state=s&state=s".into(), Malformed),
            ("code=a&state=s&iss=x&iss=x".into(), Malformed),
            ("error=a&error=b&state=s".into(), Malformed),
            ("state=s".into(), Malformed),
            ("code=&state=s".into(), Malformed),
            ("code[]=a&state=s".into(), Malformed),
            ("code=%zz&state=s".into(), Malformed),
            ("code=%ff%fe&state=s".into(), Malformed),
            ("code=a%00&state=s".into(), Malformed),
            ("code=a%0d%0ab&state=s".into(), Malformed),
            ("code=a&state=s&access_token=x".into(), Malformed),
            ("code=a&state=s&response=x".into(), Malformed),
            (format!("code={long}&state=s"), Malformed),
            (format!("code=a&state={}", "x".repeat(513)), Malformed),
            (format!("code=a&state=s&x={long}{long}"), Malformed),
            (format!("code=a&state=s{}", "&a=b".repeat(63)), Malformed),
        ];
        for (text, kind) in cases {
            let error = parse(text).err().unwrap_or_else(|| panic!("accepted: {text}"));
            assert_eq!(error.kind(), *kind, "{text}");
        }
        assert!(parse(&format!("code={}&state=s", "x".repeat(4096))).is_ok());
    }
}
