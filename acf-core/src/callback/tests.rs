use std::sync::Mutex;

use super::*;
use crate::provider::pasted;

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

fn declared(declared: &str, text: &str) -> Result<Callback, Error> {
    Callback::parse(text, &pasted::rules(declared).callback, None)
}

/// What is in a callback in one line, or what is wrong with it.
fn show(callback: Result<Callback, Error>) -> String {
    let callback = match callback {
        Ok(callback) => callback,
        Err(error) => return error.kind().code().to_owned(),
    };
    let mut parts = vec![callback.state.to_string()];
    parts.extend(callback.code.map(|code| format!("code {}", *code)));
    parts.extend(callback.issuer.map(|issuer| format!("iss {issuer}")));
    parts.extend(callback.error.map(|error| format!("{} {error}", if callback.denied { "denied" } else { "error" })));
    parts.extend(callback.captured.iter().map(|(name, value)| format!("{name}={value}")));
    parts.join("; ")
}

#[test]
fn what_a_declaration_changes() {
    let code = r#"callback(rename(code = "auth_code"))"#;
    let all = r#"callback(rename(code = "c", state = "s", iss = "i", error = "e", error_description = "d", error_uri = "u"))"#;
    let capture = "callback(capture(realmId, user))";
    let denied = "callback(denied(user_cancelled_login, 200))";
    for (attribute, text, expected) in [
        (code, "auth_code=a&state=s", "s; code a"),
        (code, "auth_code=a&code=b&code=c&state=s", "s; code a"),
        (code, "auth_code=a&auth_code=a&state=s", "callback"),
        (code, "auth_code=a&auth%5fcode=a&state=s", "callback"),
        (code, "code=a&state=s", "callback"),
        (code, "auth_code=%zz&state=s", "callback"),
        (code, "auth_code=a%00&state=s", "callback"),
        (code, "auth_code=a&state=s&access_token=x", "callback"),
        (all, "c=a&s=b&i=https://x.example", "b; code a; iss https://x.example"),
        (all, "e=access_denied&d=No&s=b&state=x&error=y", "b; error access_denied (No)"),
        (all, "code=a&state=s", "state_missing"),
        (capture, "code=a&state=s&realmId=9%2B1&x=1", "s; code a; realmId=9+1"),
        (capture, "user=%7B%7D&code=a&state=s&realmId=1", "s; code a; user={}; realmId=1"),
        (capture, "code=a&state=s&realmId=1&realmId=1", "callback"),
        (capture, "code=a&state=s&realmId=1&realm%49d=", "callback"),
        (capture, "code=a&state=s&realmId=%ff", "callback"),
        (capture, "code=a&state=s&realmId=%0d%0a", "callback"),
        ("", "code=a&state=s&realmId=%ff&realmId=1", "s; code a"),
        (denied, "error=user_cancelled_login&state=s", "s; denied user_cancelled_login"),
        (denied, "error=200&state=s", "s; denied 200"),
        (denied, "error=server_error&state=s", "s; error server_error"),
        ("", "error=user_cancelled_login&state=s", "s; error user_cancelled_login"),
    ] {
        assert_eq!(show(declared(attribute, text)), expected, "{attribute} {text}");
    }
    for (length, expected) in [(2048, 2048), (2049, 0)] {
        let text = format!("code=a&state=s&realmId={}", "x".repeat(length));
        let captured = declared(capture, &text).map(|callback| callback.captured[0].1.len());
        assert_eq!(captured.unwrap_or_default(), expected);
    }
}

#[test]
fn an_error_names_what_would_accept_the_callback() {
    for (text, attribute, then) in [
        ("auth_code=a&state=s", r#"callback(rename(code = "auth_code"))"#, "s; code a"),
        ("state=s&spapi_oauth_code=a", r#"callback(rename(code = "spapi_oauth_code"))"#, "s; code a"),
        ("state=s&authorization_code=a", r#"callback(rename(code = "authorization_code"))"#, "s; code a"),
        ("state=s&error_code=200", r#"callback(rename(error = "error_code"))"#, "s; error 200"),
        (
            "state=s&error_code=200&error_message=No",
            r#"callback(rename(error = "error_code", error_description = "error_message"))"#,
            "s; error 200 (No)",
        ),
        ("state=s&error_reason=user_denied", r#"callback(rename(error = "error_reason"))"#, "s; error user_denied"),
        ("state=s&errorCode=417", r#"callback(rename(error = "errorCode"))"#, "s; error 417"),
        ("state=s&denied=yes", r#"callback(rename(error = "denied"))"#, "s; error yes"),
    ] {
        let error = parse(text).err().unwrap();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Callback, Some(attribute)), "{text}");
        assert!(error.to_string().ends_with(&format!(", declare `{attribute}`")), "{error}");
        assert_eq!(show(declared(attribute, text)), then, "{text}");
    }
    for text in ["state=s", "auth_code=a", "auth_code=&state=s", "state=s&Auth_Code=a", "state=s&error_message=x"] {
        assert_eq!(parse(text).err().unwrap().attribute(), None, "{text}");
    }
}

/// Writes down what it is given.
#[derive(Default)]
struct Noting(Mutex<Vec<String>>);

impl Hooks for Noting {
    fn callback(&self, params: &CallbackParams<'_>) -> Result<(), Error> {
        assert!(!format!("{params:?}").contains("s3cret"));
        let mut noted = self.0.lock().unwrap();
        noted.extend(params.iter().map(|(name, value)| format!("{name}={value}")));
        match params.get("hmac") {
            Some("wrong") => Err(Error::callback("the signature is wrong")),
            _ => Ok(()),
        }
    }
}

#[test]
fn a_hook_sees_every_parameter_first() {
    for (text, seen, expected) in [
        ("?b=2&code=s3cret&a=1+1&b=%33&state=s&flag", "b=2 code=s3cret a=1 1 b=3 state=s flag=", "s; code s3cret"),
        // Before anything else is looked at.
        ("code=a&code=b", "code=a code=b", "callback"),
        ("hmac=wrong", "hmac=wrong", "callback"),
        ("hmac=right", "hmac=right", "state_missing"),
        // What cannot be decoded cannot have been signed.
        ("code=a&state=s&x=%ff", "", "callback"),
        ("code=a&state=s&x=%0a", "", "callback"),
    ] {
        let hooks = Noting::default();
        let callback = Callback::parse(text, &CallbackRules::default(), Some(&hooks));
        assert_eq!(show(callback), expected, "{text}");
        assert_eq!(hooks.0.lock().unwrap().join(" "), seen, "{text}");
    }
    let many = format!("code=a&state=s{}", "&a=b".repeat(63));
    let hooks = Noting::default();
    assert!(Callback::parse(&many, &CallbackRules::default(), Some(&hooks)).is_err());
    assert!(hooks.0.lock().unwrap().is_empty(), "the limits come first");
}
