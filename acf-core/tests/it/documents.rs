//! Metadata of an issuer, sound and otherwise: a table for tests, and for the fuzz target's seeds.

use acf_core::ErrorKind;
use serde_json::{Map, Value, json};

pub const ISSUER: &str = "https://login.example";

pub struct Case {
    pub text: String,
    /// The kind of error and a word of it; `None` where the document is believed.
    pub refused: Option<(ErrorKind, &'static str)>,
}

/// A document that is sound, with `changes`: `null` takes a member out.
pub fn document(issuer: &str, changes: &Value) -> String {
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "response_types_supported": ["code"],
    });
    let members: &mut Map<_, _> = document.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        members.insert(name.clone(), value.clone());
    }
    members.retain(|_, value| !value.is_null());
    document.to_string()
}

/// What is changed in a sound document, and what comes of it.
fn changed() -> Vec<(Value, Option<(ErrorKind, &'static str)>)> {
    use ErrorKind::{IssuerMismatch, Response};
    let response = |says| Some((Response, says));
    let mut cases = vec![
        (json!({}), None),
        (json!({"unknown": {"a": [1]}, "x_endpoint_y": 7, "claims_supported": "any"}), None),
        (json!({"token_endpoint": "https://elsewhere.example/t?x=1"}), None),
        (json!({"scopes_supported": [], "code_challenge_methods_supported": ["S512"]}), None),
        (json!({"mtls_endpoint_aliases": {"token_endpoint": "https://mtls.example/t", "other": 1}}), None),
        (json!({"op_policy_uri": "http://login.example/privacy"}), None),
        (
            json!({
                "grant_types_supported": ["client_credentials"],
                "authorization_endpoint": null,
                "response_types_supported": null,
            }),
            None,
        ),
        (json!({"grant_types_supported": ["implicit"], "token_endpoint": null}), None),
        (json!({"issuer": null}), response("`issuer`")),
        (json!({"issuer": 7}), response("`issuer`")),
        (json!({"authorization_endpoint": null}), response("no `authorization_endpoint`")),
        (json!({"token_endpoint": null}), response("no `token_endpoint`")),
        (json!({"response_types_supported": null}), response("no `response_types_supported`")),
        (json!({"response_types_supported": "code"}), response("list")),
        (json!({"scopes_supported": ["a", 7]}), response("list")),
        (json!({"grant_types_supported": {}}), response("list")),
        (json!({"token_endpoint_auth_methods_supported": [null]}), response("list")),
        (json!({"code_challenge_methods_supported": true}), response("list")),
        (json!({"authorization_response_iss_parameter_supported": "true"}), response("boolean")),
        (json!({"require_pushed_authorization_requests": 1}), response("boolean")),
        (json!({"mtls_endpoint_aliases": []}), response("object")),
        (
            json!({"mtls_endpoint_aliases": {"token_endpoint": "http://mtls.example"}}),
            response("mtls_endpoint_aliases"),
        ),
        (json!({"op_policy_uri": "javascript:alert(1)"}), response("web page")),
        (json!({"service_documentation": "file:///etc/passwd"}), response("web page")),
    ];
    for issuer in
        ["https://login.example/", "https://LOGIN.example", "https://login.example:443", "https://evil.example", ""]
    {
        cases.push((json!({"issuer": issuer}), Some((IssuerMismatch, "byte for byte"))));
    }
    for url in [
        "http://login.example/a",
        // Here, and so no business of an issuer elsewhere.
        "http://127.0.0.1/a",
        "http://localhost/a",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "/a",
        "",
        "https://user@login.example/a",
        "https://login.example/a#b",
        "https://login.example/../a",
        "https://login.example/a b",
        "https://login.example/a\nissuer=https://evil.example",
        "https://login.example/{client_secret}",
        "https://{client_id}.example/a",
    ] {
        // One that is used, one that is not, and one that nobody knows.
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint", "new_endpoint"] {
            cases.push((json!({name: url}), response(name)));
        }
    }
    cases
}

pub fn documents() -> Vec<Case> {
    let changed = changed().into_iter().map(|(changes, refused)| Case { text: document(ISSUER, &changes), refused });
    // As strict as a token response.
    let sound = document(ISSUER, &json!({}));
    let broken = [
        sound.replace('}', r#","issuer":"https://login.example"}"#),
        sound.replace('}', &format!(",\"x\":{}{}}}", "[".repeat(40), "]".repeat(40))),
        format!("[{sound}]"),
        sound.trim_end_matches('}').to_owned(),
        String::new(),
        "null".to_owned(),
    ];
    let broken = broken.into_iter().map(|text| Case { text, refused: Some((ErrorKind::Response, "JSON")) });
    changed.chain(broken).collect()
}
