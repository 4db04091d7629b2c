//! How answers deviate.

use super::{Declaration, Report, Subject};

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    if let Some((index, text)) =
        known(d, "token_response", "token_type").filter(|(_, t)| !t.is_empty() && !t.eq_ignore_ascii_case("bearer"))
    {
        report(
            Subject::Value(index),
            format_args!("token type `{text}` is not one this library can send"),
            format_args!("token_type = \"Bearer\""),
        );
    }
    for group in ["token_response", "revoke"] {
        let Some((index, status)) = known(d, group, "status") else { continue };
        match status.parse::<u16>() {
            Ok(200) => report(
                Subject::Value(index),
                format_args!("`status = 200` is always a success"),
                format_args!("remove `status`"),
            ),
            Ok(1..200) => report(
                Subject::Value(index),
                format_args!("`status = {status}` is no success"),
                format_args!("write one from 201 to 299"),
            ),
            _ => {}
        }
    }
    let renamed = d.all("token_response", "rename").find(|(_, entry)| entry.name == "expires_in");
    twice(d, "expires", renamed.map(|(index, _)| index), "`expires` and `rename(expires_in = ..)`", report);
    let separator = d.one("token_response", "scope_separator").map(|(index, _)| index);
    twice(d, "scope_list", separator, "`scope_list` and `scope_separator`", report);
    let form = known(d, "token_response", "encoding").filter(|(_, text)| *text == "form").map(|(index, _)| index);
    twice(d, "path", form, "`path` and `encoding = form`", report);
    twice(d, "scope_list", form, "`scope_list` and `encoding = form`", report);

    if let Some((index, _)) = d.one("error", "ok").filter(|_| d.one("error", "path").is_none()) {
        report(
            Subject::Key(index),
            format_args!("`ok` says nothing without `path`"),
            format_args!("add the member that it is the text of: path = \"/status\""),
        );
    }
    if let (Some("never"), Some((index, _))) = (d.text("refresh", "rotates"), d.one("refresh", "reuse_grace")) {
        report(
            Subject::Key(index),
            format_args!("`reuse_grace` says nothing beside `rotates = never`"),
            format_args!("remove it"),
        );
    }
    if let (Some((index, _)), Some("query" | "fragment")) = (
        d.one("callback", "form_post"),
        d.all("authorize", "params").find(|(_, e)| e.name == "response_mode").and_then(|(_, e)| e.value.text()),
    ) {
        report(
            Subject::Key(index),
            format_args!("`form_post` contradicts the parameter `response_mode`"),
            format_args!("remove the parameter: `form_post` sends it"),
        );
    }
    if let Some((index, _)) = d.one("callback", "require_iss").filter(|_| !d.has("issuer") && !d.has_role("issuer")) {
        report(
            Subject::Key(index),
            format_args!("`require_iss` needs an `issuer` to compare with"),
            format_args!("add `issuer = \"https://..\"`, as the provider's metadata have it"),
        );
    }
    for (index, entry) in d.all("token_response", "keep") {
        if let Some(name) = entry.value.text().filter(|name| TOKEN.contains(name)) {
            report(
                Subject::Value(index),
                format_args!("`{name}` is kept anyway"),
                format_args!("remove it from `keep(..)`"),
            );
        }
    }
    for (index, entry) in d.all("callback", "capture") {
        if let Some(name) = entry.value.text().filter(|name| CALLBACK.contains(name)) {
            report(
                Subject::Value(index),
                format_args!("`{name}` is read by the flow and cannot be captured"),
                format_args!("remove it"),
            );
        }
    }
}

/// Members of the token response that are read by the flow.
const TOKEN: &[&str] = &["access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"];

/// Parameters of the callback that mean something to the flow.
const CALLBACK: &[&str] = &[
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "access_token",
    "id_token",
    "token",
    "response",
];

fn known<'a>(d: &Declaration<'a>, group: &'a str, key: &'a str) -> Option<(usize, &'a str)> {
    let (index, entry) = d.one(group, key)?;
    entry.value.text().map(|text| (index, text))
}

/// Two keys of the token response that exclude each other.
fn twice(d: &Declaration<'_>, key: &str, other: Option<usize>, both: &str, report: &mut Report<'_>) {
    if let (Some((index, _)), Some(_)) = (d.one("token_response", key), other) {
        report(Subject::Key(index), format_args!("{both} exclude each other"), format_args!("keep one of the two"));
    }
}
