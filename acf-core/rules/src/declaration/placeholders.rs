//! Placeholders: each has something that fills it, and each filler is used.

use super::{Declaration, Report, Source, Subject};
use crate::{
    language::{Endpoint, Grammar, Key, Kind},
    uri,
};

/// What the flow itself fills in: in every template, and in those of one request.
const EVERYWHERE: &[&str] = &["client_id", "redirect_uri"];

fn of_request(group: &str) -> &'static [&'static str] {
    match group {
        "token" => &["client_secret", "code", "scope", "state"],
        "refresh" => &["client_secret", "scope", "access_token", "refresh_token"],
        "revoke" => &["client_secret", "token", "access_token", "refresh_token"],
        "userinfo" | "api" => &["client_secret", "access_token", "id_token"],
        _ => &[],
    }
}

/// The name under which a member that is kept can be used: the last part of a pointer.
pub fn kept_name(member: &str) -> &str {
    member.rsplit('/').next().unwrap_or(member)
}

/// Whether the text of this key, in this group, may hold placeholders.
pub fn is_template(key: &'static Key, group: &'static str) -> bool {
    request_of(key, group).is_some()
}

/// The request that a template is for; `None` where an entry is no template.
fn request_of(key: &'static Key, group: &'static str) -> Option<&'static str> {
    match (key.kind, key.name) {
        (Kind::Map(Grammar::Value | Grammar::HeaderValue), _) => Some(group),
        (_, "grant_type") => Some(group),
        (Kind::Text(Grammar::BaseUri | Grammar::Issuer), _) => Some(""),
        (Kind::Text(Grammar::Path | Grammar::Endpoint), key) => {
            let is = |endpoint: Endpoint| key == endpoint.url_key() || endpoint.path_key() == Some(key);
            Some(match () {
                () if is(Endpoint::Revocation) || is(Endpoint::Introspection) => "revoke",
                () if is(Endpoint::Userinfo) => "userinfo",
                () => "",
            })
        }
        _ => None,
    }
}

/// Whether a request comes after the callback, and after the token.
fn learns(request: &str) -> (bool, bool) {
    let after_token = matches!(request, "refresh" | "revoke" | "userinfo" | "api");
    (after_token || request == "token", after_token)
}

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    let mut everything_known = true;
    for (index, entry) in d.entries.iter().enumerate() {
        let Some(request) = request_of(entry.key, entry.group) else { continue };
        let Some(text) = entry.value.text() else {
            everything_known = false;
            continue;
        };
        // What is no name was reported as a brace that encloses none, or is just text in braces.
        for name in uri::placeholders(text).filter(|name| uri::is_placeholder(name)) {
            if !is_filled(d, request, name) {
                missing(d, index, request, name, report);
            }
        }
    }
    if !everything_known {
        return;
    }
    for (index, name) in d.placeholders.iter().enumerate().filter(|(_, name)| !is_used(d, name)) {
        report(
            Subject::Placeholder(index),
            format_args!("no endpoint uses `{{{name}}}`"),
            format_args!("write `{{{name}}}` into `base_uri` or a path, or mark the field `#[oauth(skip)]`"),
        );
    }
    let wrong = |name: &str| uri::is_placeholder(name) && !is_used(d, name);
    for (index, entry) in d.all("", "placeholders").filter(|(_, entry)| wrong(entry.name)) {
        report(
            Subject::Name(index),
            format_args!("no endpoint uses `{{{}}}`", entry.name),
            format_args!("remove it, or write `{{{}}}` into `base_uri` or a path", entry.name),
        );
    }
}

fn missing(d: &Declaration<'_>, index: usize, request: &str, name: &str, report: &mut Report<'_>) {
    let subject = Subject::Value(index);
    if request == "authorize" && name == "client_secret" {
        return;
    }
    let (_, after_token) = learns(request);
    if is_listed(d, "callback", "capture", name) || is_listed(d, "token_response", "keep", name) {
        report(
            subject,
            format_args!("`{{{name}}}` is learned only after this is needed"),
            format_args!(
                "add a field called `{name}`; a token endpoint that the callback names is set in `Hooks::prepare`"
            ),
        );
    } else if after_token {
        report(
            subject,
            format_args!("nothing provides `{{{name}}}`"),
            format_args!("add a field called `{name}`, or if the token response has it `token_response(keep({name}))`"),
        );
    } else {
        report(
            subject,
            format_args!("no field provides `{{{name}}}`"),
            format_args!("add a field called `{name}`, or mark one with `#[oauth(param = {name})]`"),
        );
    }
}

fn is_filled(d: &Declaration<'_>, request: &str, name: &str) -> bool {
    let (after_callback, after_token) = learns(request);
    d.placeholders.contains(&name)
        || EVERYWHERE.contains(&name)
        || of_request(request).contains(&name)
        || d.all("", "placeholders").any(|(_, entry)| entry.name == name)
        || (after_callback && is_listed(d, "callback", "capture", name))
        || (after_token && is_listed(d, "token_response", "keep", name))
}

/// Whether a list of members or parameters to keep has this one. A constant may be any.
fn is_listed(d: &Declaration<'_>, group: &'static str, key: &'static str, name: &str) -> bool {
    d.all(group, key).any(|(_, entry)| match entry.value {
        Source::Text(text) => kept_name(text) == name,
        Source::Elsewhere => true,
    })
}

fn is_used(d: &Declaration<'_>, name: &str) -> bool {
    d.entries
        .iter()
        .filter(|entry| is_template(entry.key, entry.group))
        .filter_map(|entry| entry.value.text())
        .any(|text| uri::placeholders(text).any(|used| used == name))
}
