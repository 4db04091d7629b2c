//! The token response (RFC 6749 sections 5.1 and 5.2): strict, with each deviation only where it is declared.

mod hint;
mod lifetime;
mod members;
mod said;

use std::time::{Duration, SystemTime};

use acf_rules::{language::Encoding, text, uri};
use http::{HeaderMap, StatusCode, header, response};
use serde_json::{Map, Value};

pub(crate) use self::lifetime::seconds;
use self::{lifetime::End, members::Members, said::said};
use super::{Data, ISSUED_TOKEN_TYPE, NOT_ACCESS, RefreshStage, Token};
use crate::{
    error::{Error, ErrorKind, ProviderError, clean},
    http::Response,
    provider::ResponseRules,
    secret::Secret,
    value::Scopes,
};

/// No token is longer; 8 KiB occur.
const MAX_TOKEN: usize = 32 * 1024;

/// No list of granted scopes is longer. Each scope is looked for among all others, so the work grows with the square.
const MAX_SCOPE: usize = 16 * 1024;

/// No name of a type of tokens is longer.
const MAX_TYPE: usize = 1024;

const WHOSE: &str = "the token endpoint";

/// What a token response is measured against.
pub(crate) struct Expected<'a> {
    pub(crate) rules: &'a ResponseRules,
    /// Granted where the response names no scope.
    pub(crate) scopes: &'a Scopes,
    /// What was sent in confidence: masked in errors, dropped from further members.
    pub(crate) confidential: &'a [&'a str],
}

/// Reads a token response.
pub(crate) fn read_token(response: Response, expected: &Expected<'_>) -> Result<Token, Error> {
    read(response, expected, |members| token(members, expected, false))
}

/// Reads the response to a token exchange (RFC 8693 section 2.2.1).
pub(crate) fn read_exchanged_token(response: Response, expected: &Expected<'_>) -> Result<Token, Error> {
    read(response, expected, |members| {
        let issued = issued_token_type(members, expected.rules)?;
        Ok(token(members, expected, true)?.with_issued_token_type(issued))
    })
}

/// Makes the token of the parameters of a fragment (RFC 6749 section 4.2.2): by the rules of a token response, in which no
/// member is nested.
#[cfg(feature = "legacy-grants")]
pub(crate) fn token_of_fragment(
    members: Vec<(String, zeroize::Zeroizing<String>)>,
    expected: &Expected<'_>,
) -> Result<Token, Error> {
    let rules = ResponseRules { path: None, ..expected.rules.clone() };
    let pairs = members.into_iter().map(|(name, mut value)| (name, std::mem::take(&mut *value)));
    token(&mut Members::from_pairs(pairs), &Expected { rules: &rules, ..*expected }, false)
}

fn read(
    response: Response,
    expected: &Expected<'_>,
    token: impl FnOnce(&mut Members) -> Result<Token, Error>,
) -> Result<Token, Error> {
    let Expected { rules, confidential, .. } = *expected;
    let status = response.status();
    if status != StatusCode::OK && Some(status.as_u16()) != rules.status {
        return Err(refusal(response, WHOSE, rules, confidential));
    }
    let (head, body) = response.into_parts();
    let token = members(&head.headers, &body, WHOSE, rules).and_then(|mut members| {
        match said(&members, false, rules, confidential) {
            Some(said) => Err(refused(said, WHOSE, &members, rules)),
            None => token(&mut members),
        }
    });
    token.map_err(|error| error.with_status(status.as_u16()))
}

/// The members of an answer that is a JSON object and says so, read as strictly as a token response: none twice, none
/// nested without end.
pub(crate) fn object(response: &Response, whose: &str) -> Result<Map<String, Value>, Error> {
    // No attribute shapes this answer, so none is named.
    parsed(response.headers(), response.body(), whose, None, |_| None)
        .map(Members::into_all)
        .map_err(|error| error.with_status(response.status().as_u16()))
}

/// The members of the answer of another endpoint: a JSON object that says so, read as strictly as a token response (none
/// twice, none nested without end), and no error, which some providers report with status 200.
pub(crate) fn success(
    response: Response,
    whose: &str,
    rules: &ResponseRules,
    confidential: &[&str],
) -> Result<Map<String, Value>, Error> {
    let status = response.status();
    if status != StatusCode::OK {
        return Err(refusal(response, whose, rules, confidential));
    }
    let plain = ResponseRules::default();
    // No attribute shapes this answer, so none is named.
    let members = parsed(response.headers(), response.body(), whose, None, |_| None);
    let members = members.and_then(|members| match said(&members, false, &plain, confidential) {
        Some(said) => Err(refused(said, whose, &members, &plain)),
        None => Ok(members.into_all()),
    });
    members.map_err(|error| error.with_status(status.as_u16()))
}

/// Makes an error of an answer that is not a success.
pub(crate) fn refusal(response: Response, whose: &str, rules: &ResponseRules, confidential: &[&str]) -> Error {
    let (response::Parts { status, headers, .. }, body) = response.into_parts();
    if status.is_redirection() {
        return invalid(format!(
            "{whose} redirects ({status}), and credentials follow no redirect; declare its final address"
        ))
        .with_status(status.as_u16());
    }
    let retry_after = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let retry_after = retry_after.map(|seconds: u64| Duration::from_secs(seconds.min(3600)));
    let members = members(&headers, &body, whose, rules);
    let readable = members.as_ref().ok();
    let error = match readable.and_then(|members| Some((said(members, true, rules, confidential)?, members))) {
        Some((said, members)) => refused(said, whose, members, rules),
        None => {
            let error = invalid(format!("{whose} answered {status}{}", excerpt(status, &body, confidential)));
            match &members {
                Ok(members) if status.is_success() => match has_token(members, rules) {
                    true => error.declare("that is a success here", &hint::status(status.as_u16())),
                    false => error,
                },
                Ok(members) => shape(error, members, rules),
                // Only where it tells something that could be read: most errors are pages for people.
                Err(unread) => match unread.attribute().filter(|_| !body.is_empty()) {
                    Some(attribute) => error.declare(hint::WRITTEN_SO, attribute),
                    None => error,
                },
            }
        }
    };
    error.with_status(status.as_u16()).with_retry_after(retry_after)
}

fn refused(said: ProviderError, whose: &str, members: &Members, rules: &ResponseRules) -> Error {
    let shaped = said.error() == "unknown_error" || members.find("error").is_some_and(Value::is_object);
    let error = Error::from_provider(said, &format!("{whose} refused"));
    if shaped { shape(error, members, rules) } else { error }
}

/// The beginning of an answer that cannot be read. Nothing of what may be a success, or hold a token for another reason.
fn excerpt(status: StatusCode, body: &[u8], confidential: &[&str]) -> String {
    // All of it, which the limit of the call bounds: a secret that is cut in two is not found.
    let text = String::from_utf8_lossy(body);
    let squeezed: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let secret = ["accesstoken", "refreshtoken", "idtoken", "clientsecret"].iter().any(|name| squeezed.contains(name));
    let text = if status.is_success() || secret { String::new() } else { clean(&text, confidential) };
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn shape(error: Error, members: &Members, rules: &ResponseRules) -> Error {
    match hint::error(members, rules) {
        Some(attribute) => error.declare("that is how this provider reports errors", &attribute),
        None => error,
    }
}

fn has_token(members: &Members, rules: &ResponseRules) -> bool {
    let name = rules.names.name("access_token").unwrap_or("access_token");
    members.find_at(rules.path.as_deref(), name).is_some_and(Value::is_string)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Response, message)
}

fn broken(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::TokenResponse, message)
}

/// Parses the body: by the declared encoding, or a JSON object, if that is what the headers announce.
fn members(headers: &HeaderMap, body: &[u8], whose: &str, rules: &ResponseRules) -> Result<Members, Error> {
    parsed(headers, body, whose, rules.encoding, hint::encoding)
}

/// `hint` names the attribute by which a body could be read that cannot.
fn parsed(
    headers: &HeaderMap,
    body: &[u8],
    whose: &str,
    encoding: Option<Encoding>,
    hint: fn(&[u8]) -> Option<&'static str>,
) -> Result<Members, Error> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !matches!(text(header::CONTENT_ENCODING), "" | "identity") {
        return Err(invalid(format!("{whose} sent a compressed answer, which was not asked for")));
    }
    let hinted = |error: Error| match hint(body) {
        Some(attribute) => error.declare(hint::WRITTEN_SO, attribute),
        None => error,
    };
    let json = || {
        serde_json::from_slice(body).map_err(|error: serde_json::Error| {
            // serde_json's own words hold positions and nothing of the body, but for a value of the wrong type, which they
            // quote: it may be the token.
            invalid(match error.is_data() {
                true => format!("{whose} sent JSON that is no object, has a member twice, or is nested too deeply"),
                false => format!("{whose} sent JSON that cannot be read: {error}"),
            })
        })
    };
    match encoding {
        Some(Encoding::Form) => Members::from_form(body)
            .map_err(|what| hinted(invalid(format!("{whose} sent a form that cannot be read: it has {what}")))),
        Some(_) => json().map_err(hinted),
        None => {
            let content_type = text(header::CONTENT_TYPE);
            if is_json(content_type) {
                return json().map_err(hinted);
            }
            let sent = match content_type.split(';').next().unwrap_or_default().trim() {
                "" => "no content type".to_owned(),
                media_type => format!("`{}`", clean(&media_type.to_ascii_lowercase(), &[])),
            };
            let sent = format!("{whose} sent {sent} instead of `application/json`");
            Err(match hint(body) {
                Some(attribute) => invalid(sent).declare(hint::WRITTEN_SO, attribute),
                None => invalid(sent + "; is its address right?"),
            })
        }
    }
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().as_bytes();
    let is = |text: &[u8]| media_type.eq_ignore_ascii_case(text);
    let starts = |text: &[u8]| media_type.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    let ends = |text: &[u8]| {
        let end = media_type.len().checked_sub(text.len()).and_then(|at| media_type.get(at..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(text))
    };
    is(b"application/json") || is(b"text/json") || (starts(b"application/") && ends(b"+json"))
}

/// Makes the token of an answer that reports no error; `exchanged` tells that it may be none that can be sent.
fn token(members: &mut Members, expected: &Expected<'_>, exchanged: bool) -> Result<Token, Error> {
    let Expected { rules, confidential, .. } = *expected;
    let path = rules.path.as_deref();
    if let Some(path) = path.filter(|path| !members.find(path).is_some_and(Value::is_object)) {
        let error = broken(format!("the response has no object at `{path}`"));
        return Err(match hint::error(members, rules) {
            Some(attribute) => error.declare("that is how this provider reports an error", &attribute),
            None => error,
        });
    }
    let name = |standard| rules.names.name(standard).unwrap_or(standard);
    let access_token = members.take_at(path, name("access_token"));
    let Some(access_token) = opaque(access_token, name("access_token"))? else {
        let error = broken(format!("the response has no `{}`", name("access_token")));
        return Err(match hint::access_token(members, rules, confidential) {
            Some((when, attribute)) => error.declare(when, &attribute),
            None => error,
        });
    };
    let sent_type = members.take_at(path, name("token_type"));
    let token_type = match sent_type {
        Some(Value::String(text)) if exchanged && text.eq_ignore_ascii_case(NOT_ACCESS) => NOT_ACCESS.to_owned(),
        sent_type => token_type(sent_type, &access_token, members, expected)?,
    };
    let refresh_token = opaque(members.take_at(path, name("refresh_token")), name("refresh_token"))?;
    let id_token = opaque(members.take_at(path, name("id_token")), name("id_token"))?;
    let scopes = match members.take_at(path, name("scope")) {
        None | Some(Value::Null) => expected.scopes.clone(),
        Some(value) => scopes(&value, rules)?,
    };
    let mut end = |name: &str| End::read(members.take_at(path, name).as_ref(), name, rules);
    let expires_at = match (end(name("expires_in"))?, rules.default_lifetime) {
        (End::Unsaid, Some(lifetime)) => End::after(lifetime, SystemTime::now()),
        (end, _) => end,
    };
    let refresh_expires_at = rules.refresh_expires.as_deref().map_or(Ok(End::Unsaid), end)?;
    Ok(Token::new(Data {
        access_token,
        token_type,
        expires_at: expires_at.time(),
        refresh_token,
        refresh_expires_at: refresh_expires_at.time(),
        scopes,
        id_token,
        extra: further(members, rules, confidential),
        // As it is stored: in whole seconds.
        issued_at: End::after(Duration::ZERO, SystemTime::now()).time(),
        refreshing: RefreshStage::Idle,
        unknown: Map::new(),
        sealed: None,
    }))
}

/// What is kept beside the members of the RFC. A provider that repeats what it was sent does not get it into the token.
fn further(members: &mut Members, rules: &ResponseRules, confidential: &[&str]) -> Map<String, Value> {
    let path = rules.path.as_deref();
    let mut kept = match &rules.keep {
        None => members.take_others(path),
        Some(keep) => keep
            .iter()
            .filter_map(|(place, kept)| {
                // A pointer counts from the top: what identifies the account often stands beside the token, not with it.
                let value = if place.starts_with('/') { members.find(place) } else { members.find_at(path, place) };
                Some((kept.clone(), value?.clone()))
            })
            .collect(),
    };
    kept.retain(|name, value| name != "client_secret" && !repeats(value, confidential));
    kept
}

/// Whether a value is something that was sent in confidence, or holds it.
fn repeats(value: &Value, confidential: &[&str]) -> bool {
    match value {
        Value::String(text) => confidential.contains(&text.as_str()),
        Value::Array(items) => items.iter().any(|item| repeats(item, confidential)),
        Value::Object(members) => members.values().any(|member| repeats(member, confidential)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A token as RFC 6749 appendix A has it; `None` where there is none.
fn opaque(value: Option<Value>, name: &str) -> Result<Option<Secret>, Error> {
    let secret = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => Secret::from(text),
        Some(_) => return Err(broken(format!("the response has a `{name}` that is no string"))),
    };
    if secret.expose().len() > MAX_TOKEN {
        return Err(broken(format!("the response has a `{name}` of more than 32 KiB")));
    }
    match text::token(secret.expose()) {
        Ok(()) => Ok(Some(secret)),
        Err(violation) => Err(broken(format!("the response has a `{name}` that {}", violation.message()))),
    }
}

/// What an exchanged token is: the one member that RFC 8693 section 2.2.1 adds, and requires.
fn issued_token_type(members: &mut Members, rules: &ResponseRules) -> Result<String, Error> {
    match members.take_at(rules.path.as_deref(), ISSUED_TOKEN_TYPE) {
        Some(Value::String(text)) if text.len() <= MAX_TYPE && uri::resource(&text).is_ok() => Ok(text),
        Some(_) => Err(broken(format!("the response has an `{ISSUED_TOKEN_TYPE}` that is no URI"))),
        None => Err(broken(format!("the response has no `{ISSUED_TOKEN_TYPE}` (RFC 8693 section 2.2.1)"))),
    }
}

/// RFC 6749 section 7.1: a token of a type that the client does not understand must not be used.
fn token_type(
    value: Option<Value>,
    access_token: &Secret,
    members: &Members,
    expected: &Expected<'_>,
) -> Result<String, Error> {
    let rules = expected.rules;
    match value {
        None | Some(Value::Null) => match &rules.token_type {
            Some(declared) if declared.eq_ignore_ascii_case("bearer") => Ok("Bearer".to_owned()),
            Some(declared) => Ok(declared.clone()),
            None => {
                let name = rules.names.name("token_type").unwrap_or("token_type");
                let error = broken(format!("the response has no `{name}`"));
                let camel = members.find_at(rules.path.as_deref(), "tokenType").is_some_and(Value::is_string);
                Err(match camel {
                    true => error.declare("that is what this provider calls it", hint::TOKEN_TYPE_RENAMED),
                    false => error.declare("this provider leaves it out", hint::TOKEN_TYPE),
                })
            }
        },
        Some(Value::String(text)) if text.eq_ignore_ascii_case("bearer") => Ok("Bearer".to_owned()),
        Some(Value::String(text)) if rules.token_type_alias.as_ref() == Some(&text) => Ok("Bearer".to_owned()),
        Some(Value::String(text)) => {
            // What is no plain word may be anything, a secret as well.
            let plain = hint::is_word(&text)
                && text != access_token.expose()
                && !expected.confidential.contains(&text.as_str());
            if !plain {
                return Err(broken("the response has a token type that is not `Bearer`; only that can be sent"));
            }
            let error = broken(format!("the response has the token type `{text}`; only `Bearer` can be sent"));
            Err(match hint::token_type_alias(&text) {
                Some(attribute) => error.declare("that is what this provider calls a bearer token", &attribute),
                None => error,
            })
        }
        Some(_) => Err(broken("the response has a `token_type` that is no string")),
    }
}

/// The granted scopes. Text is what the RFC has, so it is read also where a list is declared.
fn scopes(value: &Value, rules: &ResponseRules) -> Result<Scopes, Error> {
    let length = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(|item| item.len() + 1).sum(),
        _ => 0,
    };
    if length > MAX_SCOPE {
        return Err(broken("the response has a `scope` of more than 16 KiB"));
    }
    let granted = match value {
        Value::String(text) => Scopes::granted(text.len(), text.split([rules.scope_separator, ' '])),
        Value::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(Value::as_str).collect();
            let texts = texts.ok_or_else(|| broken("the response has a `scope` that is no list of strings"))?;
            if !rules.scope_list {
                let error = broken("the response has a `scope` that is a list");
                return Err(error.declare("this provider grants scopes so", hint::SCOPE_LIST));
            }
            Scopes::granted(0, texts)
        }
        _ => return Err(broken("the response has a `scope` that is no string")),
    };
    granted.ok_or_else(|| broken("the response has a `scope` with characters that no scope has"))
}

#[cfg(test)]
mod tests;
