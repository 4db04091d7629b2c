//! Each value by its own grammar.

use super::{Declaration, Entry, Report, Subject, violation};
use crate::{
    Rule,
    language::{Endpoint, Grammar, Kind},
    suggest::nearest,
    text, uri,
};

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    for (index, entry) in d.entries.iter().enumerate() {
        one(d, index, entry, report);
    }
}

fn one(d: &Declaration<'_>, index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    let (key, value) = (entry.key.name, Subject::Value(index));
    if let Kind::Map(_) = entry.key.kind {
        name(index, entry, report);
    }
    let Some(text) = entry.value.text() else { return };
    if let Some((page, route)) = route(key, text) {
        return report(
            value,
            format_args!("`{key}` has a route behind its `#`"),
            format_args!("{key} = {page:?}, authorize(fragment = \"{route}?\")"),
        );
    }
    match entry.key.kind {
        Kind::Text(Grammar::Path) => match uri::path(text) {
            Err(v) if v.rule() == Rule::AbsoluteUrl => {
                let url = Endpoint::ALL.iter().find(|e| e.path_key() == Some(key)).map_or(key, |e| e.url_key());
                report(value, format_args!("`{key}` is a whole URL"), format_args!("{url} = {text:?}"));
            }
            checked => violation(value, key, text, checked, report),
        },
        Kind::Text(Grammar::Endpoint) if text.starts_with('/') => {
            match Endpoint::ALL.iter().find(|e| e.url_key() == key).and_then(|e| e.path_key()) {
                Some(path) => report(value, format_args!("`{key}` is a path"), format_args!("{path} = {text:?}")),
                None => violation(value, key, text, uri::endpoint(text), report),
            }
        }
        Kind::Text(Grammar::RedirectUri) if d.has("opaque_redirect_uri") => {
            violation(value, key, text, text::line(text), report);
        }
        Kind::Text(grammar) => violation(value, key, text, grammar.check(text), report),
        Kind::Names(grammar) => {
            violation(value, key, text, grammar.check(text), report);
            let earlier = d
                .entries
                .iter()
                .take(index)
                .any(|earlier| (earlier.group, earlier.key.name, earlier.value) == (entry.group, key, entry.value));
            if earlier {
                report(value, format_args!("`{text}` is given twice"), format_args!("remove one"));
            }
        }
        Kind::Map(grammar) => violation(value, entry.name, text, grammar.check(text), report),
        Kind::Word(words) => word(value, key, text, words, report),
        Kind::Number(most) => number(value, key, text, most, entry.key.example, report),
        _ => {}
    }
}

/// An authorization page that is a program in the browser finds its way by the fragment: the page, and the route.
fn route<'a>(key: &str, text: &'a str) -> Option<(&'a str, &'a str)> {
    let (page, route) = text.split_once('#')?;
    let known = matches!(key, "authorization_path" | "authorization_endpoint");
    (known && route.trim_start_matches('!').starts_with('/')).then_some((page, route.trim_end_matches('?')))
}

fn name(index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    if entry.name.is_empty() {
        return report(
            Subject::Name(index),
            format_args!("a name in `{}` is empty", entry.key.name),
            format_args!("{}", entry.key.example),
        );
    }
    if entry.key.name == "placeholders" && !uri::is_placeholder(entry.name) {
        return report(
            Subject::Name(index),
            format_args!("`{}` cannot be the name of a placeholder", entry.name),
            format_args!("use letters, digits and `_`"),
        );
    }
    let checked = match entry.key.name {
        "headers" => text::header_name(entry.name),
        _ => text::parameter_name(entry.name),
    };
    violation(Subject::Name(index), entry.name, entry.name, checked, report);
}

/// What others say for a word.
const SYNONYMS: &[(&str, &str, &str)] = &[
    ("client_auth", "body", "client_secret_post"),
    ("client_auth", "request_body", "client_secret_post"),
    ("client_auth", "params", "client_secret_post"),
    ("client_auth", "form", "client_secret_post"),
    ("client_auth", "header", "client_secret_basic"),
    ("client_auth", "basic_auth", "client_secret_basic"),
    ("client_auth", "public", "none"),
    ("client_auth", "mtls", "tls_client_auth"),
    ("pkce", "on", "s256"),
    ("pkce", "required", "s256"),
    ("pkce", "sha256", "s256"),
    ("pkce", "none", "off"),
    ("pkce", "disabled", "off"),
    ("post", "urlencoded", "form"),
    ("encoding", "urlencoded", "form"),
    ("expires_unit", "ms", "milliseconds"),
    ("expires_unit", "timestamp", "unix_time"),
    ("expires_unit", "epoch", "unix_time"),
    ("expires_unit", "iso8601", "date_time"),
    ("expires_unit", "rfc3339", "date_time"),
];

fn word(subject: Subject<'_>, key: &str, given: &str, words: &'static [&'static str], report: &mut Report<'_>) {
    if words.contains(&given) {
        return;
    }
    let message = format_args!("unknown `{key}` value `{given}`");
    // `basic` for `client_secret_basic`.
    let part = || words.iter().copied().find(|word| word.split('_').any(|part| part.eq_ignore_ascii_case(given)));
    let synonym = SYNONYMS.iter().find(|(of, other, _)| *of == key && other.eq_ignore_ascii_case(given));
    let meant = synonym.map(|(_, _, word)| *word);
    match meant.or_else(|| nearest(given, words.iter().copied())).or_else(part) {
        Some(word) => report(subject, message, format_args!("did you mean `{key} = {word}`?")),
        None => report(subject, message, format_args!("{}", Choices(key, words))),
    }
}

struct Choices<'a>(&'a str, &'a [&'a str]);

impl core::fmt::Display for Choices<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (index, word) in self.1.iter().enumerate() {
            let before = if index == 0 { "write" } else { " or" };
            write!(f, "{before} `{} = {word}`", self.0)?;
        }
        Ok(())
    }
}

fn number(subject: Subject<'_>, key: &str, given: &str, most: u64, example: &str, report: &mut Report<'_>) {
    let message = match given.parse::<u64>() {
        Ok(0) => "is zero",
        Ok(number) if number <= most => return,
        Ok(_) => "is too large",
        Err(_) => "is no whole number",
    };
    report(subject, format_args!("`{key}` {message}: at least 1, at most {most}"), format_args!("{example}"));
}
