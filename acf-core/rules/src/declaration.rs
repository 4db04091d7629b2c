//! The rules of a whole provider declaration: each value by its grammar, and what the values must be to one another.
//!
//! The derive fills a [`Declaration`] from attributes, `acf_core::DefinitionBuilder` fills one at run time; both hand it
//! to [`check`] and get the same sentences. The derive maps each [`Subject`] to the token to underline.

mod words;

use core::fmt;

pub use self::words::{ClientAuth, Endpoint, Post};

use crate::{Checked, Rule, text, uri};

/// A value of a declaration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source<'a> {
    /// Not given.
    #[default]
    Absent,
    /// Given, and its text is known here.
    Text(&'a str),
    /// Given as a constant or a field: its text is checked where it becomes known.
    Elsewhere,
}

impl<'a> Source<'a> {
    /// Whether anything was given.
    pub const fn is_given(self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The text, where it is known here.
    pub const fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Elsewhere => None,
        }
    }
}

/// A declaration as far as the rules look at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declaration<'a> {
    /// `name`.
    pub name: Source<'a>,
    /// `docs`.
    pub docs: Source<'a>,
    /// `base_uri`.
    pub base_uri: Source<'a>,
    /// The path form of each endpoint, in the order of [`Endpoint::ALL`].
    pub paths: [Source<'a>; 5],
    /// The absolute form of each endpoint, in the order of [`Endpoint::ALL`].
    pub urls: [Source<'a>; 5],
    /// `issuer`.
    pub issuer: Source<'a>,
    /// The items of `scope`.
    pub scopes: &'a [Source<'a>],
    /// `scope_separator`.
    pub scope_separator: Source<'a>,
    /// `scope_param`.
    pub scope_param: Source<'a>,
    /// `client_auth`.
    pub client_auth: Option<ClientAuth>,
    /// `authorize(params(..))`.
    pub authorize_params: &'a [(&'a str, Source<'a>)],
    /// `token(params(..))`.
    pub token_params: &'a [(&'a str, Source<'a>)],
    /// `token(headers(..))`.
    pub token_headers: &'a [(&'a str, Source<'a>)],
    /// `token_response(token_type = ..)`.
    pub token_type: Source<'a>,
    /// `token_response(expires = ..)`.
    pub expires: Source<'a>,
    /// `token_response(scope_separator = ..)`.
    pub response_scope_separator: Source<'a>,
    /// Whether a field provides the client identifier.
    pub has_client_id: bool,
    /// Whether a field provides a client secret.
    pub has_client_secret: bool,
    /// Whether a field provides the redirect URI.
    pub has_redirect_uri: bool,
    /// The names of the fields that fill placeholders.
    pub placeholders: &'a [&'a str],
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The declaration as a whole: something is missing.
    Whole,
    /// The name of a key of the top level.
    Key(&'static str),
    /// The value of a key of the top level.
    Value(&'static str),
    /// An item of `scope`.
    Scope(usize),
    /// The name of an entry of `GROUP(LIST(..))`.
    EntryName(&'static str, &'static str, usize),
    /// The value of an entry of `GROUP(LIST(..))`.
    EntryValue(&'static str, &'static str, usize),
    /// The value of `GROUP(KEY = ..)`.
    GroupValue(&'static str, &'static str),
    /// The field that holds this role.
    Role(&'static str),
    /// The field that fills the placeholder of this index.
    Placeholder(usize),
}

/// Receives problems: what they are about, the message, and the help.
pub type Report<'r> = dyn FnMut(Subject, fmt::Arguments<'_>, fmt::Arguments<'_>) + 'r;

/// Parameters of the authorization request that the flow itself sets (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
const AUTHORIZE_RESERVED: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "request",
    "request_uri",
];

/// Parameters of the token request that the flow itself sets (RFC 6749 sections 4.1.3 and 6, RFC 7521, RFC 8628).
const TOKEN_RESERVED: &[&str] = &[
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "client_secret",
    "code_verifier",
    "refresh_token",
    "device_code",
    "client_assertion",
    "client_assertion_type",
];

/// Headers that the request itself sets (RFC 9110).
const HEADER_RESERVED: &[&str] = &[
    "authorization",
    "content-type",
    "content-length",
    "transfer-encoding",
    "host",
    "connection",
    "accept-encoding",
    "cookie",
];

/// Checks a declaration and reports every problem, values first, then what is missing.
pub fn check(declaration: &Declaration<'_>, report: &mut Report<'_>) {
    values(declaration, report);
    endpoints(declaration, report);
    scopes(declaration, report);
    entries("authorize", "params", declaration.authorize_params, authorize_reserved, report);
    entries("token", "params", declaration.token_params, token_reserved, report);
    entries("token", "headers", declaration.token_headers, header_reserved, report);
    placeholders(declaration, report);
    client(declaration, report);
}

/// Checks a parameter that is added to one authorization request at run time.
///
/// # Errors
/// The name is reserved by the flow, or is no parameter name; the sentence goes to `report`.
pub fn check_authorize_param(name: &str, report: &mut Report<'_>) {
    entries("authorize", "params", &[(name, Source::Elsewhere)], authorize_reserved, report);
}

fn violation(subject: Subject, name: &str, text: &str, checked: Checked, report: &mut Report<'_>) {
    if let Err(violation) = checked {
        report(subject, format_args!("{}", violation.explain(name, text)), format_args!("{}", violation.help()));
    }
}

fn values(d: &Declaration<'_>, report: &mut Report<'_>) {
    let mut one = |key: &'static str, source: Source<'_>, rule: fn(&str) -> Checked| {
        if let Some(text) = source.text() {
            violation(Subject::Value(key), key, text, rule(text), report);
        }
    };
    one("name", d.name, text::identifier);
    one("docs", d.docs, uri::endpoint);
    one("base_uri", d.base_uri, uri::base_uri);
    one("issuer", d.issuer, uri::issuer);
    one("scope_separator", d.scope_separator, text::scope_separator);
    one("scope_param", d.scope_param, text::parameter_name);
    let mut inner = |key: &'static str, source: Source<'_>, rule: fn(&str) -> Checked| {
        if let Some(text) = source.text() {
            violation(Subject::GroupValue("token_response", key), key, text, rule(text), report);
        }
    };
    inner("token_type", d.token_type, text::token);
    inner("expires", d.expires, text::parameter_name);
    inner("scope_separator", d.response_scope_separator, text::scope_separator);
    if let Some(text) = d.token_type.text().filter(|text| !text.eq_ignore_ascii_case("bearer")) {
        report(
            Subject::GroupValue("token_response", "token_type"),
            format_args!("token type `{text}` is not one this library can send"),
            format_args!("token_type = \"Bearer\""),
        );
    }
}

fn endpoints(d: &Declaration<'_>, report: &mut Report<'_>) {
    let mut uses_base = false;
    let forms = d.paths.iter().zip(&d.urls);
    for (endpoint, (path, url)) in Endpoint::ALL.iter().copied().zip(forms) {
        let (path_key, url_key) = (endpoint.path_key(), endpoint.url_key());
        uses_base |= path.is_given();
        if let Some(text) = path.text() {
            match uri::path(text) {
                Err(v) if v.rule() == Rule::AbsoluteUrl => report(
                    Subject::Value(path_key),
                    format_args!("`{path_key}` is a whole URL"),
                    format_args!("{url_key} = \"{text}\""),
                ),
                checked => violation(Subject::Value(path_key), path_key, text, checked, report),
            }
        }
        if let Some(text) = url.text() {
            if text.starts_with('/') {
                report(
                    Subject::Value(url_key),
                    format_args!("`{url_key}` is a path"),
                    format_args!("{path_key} = \"{text}\""),
                );
            } else {
                violation(Subject::Value(url_key), url_key, text, uri::endpoint(text), report);
            }
        }
        if path.is_given() && url.is_given() {
            report(
                Subject::Key(url_key),
                format_args!("the endpoint is given twice, as `{path_key}` and as `{url_key}`"),
                format_args!("keep one of the two"),
            );
        }
        if path.is_given() && !d.base_uri.is_given() {
            report(
                Subject::Key(path_key),
                format_args!("`{path_key}` needs a `base_uri`"),
                format_args!("add `base_uri = \"https://HOST\"`, or use `{url_key}`"),
            );
        }
        if endpoint.required() && !path.is_given() && !url.is_given() {
            report(
                Subject::Whole,
                format_args!("missing `{path_key}`"),
                format_args!("add `{path_key} = \"/..\"`, or `{url_key} = \"https://..\"`"),
            );
        }
    }
    if d.base_uri.is_given() && !uses_base && d.urls.iter().any(|url| url.is_given()) {
        report(
            Subject::Key("base_uri"),
            format_args!("`base_uri` is not used: every endpoint is a whole URL"),
            format_args!("remove `base_uri`"),
        );
    }
}

fn scopes(d: &Declaration<'_>, report: &mut Report<'_>) {
    let separator = d.scope_separator.text().filter(|text| text::scope_separator(text).is_ok()).unwrap_or(" ");
    for (index, scope) in d.scopes.iter().enumerate() {
        let Some(text) = scope.text() else { continue };
        let subject = Subject::Scope(index);
        match text::scope_in_list(text, separator) {
            Err(v) if v.rule() == Rule::SeveralScopes => {
                report(subject, format_args!("`{text}` holds several scopes"), format_args!("{}", v.help()));
            }
            Ok(()) if text.contains(',') && separator == " " => report(
                subject,
                format_args!("`{text}` would be sent as one scope"),
                format_args!("write scope(\"a\", \"b\"); if the provider wants commas, add `scope_separator = \",\"`"),
            ),
            Ok(()) if d.scopes.iter().take(index).any(|earlier| earlier == scope) => {
                report(subject, format_args!("scope `{text}` is given twice"), format_args!("remove one"));
            }
            checked => violation(subject, "scope", text, checked, report),
        }
    }
}

type Entries<'a> = &'a [(&'a str, Source<'a>)];

/// Why a name may not be set, as the end of the help line; `None` where it may.
type Reserved = fn(&str) -> Option<&'static str>;

fn authorize_reserved(name: &str) -> Option<&'static str> {
    match name {
        "client_secret" => Some("it would stand in the browser's address bar; choose `client_auth` instead"),
        "scope" => Some("use the key `scope`"),
        "redirect_uri" | "client_id" => Some("use the field of that name"),
        name if AUTHORIZE_RESERVED.contains(&name) => Some("remove it"),
        _ => None,
    }
}

fn token_reserved(name: &str) -> Option<&'static str> {
    match name {
        "client_id" | "client_secret" => Some("choose `client_auth` instead"),
        name if TOKEN_RESERVED.contains(&name) => Some("remove it"),
        _ => None,
    }
}

fn header_reserved(name: &str) -> Option<&'static str> {
    if name.eq_ignore_ascii_case("authorization") {
        return Some("choose `client_auth` instead");
    }
    if name.eq_ignore_ascii_case("content-type") {
        return Some("choose `post` instead");
    }
    HEADER_RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)).then_some("remove it")
}

fn entries(group: &'static str, list: &'static str, entries: Entries<'_>, reserved: Reserved, report: &mut Report<'_>) {
    let headers = list == "headers";
    let what = if headers { "header" } else { "parameter" };
    for (index, (name, value)) in entries.iter().enumerate() {
        let subject = Subject::EntryName(group, list, index);
        let grammar = if headers { text::header_name(name) } else { text::parameter_name(name) };
        if grammar.is_err() {
            violation(subject, name, name, grammar, report);
        } else if let Some(why) = reserved(name) {
            report(
                subject,
                format_args!("{what} `{name}` is set by the flow and cannot be overridden"),
                format_args!("{why}"),
            );
        } else if entries
            .iter()
            .take(index)
            .any(|(earlier, _)| earlier.eq_ignore_ascii_case(name) && (headers || earlier == name))
        {
            report(
                subject,
                format_args!("{what} `{name}` is given twice"),
                format_args!("keep one; several values go into one string"),
            );
        }
        if let (true, Some(text)) = (headers, value.text()) {
            violation(Subject::EntryValue(group, list, index), name, text, text::header_value(text), report);
        }
    }
}

fn placeholders(d: &Declaration<'_>, report: &mut Report<'_>) {
    let mut everything_known = d.base_uri != Source::Elsewhere;
    let keyed = Endpoint::ALL.iter().zip(d.paths.iter().zip(&d.urls));
    let templates = keyed
        .flat_map(|(endpoint, (path, url))| [(endpoint.path_key(), *path), (endpoint.url_key(), *url)])
        .chain([("base_uri", d.base_uri)]);
    for (key, source) in templates.clone() {
        everything_known &= source != Source::Elsewhere;
        for name in source.text().into_iter().flat_map(uri::placeholders) {
            // What is no name was reported as a brace that encloses none.
            if !d.placeholders.contains(&name) && uri::is_placeholder(name) {
                report(
                    Subject::Value(key),
                    format_args!("no field provides `{{{name}}}`"),
                    format_args!("add a field called `{name}`, or mark one with `#[oauth(param = {name})]`"),
                );
            }
        }
    }
    for (index, name) in d.placeholders.iter().enumerate() {
        let used = templates
            .clone()
            .filter_map(|(_, source)| source.text())
            .any(|text| uri::placeholders(text).any(|used| used == *name));
        if everything_known && !used {
            report(
                Subject::Placeholder(index),
                format_args!("no endpoint uses `{{{name}}}`"),
                format_args!("write `{{{name}}}` into `base_uri` or a path, or mark the field `#[oauth(skip)]`"),
            );
        }
    }
}

fn client(d: &Declaration<'_>, report: &mut Report<'_>) {
    match (d.client_auth, d.has_client_secret) {
        (Some(method), false) if method.needs_secret() => report(
            Subject::Value("client_auth"),
            format_args!("`{}` needs a client secret", method.name()),
            format_args!(
                "add a field `client_secret: ClientSecret`, or write `client_auth = none` for a public client"
            ),
        ),
        (Some(ClientAuth::None), true) => report(
            Subject::Role("client_secret"),
            format_args!("a public client (`client_auth = none`) has no secret"),
            format_args!("remove the field, or write the `client_auth` that the provider's page names"),
        ),
        (None, true) => report(
            Subject::Whole,
            format_args!("missing `client_auth`: how is the secret sent?"),
            format_args!(
                "add `client_auth = client_secret_basic` or `client_auth = client_secret_post`, whichever the provider's page names"
            ),
        ),
        _ => {}
    }
    if !d.has_client_id {
        report(
            Subject::Whole,
            format_args!("no field is the `client_id`"),
            format_args!("add a field `client_id: ClientId`, or mark one with `#[oauth(client_id)]`"),
        );
    }
    if !d.has_redirect_uri {
        report(
            Subject::Whole,
            format_args!("no field is the `redirect_uri`"),
            format_args!("add a field `redirect_uri: RedirectUri`, or mark one with `#[oauth(redirect_uri)]`"),
        );
    }
}

#[cfg(test)]
mod tests;
