//! What is read and what is refused: here without any declaration, below with one.

mod attributes;
mod deviations;

use super::{lifetime::MAX_LIFETIME, *};
use crate::provider::pasted;

const SECRETS: [&str; 3] = ["tok3n-secret", "refr3sh-secret", "s3cret-code"];
const JSON: &str = "application/json";

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
    let token = read(&comma, 200, "application/json", r#"{"access_token":"a","token_type":"bearer","scope":"b,c"}"#);
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
    for huge in
        ["2147483648", "9007199254740993", "9223372036854775808", "18446744073709551615", "\"99999999999999999999999\""]
    {
        near(huge, MAX_LIFETIME);
    }
    assert_eq!(read("null").unwrap(), None);
    for wrong in ["-1", "3599.5", "true", "[]", "\"abc\"", "\"\"", "\" 3600\"", "\"0x10\"", "-9223372036854775808"] {
        assert_eq!(read(wrong).unwrap_err().kind(), ErrorKind::TokenResponse, "{wrong}");
    }
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
        (200, "application/json", r#"{"access_token":"a","\u0061ccess_token":"b","token_type":"bearer"}"#, Response),
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
        (200, "application/json", r#"{"access_token":"a","token_type":"bearer","refresh_token":""}"#, TokenResponse),
        (200, "application/json", r#"{"access_token":"a","token_type":"bearer","error":"x"}"#, Provider),
        (200, "application/json", r#"{"error":"bad_verification_code"}"#, Provider),
        (200, "application/json", r#"{"error":{"message":"x"}}"#, Provider),
        (400, "application/json", r#"{"error":"invalid_grant","error_description":"s3cret-code is old"}"#, Provider),
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

/// RFC 6749 section 5.2, and what is not registered.
#[test]
fn each_error_keeps_its_code() {
    for status in [400, 401] {
        for code in [
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope",
            "made.up by_them!",
        ] {
            let body = format!(r#"{{"error":"{code}","error_description":"why","error_uri":"https://x.example/"}}"#);
            let error = read(&rules(), status, JSON, &body).unwrap_err();
            let said = error.provider().unwrap();
            assert_eq!((error.kind(), error.status(), said.error()), (ErrorKind::Provider, Some(status), code));
            assert_eq!((said.error_description(), said.error_uri()), (Some("why"), Some("https://x.example/")));
        }
    }
}

#[test]
fn what_the_provider_repeats_is_not_kept() {
    let token = ok(r#"{"access_token":"a","token_type":"bearer","client_secret":"x","code":"s3cret-code","ok":true}"#);
    assert_eq!((token.extra("client_secret"), token.extra("code")), (None, None));
    assert!(token.extra("ok").is_some());
}

#[test]
fn a_missing_token_type_names_the_attribute() {
    let error = read(&rules(), 200, "application/json", r#"{"access_token":"a"}"#).unwrap_err();
    assert!(error.to_string().contains(r#"token_response(token_type = "Bearer")"#), "{error}");
}

/// A body, in which `UNIX`, `MILLIS` and `DATE` are the time an hour from now.
fn body(text: &str) -> String {
    let end = SystemTime::now() + Duration::from_secs(3600);
    let seconds = crate::authorization::unix(end);
    text.replace("UNIX", &seconds.to_string())
        .replace("MILLIS", &format!("{}000", seconds))
        .replace("DATE", &humantime::format_rfc3339_seconds(end).to_string())
}

fn answer(declared: &str, status: u16, content_type: &str, text: &str) -> Result<Token, Error> {
    let response = http::Response::builder().status(status).header("content-type", content_type);
    let scopes = Scopes::new(["asked"]).unwrap();
    let rules = pasted::rules(declared).response;
    let expected = Expected { rules: &rules, scopes: &scopes, confidential: &["s3cret-code"] };
    let result = read_token(response.body(body(text).into_bytes().into()).unwrap(), &expected);
    if let Err(error) = &result {
        let shown = format!("{error} {error:?}");
        assert!(!SECRETS.iter().any(|secret| shown.contains(secret)), "{shown}");
    }
    result
}

/// Everything about a token in one line; the usual left out.
fn show(token: &Token) -> String {
    let left = |end: SystemTime| {
        let left = end.duration_since(SystemTime::now()).unwrap_or_default().as_secs();
        left.div_ceil(10) * 10
    };
    let mut parts = vec![token.access_token().expose().to_owned()];
    parts.extend((token.token_type() != "Bearer").then(|| token.token_type().to_owned()));
    parts.extend(token.expires_at().map(|end| format!("ends {}", left(end))));
    parts.extend(token.refresh_token().map(|token| format!("refresh {}", token.expose())));
    parts.extend(token.refresh_token_expires_at().map(|end| format!("refresh ends {}", left(end))));
    let scopes = token.scopes().join(" ");
    parts.extend((scopes != "asked").then(|| format!("scope {scopes}")));
    parts.extend(token.extras().iter().map(|(name, value)| format!("{name}={value}")));
    assert_eq!(&Token::from_json(&token.expose_json()).unwrap(), token);
    parts.join("; ")
}

/// A token, or the kind of an error and what the provider said.
fn described(result: &Result<Token, Error>) -> String {
    match result {
        Ok(token) => show(token),
        Err(error) => {
            let said = error.provider().map(ToString::to_string).unwrap_or_default();
            format!("{} {said}", error.kind().code()).trim().to_owned()
        }
    }
}

fn table(cases: &[(&str, u16, &str, &str, &str)]) {
    for (declared, status, content_type, text, expected) in cases {
        let token = answer(declared, *status, content_type, text);
        assert_eq!(described(&token), *expected, "{declared} {text}\n{token:?}");
    }
}
