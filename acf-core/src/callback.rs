//! The authorization response (RFC 6749 section 4.1.2): parsed strictly, and verified before anything is used.

#[cfg(feature = "legacy-grants")]
mod fragment;

use std::borrow::Cow;

use zeroize::Zeroizing;

#[cfg(feature = "legacy-grants")]
pub(crate) use self::fragment::Fragment;
use crate::{
    error::{Error, ErrorKind, ProviderError, clean},
    form,
    hooks::Hooks,
    provider::{CallbackRules, Names},
};

/// No callback is larger: a code may have 8 KiB, the rest is small.
const MAX_BYTES: usize = 16 * 1024;
const MAX_PARAMETERS: usize = 64;
const MAX_CODE: usize = 8 * 1024;
const MAX_STATE: usize = 512;
const MAX_OTHER: usize = 2 * 1024;

/// A parsed authorization response. Unknown parameters are gone (RFC 6749 section 4.1.2), but for those that are declared.
#[derive(Default)]
pub(crate) struct Callback {
    pub(crate) state: Zeroizing<String>,
    pub(crate) code: Option<Zeroizing<String>>,
    pub(crate) issuer: Option<String>,
    pub(crate) error: Option<ProviderError>,
    /// Whether the error is declared to mean that the person said no.
    pub(crate) denied: bool,
    /// What is kept with the token: it came through the browser.
    pub(crate) captured: Vec<(String, String)>,
}

/// The parameters of a callback, decoded, for [`Hooks::callback`](crate::Hooks::callback). Control characters occur in
/// `error_description` and `error_uri` alone: a callback that has them elsewhere is refused before.
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
        if text.len() > MAX_BYTES {
            return Err(malformed("is longer than 16 KiB"));
        }
        let text = query(text);
        if let Some(hooks) = hooks {
            // A signature covers parameters that mean nothing here, so all of them must be readable.
            hooks.callback(&CallbackParams { pairs: &decoded(text, &rules.names)? })?;
        }
        let mut known = Known::default();
        let mut captured: Vec<(String, String)> = Vec::new();
        for pair in pairs(text) {
            let (name, value) = pair?;
            let name = decoded_name(name)?;
            let decode = || decoded_value(&name, value, &rules.names);
            if let Some((slot, limit)) = known.slot(&name, &rules.names) {
                if slot.replace(Zeroizing::new(decode()?)).is_some() {
                    return Err(malformed(format!("repeats `{name}` (RFC 6749 section 3.1)")));
                }
                if slot.as_ref().is_some_and(|value| value.len() > limit) {
                    return Err(malformed(format!("has a `{name}` of more than {limit} bytes")));
                }
            } else if rules.capture.iter().any(|captured| **captured == *name) {
                let value = decode()?;
                if value.len() > MAX_OTHER {
                    return Err(malformed(format!("has a `{name}` of more than {MAX_OTHER} bytes")));
                }
                if captured.iter().any(|(own, _)| **own == *name) {
                    return Err(malformed(format!("repeats `{name}`, which is captured")));
                }
                captured.push((name.into_owned(), value));
            } else if !value.is_empty() {
                known.note(&name);
            }
        }
        Ok(Self { captured, ..known.check(rules)? })
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
    /// Which of the names in [`CODES`], [`ERRORS`] and [`DESCRIPTIONS`] occurred.
    code_like: Option<&'static str>,
    error_like: Option<&'static str>,
    description_like: Option<&'static str>,
}

/// What providers call `code`, `error` and `error_description` otherwise.
const CODES: &[&str] = &["auth_code", "spapi_oauth_code", "authorization_code"];
const ERRORS: &[&str] = &["error_code", "error_reason", "errorCode", "denied"];
const DESCRIPTIONS: &[&str] = &["error_message", "errorMessage"];

impl Known {
    /// Where a parameter goes, and how long it may be. A parameter that was renamed has no other name than the declared one.
    fn slot(&mut self, name: &str, names: &Names) -> Option<(&mut Option<Zeroizing<String>>, usize)> {
        let is = |standard: &str| names.name(standard) == Some(name);
        if is("code") {
            Some((&mut self.code, MAX_CODE))
        } else if is("state") {
            Some((&mut self.state, MAX_STATE))
        } else if is("iss") {
            Some((&mut self.iss, MAX_OTHER))
        } else if is("error") {
            Some((&mut self.error, MAX_BYTES))
        } else if is("error_description") {
            Some((&mut self.error_description, MAX_BYTES))
        } else if is("error_uri") {
            Some((&mut self.error_uri, MAX_BYTES))
        } else {
            match name {
                // Whatever brings a token through the browser is not our flow.
                "access_token" | "id_token" | "token" => Some((&mut self.token, MAX_BYTES)),
                "response" => Some((&mut self.response, MAX_BYTES)),
                _ => None,
            }
        }
    }

    /// Remembers a parameter that means nothing, but would if it were declared.
    fn note(&mut self, name: &str) {
        for (like, names) in
            [(&mut self.code_like, CODES), (&mut self.error_like, ERRORS), (&mut self.description_like, DESCRIPTIONS)]
        {
            *like = like.or_else(|| names.iter().find(|own| **own == name).copied());
        }
    }

    fn check(self, rules: &CallbackRules) -> Result<Callback, Error> {
        let name = |standard| rules.names.name(standard).unwrap_or(standard);
        let likes = (self.code_like, self.error_like, self.description_like);
        let callback = self.into_callback(rules)?;
        if callback.code.is_none() && callback.error.is_none() {
            let nothing = malformed(format!("has neither `{}` nor `{}`", name("code"), name("error")));
            let renamed = match likes {
                (Some(code), ..) => format!("code = \"{code}\""),
                (None, Some(error), None) => format!("error = \"{error}\""),
                (None, Some(error), Some(description)) => {
                    format!("error = \"{error}\", error_description = \"{description}\"")
                }
                (None, None, _) => return Err(nothing),
            };
            return Err(nothing.declare("that is what this provider calls it", &format!("callback(rename({renamed}))")));
        }
        Ok(callback)
    }

    /// What every authorization response has: a state, mostly an issuer, perhaps an error.
    fn into_callback(self, rules: &CallbackRules) -> Result<Callback, Error> {
        if self.token.is_some() || self.response.is_some() {
            return Err(malformed("carries a token or a JWT response, which this flow did not ask for"));
        }
        let present = |value: Option<Zeroizing<String>>| value.filter(|value| !value.is_empty());
        let code = present(self.code);
        let state = present(self.state).ok_or_else(|| {
            Error::new(
                ErrorKind::StateMissing,
                format!(
                    "the callback has no `{}`: it does not answer a login that began here",
                    rules.names.name("state").unwrap_or("state")
                ),
            )
        })?;
        let text = |value: &Option<Zeroizing<String>>| value.as_ref().map(|value| value.to_string());
        let secret = code.as_ref().map_or("", |code| code.as_str());
        let error = present(self.error);
        let denied = error.as_ref().is_some_and(|error| rules.denied.iter().any(|denied| **denied == **error));
        let error = error.map(|error| {
            let (description, uri) = (text(&self.error_description), text(&self.error_uri));
            ProviderError::new(&error, description.as_deref(), uri.as_deref(), &[secret, &state])
        });
        Ok(Callback { state, code, issuer: text(&self.iss), error, denied, captured: Vec::new() })
    }
}

/// The parameters of a query, as they are written; an error where there are too many.
fn pairs(query: &str) -> impl Iterator<Item = Result<(&str, &str), Error>> {
    query.split('&').filter(|pair| !pair.is_empty()).enumerate().map(|(before, pair)| match before {
        MAX_PARAMETERS => Err(malformed("has more than 64 parameters")),
        _ => Ok(pair.split_once('=').unwrap_or((pair, ""))),
    })
}

fn decoded_name(name: &str) -> Result<Cow<'_, str>, Error> {
    form::decode(name).ok_or_else(|| malformed("has a parameter name with broken encoding"))
}

/// A value, decoded. Control characters are refused, but for the prose of an error, which is cleaned before anybody sees
/// it: RFC 6749 section 4.1.2.1 allows none there either, and Entra ID sends line breaks. An error must not be lost for
/// them, and its login with it.
fn decoded_value(name: &str, value: &str, names: &Names) -> Result<String, Error> {
    let prose = ["error_description", "error_uri"].into_iter().any(|standard| names.name(standard) == Some(name));
    let decoded = if prose { form::decode_prose(value) } else { form::decode(value) };
    let broken = || malformed(format!("has a `{}` with broken encoding", clean(name, &[])));
    decoded.map(Cow::into_owned).ok_or_else(broken)
}

/// Every parameter, decoded, in order.
fn decoded(text: &str, names: &Names) -> Result<Vec<(String, Zeroizing<String>)>, Error> {
    pairs(text)
        .map(|pair| {
            let (name, value) = pair?;
            let name = decoded_name(name)?.into_owned();
            let value = Zeroizing::new(decoded_value(&name, value, names)?);
            Ok((name, value))
        })
        .collect()
}

/// The query of what was handed over: a query with or without `?`, or a whole URL.
fn query(text: &str) -> &str {
    let text = text.split('#').next().unwrap_or_default();
    let looks_like_url = |head: &str| head.starts_with('/') || !head.contains(['=', '&']);
    match text.split_once('?') {
        Some((head, query)) if looks_like_url(head) || head.starts_with("http") => query,
        None if !text.contains('=') && text.contains("://") => "",
        _ => text,
    }
}

fn malformed(what: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Callback, format!("the callback {}", what.into()))
}

#[cfg(test)]
mod tests;
