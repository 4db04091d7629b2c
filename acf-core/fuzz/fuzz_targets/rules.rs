//! Any text by every rule: never a panic, a position that lies in the text and between two characters, a sentence that
//! quotes no more than one character, and rules that agree with one another.
//!
//! `cd acf-core && cargo +nightly fuzz run -s none rules`

#![no_main]

use acf_rules::{Checked, text, uri};
use libfuzzer_sys::fuzz_target;

const RULES: &[(&str, fn(&str) -> Checked)] = &[
    ("base_uri", uri::base_uri),
    ("endpoint", uri::endpoint),
    ("page", uri::page),
    ("canonical", uri::canonical),
    ("path", uri::path),
    ("issuer", uri::issuer),
    ("redirect_uri", uri::redirect_uri),
    ("host", uri::host),
    ("host_label", uri::host_label),
    ("scope_token", text::scope_token),
    ("scope_separator", text::scope_separator),
    ("parameter_name", text::parameter_name),
    ("header_name", text::header_name),
    ("header_value", text::header_value),
    ("line", text::line),
    ("value", text::value),
    ("member", text::member),
    ("fragment", text::fragment),
    ("credential", text::credential),
    ("client_id", text::client_id),
    ("secret", text::secret),
    ("token", text::token),
    ("identifier", text::identifier),
    ("error_code", text::error_code),
    ("local_path", text::local_path),
];

/// What the first rule accepts, the second does, too.
const IMPLIES: &[(fn(&str) -> Checked, fn(&str) -> Checked)] = &[
    (uri::base_uri, uri::endpoint),
    (uri::base_uri, uri::issuer),
    (uri::base_uri, uri::page),
    (uri::endpoint, uri::page),
    (uri::issuer, uri::page),
    (uri::canonical, uri::page),
    (uri::host_label, uri::host),
    (uri::endpoint, text::line),
    (uri::redirect_uri, text::line),
    (uri::path, text::line),
    (uri::page, text::line),
    (text::scope_token, text::token),
    (text::scope_token, text::error_code),
    (text::client_id, text::credential),
    (text::credential, text::secret),
    (text::token, text::credential),
    (text::token, text::header_value),
    (text::identifier, text::parameter_name),
    (text::header_name, text::header_value),
    (text::line, text::value),
];

fuzz_target!(|text: &str| {
    for (name, rule) in RULES {
        if let Err(violation) = rule(text) {
            let at = violation.at();
            assert!(at <= text.len() && text.is_char_boundary(at), "{name} {at} {text:?}");
            let sentence = violation.explain(name, text).to_string();
            assert!(sentence.len() < 200 && !sentence.chars().any(char::is_control), "{sentence}");
        }
    }
    for (index, (narrow, wide)) in IMPLIES.iter().enumerate() {
        assert!(narrow(text).is_err() || wide(text).is_ok(), "{index} {text:?}");
    }
    for separator in [" ", ",", "+"] {
        let narrow = text::scope_in_list(text, separator);
        assert!(narrow.is_err() || text::scope_token(text).is_ok());
        if let Err(violation) = narrow {
            assert!(text.is_char_boundary(violation.at()) && violation.at() <= text.len());
        }
    }
    // A path that is joined to a base makes an endpoint.
    if uri::path(text).is_ok() {
        assert!(uri::endpoint(&format!("https://a.example{text}")).is_ok(), "{text:?}");
    }
    if uri::host(text).is_ok() {
        assert!(uri::base_uri(&format!("https://{text}")).is_ok(), "{text:?}");
    }
    if uri::host_label(text).is_ok() {
        assert!(uri::base_uri(&format!("https://{text}.a.example/b")).is_ok(), "{text:?}");
    }
});
