extern crate std;
use super::*;
use std::{string::String, string::ToString, vec, vec::Vec};

fn sound() -> Declaration<'static> {
    let mut d = Declaration {
        base_uri: Source::Text("https://x.example"),
        client_auth: Some(ClientAuth::ClientSecretPost),
        has_client_id: true,
        has_client_secret: true,
        has_redirect_uri: true,
        ..Declaration::default()
    };
    d.paths[0] = Source::Text("/authorize");
    d.paths[1] = Source::Text("/token");
    d
}

fn problems(d: &Declaration<'_>) -> Vec<(Subject, String)> {
    let mut found = Vec::new();
    check(d, &mut |subject, message, _| found.push((subject, message.to_string())));
    found
}

#[test]
fn a_sound_declaration_has_no_problem() {
    assert_eq!(problems(&sound()), vec![]);
}

#[test]
fn nothing_given_lists_everything_missing() {
    let found = problems(&Declaration::default());
    let messages: Vec<_> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "missing `authorization_path`",
            "missing `access_token_path`",
            "no field is the `client_id`",
            "no field is the `redirect_uri`",
        ]
    );
}

#[test]
fn each_rule_names_its_subject() {
    use Subject::{EntryName, EntryValue, GroupValue, Key, Placeholder, Role, Scope, Value, Whole};
    type Edit = fn(&mut Declaration<'static>);
    let cases: &[(Edit, Subject, &str)] = &[
        (|d| d.base_uri = Source::Text("http://x.example"), Value("base_uri"), "`base_uri` must use https"),
        (|d| d.name = Source::Text("GitHub"), Value("name"), "`name` must be lower-case"),
        (|d| d.issuer = Source::Text("https://x.example?a"), Value("issuer"), "`issuer` must not have a query"),
        (|d| d.paths[0] = Source::Text("authorize"), Value("authorization_path"), "must begin with `/`"),
        (|d| d.paths[0] = Source::Text("https://x.example/a"), Value("authorization_path"), "is a whole URL"),
        (
            |d| {
                d.paths[1] = Source::Absent;
                d.urls[1] = Source::Text("/token");
            },
            Value("token_endpoint"),
            "is a path",
        ),
        (|d| d.urls[1] = Source::Text("https://x.example/t"), Key("token_endpoint"), "given twice"),
        (|d| d.base_uri = Source::Absent, Key("authorization_path"), "needs a `base_uri`"),
        (|d| d.paths[1] = Source::Absent, Whole, "missing `access_token_path`"),
        (
            |d| {
                d.paths = [Source::Absent; 5];
                d.urls[0] = Source::Text("https://x.example/a");
                d.urls[1] = Source::Text("https://x.example/t");
            },
            Key("base_uri"),
            "not used",
        ),
        (|d| d.scopes = &[Source::Text("a"), Source::Text("a\"")], Scope(1), "scope grammar"),
        (|d| d.scopes = &[Source::Text("a b")], Scope(0), "several scopes"),
        (|d| d.scopes = &[Source::Text("a,b")], Scope(0), "one scope"),
        (|d| d.scopes = &[Source::Text("a"), Source::Text("a")], Scope(1), "given twice"),
        (|d| d.scope_separator = Source::Text("ab"), Value("scope_separator"), "one punctuation character"),
        (
            |d| d.authorize_params = &[("state", Source::Elsewhere)],
            EntryName("authorize", "params", 0),
            "`state` is set by the flow",
        ),
        (
            |d| d.authorize_params = &[("a", Source::Elsewhere), ("a", Source::Elsewhere)],
            EntryName("authorize", "params", 1),
            "given twice",
        ),
        (|d| d.token_params = &[("grant_type", Source::Elsewhere)], EntryName("token", "params", 0), "set by the flow"),
        (
            |d| d.token_headers = &[("Authorization", Source::Elsewhere)],
            EntryName("token", "headers", 0),
            "set by the flow",
        ),
        (|d| d.token_headers = &[("X-A", Source::Text("a\nb"))], EntryValue("token", "headers", 0), "line break"),
        (|d| d.token_type = Source::Text("mac"), GroupValue("token_response", "token_type"), "token type `mac`"),
        (|d| d.paths[0] = Source::Text("/{tenant}/a"), Value("authorization_path"), "no field provides `{tenant}`"),
        (|d| d.placeholders = &["tenant"], Placeholder(0), "no endpoint uses `{tenant}`"),
        (|d| d.has_client_secret = false, Value("client_auth"), "needs a client secret"),
        (|d| d.client_auth = Some(ClientAuth::None), Role("client_secret"), "public client"),
        (|d| d.client_auth = None, Whole, "missing `client_auth`"),
        (|d| d.has_client_id = false, Whole, "no field is the `client_id`"),
        (|d| d.has_redirect_uri = false, Whole, "no field is the `redirect_uri`"),
    ];
    for (edit, subject, message) in cases {
        let mut d = sound();
        edit(&mut d);
        let found = problems(&d);
        assert!(
            found.iter().any(|(s, m)| s == subject && m.contains(message)),
            "{subject:?} {message:?} not in {found:?}"
        );
    }
}
