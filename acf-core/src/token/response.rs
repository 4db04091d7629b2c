//! The token response (RFC 6749 sections 5.1 and 5.2): strict, with each deviation only where it is declared.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use acf_rules::text;
use http::{HeaderMap, StatusCode, header, response};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::{Data, Token};
use crate::{
    authorization::unix,
    error::{Error, ErrorKind, ProviderError, clean},
    http::Response,
    provider::ResponseRules,
    secret::Secret,
    value::Scopes,
};

/// No token is longer; 8 KiB occur.
const MAX_TOKEN: usize = 32 * 1024;

/// A lifetime is cut to ten years, so that no sum with it overflows.
const MAX_LIFETIME: u64 = 10 * 365 * 24 * 60 * 60;

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
    if response.status() != StatusCode::OK {
        return Err(refusal(response, "the token endpoint", expected.rules, expected.confidential));
    }
    let (head, body) = response.into_parts();
    let members = members(&head.headers, &body, "the token endpoint")?;
    // Some providers report errors with status 200 (GitHub does).
    match said(&members, expected.confidential) {
        Some(said) => Err(Error::from_provider(said, "the token endpoint refused").with_status(head.status.as_u16())),
        None => members.into_token(expected),
    }
}

/// Makes an error of an answer that is not a success.
pub(crate) fn refusal(response: Response, whose: &str, rules: &ResponseRules, confidential: &[&str]) -> Error {
    let _ = rules;
    let (response::Parts { status, headers, .. }, body) = response.into_parts();
    if status.is_redirection() {
        return invalid(format!(
            "{whose} redirects ({status}), and credentials follow no redirect; declare its final address"
        ))
        .with_status(status.as_u16());
    }
    let retry_after = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let retry_after = retry_after.map(|seconds: u64| Duration::from_secs(seconds.min(3600)));
    let error = match members(&headers, &body, whose).ok().and_then(|members| said(&members, confidential)) {
        Some(said) => Error::from_provider(said, &format!("{whose} refused")),
        None => {
            let text = clean(&String::from_utf8_lossy(body.get(..1024).unwrap_or(&body)), confidential);
            let excerpt = if text.is_empty() { String::new() } else { format!(": {text}") };
            invalid(format!("{whose} answered {status}{excerpt}"))
        }
    };
    error.with_status(status.as_u16()).with_retry_after(retry_after)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Response, message)
}

fn broken(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::TokenResponse, message)
}

/// Parses a JSON object, if that is what the headers announce.
fn members(headers: &HeaderMap, body: &[u8], whose: &str) -> Result<Members, Error> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !matches!(text(header::CONTENT_ENCODING), "" | "identity") {
        return Err(invalid(format!("{whose} sent a compressed answer, which was not asked for")));
    }
    let media_type = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = matches!(media_type.as_str(), "application/json" | "text/json")
        || (media_type.starts_with("application/") && media_type.ends_with("+json"));
    if !json {
        let sent =
            if media_type.is_empty() { "no content type".to_owned() } else { format!("`{}`", clean(&media_type, &[])) };
        return Err(invalid(format!("{whose} sent {sent} instead of `application/json`; is its address right?")));
    }
    serde_json::from_slice(body).map_err(|error| {
        // serde_json's own words hold positions and our own texts, nothing of the body.
        invalid(format!("{whose} sent JSON that cannot be read: {error}"))
    })
}

/// What the provider said, where the answer has an `error`.
fn said(members: &Members, confidential: &[&str]) -> Option<ProviderError> {
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let error = match members.error.as_ref()? {
        Value::Null => return None,
        Value::String(error) => error.as_str(),
        _ => "unknown_error",
    };
    let (description, uri) = (text(&members.error_description), text(&members.error_uri));
    Some(ProviderError::new(error, description.as_deref(), uri.as_deref(), confidential))
}

/// The members of an answer, each at most once.
#[derive(Default)]
struct Members {
    access_token: Option<Value>,
    token_type: Option<Value>,
    expires_in: Option<Value>,
    refresh_token: Option<Value>,
    scope: Option<Value>,
    id_token: Option<Value>,
    error: Option<Value>,
    error_description: Option<Value>,
    error_uri: Option<Value>,
    other: Map<String, Value>,
}

impl Members {
    fn slot(&mut self, name: &str) -> Option<&mut Option<Value>> {
        Some(match name {
            "access_token" => &mut self.access_token,
            "token_type" => &mut self.token_type,
            "expires_in" => &mut self.expires_in,
            "refresh_token" => &mut self.refresh_token,
            "scope" => &mut self.scope,
            "id_token" => &mut self.id_token,
            "error" => &mut self.error,
            "error_description" => &mut self.error_description,
            "error_uri" => &mut self.error_uri,
            _ => return None,
        })
    }

    fn into_token(mut self, expected: &Expected<'_>) -> Result<Token, Error> {
        let rules = expected.rules;
        let access_token = required_token(self.access_token, "access_token")?;
        let token_type = token_type(self.token_type, rules)?;
        let refresh_token = optional_token(self.refresh_token, "refresh_token")?;
        let id_token = optional_token(self.id_token, "id_token")?;
        let scopes = match self.scope {
            None | Some(Value::Null) => expected.scopes.clone(),
            Some(Value::String(text)) => Scopes::split(&text, rules.scope_separator),
            Some(_) => return Err(broken("the response has a `scope` that is no string")),
        };
        let name = rules.names.name("expires_in").unwrap_or("expires_in");
        let expires = match name {
            "expires_in" => self.expires_in,
            other => self.other.remove(other),
        };
        let lifetime = expires.map_or(Ok(None), |value| lifetime(&value, name))?;
        // A provider that repeats what it was sent does not get it into the token.
        let repeats = |value: &Value| value.as_str().is_some_and(|text| expected.confidential.contains(&text));
        self.other.retain(|name, value| name != "client_secret" && !repeats(value));
        Ok(Token::new(Data {
            access_token,
            token_type,
            expires_at: lifetime.and_then(expiry),
            refresh_token,
            scopes,
            id_token,
            extra: self.other,
        }))
    }
}

fn required_token(value: Option<Value>, name: &str) -> Result<Secret, Error> {
    optional_token(value, name)?.ok_or_else(|| broken(format!("the response has no `{name}`")))
}

fn optional_token(value: Option<Value>, name: &str) -> Result<Option<Secret>, Error> {
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

/// RFC 6749 section 7.1: a token of a type that the client does not understand must not be used.
fn token_type(value: Option<Value>, rules: &ResponseRules) -> Result<String, Error> {
    match (value, &rules.token_type) {
        (Some(Value::String(text)), _) if text.eq_ignore_ascii_case("bearer") => Ok("Bearer".to_owned()),
        (None | Some(Value::Null), Some(declared)) => Ok(declared.clone()),
        (None | Some(Value::Null), None) => Err(broken(
            "the response has no `token_type`; if this provider leaves it out, declare `token_response(token_type = \"Bearer\")`",
        )),
        (Some(Value::String(text)), _) => {
            Err(broken(format!("the response has the token type `{}`; only `Bearer` can be sent", clean(&text, &[]))))
        }
        (Some(_), _) => Err(broken("the response has a `token_type` that is no string")),
    }
}

/// The end of a token that was just received, in whole seconds: so it is stored, and a token that was stored and loaded
/// equals the one that was returned.
fn expiry(lifetime: Duration) -> Option<SystemTime> {
    let end = SystemTime::now().checked_add(lifetime)?;
    UNIX_EPOCH.checked_add(Duration::from_secs(unix(end)))
}

/// `expires_in` in seconds: an integer, an integral fraction, or either as text, which some providers send.
fn lifetime(value: &Value, name: &str) -> Result<Option<Duration>, Error> {
    let seconds = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => match (number.as_u64(), number.as_f64()) {
            (Some(seconds), _) => Some(seconds),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "`as` saturates, and the cap follows"
            )]
            (None, Some(float)) if float >= 0.0 && float.fract() == 0.0 => Some(float as u64),
            _ => None,
        },
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            // Only digits: what does not fit is simply large.
            Some(text.parse().unwrap_or(u64::MAX))
        }
        _ => None,
    };
    match seconds {
        Some(seconds) => Ok(Some(Duration::from_secs(seconds.min(MAX_LIFETIME)))),
        None => Err(broken(format!("the response has an `{name}` that is no number of seconds"))),
    }
}

impl<'de> de::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    let value = map.next_value()?;
                    let repeated = match members.slot(&name) {
                        Some(slot) => slot.replace(value).is_some(),
                        None => members.other.insert(name.to_string(), value).is_some(),
                    };
                    if repeated {
                        return Err(de::Error::custom("a member occurs twice"));
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> ResponseRules {
        ResponseRules { scope_separator: ' ', ..ResponseRules::default() }
    }

    fn read(rules: &ResponseRules, status: u16, content_type: &str, body: &str) -> Result<Token, Error> {
        let mut response = http::Response::builder().status(status);
        if !content_type.is_empty() {
            response = response.header("content-type", content_type);
        }
        let scopes = Scopes::new(["asked"]).unwrap();
        let expected = Expected { rules, scopes: &scopes, confidential: &["s3cret-code"] };
        read_token(response.body(body.as_bytes().to_vec().into()).unwrap(), &expected)
    }

    fn ok(body: &str) -> Token {
        read(&rules(), 200, "application/json", body).unwrap()
    }

    #[test]
    fn an_ordinary_response() {
        let token = ok(
            r#"{"access_token":"a","token_type":"bearer","expires_in":3600,"refresh_token":"r","scope":"b c","team":{"id":1}}"#,
        );
        assert_eq!(token.access_token().expose(), "a");
        assert_eq!(token.token_type(), "Bearer");
        assert_eq!(token.refresh_token().unwrap().expose(), "r");
        assert_eq!(token.scopes(), &Scopes::new(["b", "c"]).unwrap());
        assert_eq!(token.extra("team").unwrap()["id"], 1);
        let left = token.expires_at().unwrap().duration_since(SystemTime::now()).unwrap().as_secs();
        assert!((3598..=3600).contains(&left));
        assert_eq!(Token::from_json(&token.expose_json()).unwrap(), token);
    }

    #[test]
    fn the_scope_that_was_granted() {
        let scope =
            |member: &str| ok(&format!(r#"{{"access_token":"a","token_type":"Bearer"{member}}}"#)).scopes().join(" ");
        assert_eq!(scope(""), "asked");
        assert_eq!(scope(r#","scope":null"#), "asked");
        assert_eq!(scope(r#","scope":"""#), "", "an empty scope is none, never everything");
        assert_eq!(scope(r#","scope":" b  b c""#), "b c");
        let comma = ResponseRules { scope_separator: ',', ..rules() };
        let token =
            read(&comma, 200, "application/json", r#"{"access_token":"a","token_type":"bearer","scope":"b,c"}"#);
        assert_eq!(token.unwrap().scopes().join(" "), "b c");
    }

    #[test]
    fn lifetimes() {
        let read = |value: &str| {
            let body = format!(r#"{{"access_token":"a","token_type":"Bearer","expires_in":{value}}}"#);
            read(&rules(), 200, "application/json", &body).map(|token| {
                token.expires_at().map(|end| end.duration_since(SystemTime::now()).unwrap_or_default().as_secs())
            })
        };
        let near = |value: &str, seconds: u64| {
            let left = read(value).unwrap().unwrap();
            assert!(left <= seconds && left + 2 >= seconds, "{value}: {left}");
        };
        near("3600", 3600);
        near("3600.0", 3600);
        near("1e3", 1000);
        near("\"3600\"", 3600);
        near("0", 0);
        for huge in [
            "2147483648",
            "9007199254740993",
            "9223372036854775808",
            "18446744073709551615",
            "\"99999999999999999999999\"",
        ] {
            near(huge, MAX_LIFETIME);
        }
        assert_eq!(read("null").unwrap(), None);
        for wrong in ["-1", "3599.5", "true", "[]", "\"abc\"", "\"\"", "\" 3600\"", "\"0x10\"", "-9223372036854775808"]
        {
            assert_eq!(read(wrong).unwrap_err().kind(), ErrorKind::TokenResponse, "{wrong}");
        }
    }

    #[test]
    fn declared_deviations() {
        let rules = ResponseRules { token_type: Some("Bearer".to_owned()), expires: "expires".to_owned(), ..rules() };
        let token = read(&rules, 200, "application/json", r#"{"access_token":"a","expires":60}"#).unwrap();
        assert!(token.expires_at().is_some() && token.token_type() == "Bearer");
    }

    #[test]
    fn hostile_bodies() {
        use ErrorKind::{Provider, Response, TokenResponse};
        let deep = format!("{{\"access_token\":\"a\",\"token_type\":\"bearer\",\"x\":{}", "[".repeat(100_000));
        let cases: &[(u16, &str, &str, ErrorKind)] = &[
            (200, "text/html", "<html>", Response),
            (200, "", r#"{"access_token":"a","token_type":"bearer"}"#, Response),
            (200, "application/json-evil", r#"{"access_token":"a","token_type":"bearer"}"#, Response),
            (200, "application/json", "", Response),
            (200, "application/json", "[]", Response),
            (200, "application/json", "{}x", Response),
            (200, "application/json", "\u{FEFF}{}", Response),
            (200, "application/json", &deep, Response),
            (200, "application/json", r#"{"access_token":"a","access_token":"b","token_type":"bearer"}"#, Response),
            (
                200,
                "application/json",
                r#"{"access_token":"a","\u0061ccess_token":"b","token_type":"bearer"}"#,
                Response,
            ),
            (200, "application/json", r#"{"access_token":"\ud800","token_type":"bearer"}"#, Response),
            (200, "application/json", "{}", TokenResponse),
            (200, "application/json", r#"{"Access_token":"a","token_type":"bearer"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":null,"token_type":"bearer"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"","token_type":"bearer"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":1,"token_type":"bearer"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"a b","token_type":"bearer"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"a\nb","token_type":"bearer"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"a"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"a","token_type":"mac"}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"a","token_type":"Bearer "}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"a","token_type":1}"#, TokenResponse),
            (200, "application/json", r#"{"access_token":"a","token_type":"bearer","scope":["a"]}"#, TokenResponse),
            (
                200,
                "application/json",
                r#"{"access_token":"a","token_type":"bearer","refresh_token":""}"#,
                TokenResponse,
            ),
            (200, "application/json", r#"{"access_token":"a","token_type":"bearer","error":"x"}"#, Provider),
            (200, "application/json", r#"{"error":"bad_verification_code"}"#, Provider),
            (200, "application/json", r#"{"error":{"message":"x"}}"#, Provider),
            (
                400,
                "application/json",
                r#"{"error":"invalid_grant","error_description":"s3cret-code is old"}"#,
                Provider,
            ),
            (401, "application/json", "", Response),
            (302, "text/html", "", Response),
            (201, "application/json", r#"{"access_token":"a","token_type":"bearer"}"#, Response),
            (500, "text/html", "<html>s3cret-code", Response),
        ];
        for (status, content_type, body, kind) in cases {
            let error = read(&rules(), *status, content_type, body).expect_err(body);
            assert_eq!(error.kind(), *kind, "{body:.80} {error}");
            assert!(!format!("{error:?} {error}").contains("s3cret-code"), "{error:?}");
        }
    }

    #[test]
    fn what_the_provider_repeats_is_not_kept() {
        let token =
            ok(r#"{"access_token":"a","token_type":"bearer","client_secret":"x","code":"s3cret-code","ok":true}"#);
        assert_eq!((token.extra("client_secret"), token.extra("code")), (None, None));
        assert!(token.extra("ok").is_some());
    }

    #[test]
    fn a_missing_token_type_names_the_attribute() {
        let error = read(&rules(), 200, "application/json", r#"{"access_token":"a"}"#).unwrap_err();
        assert!(error.to_string().contains(r#"token_response(token_type = "Bearer")"#), "{error}");
    }
}
