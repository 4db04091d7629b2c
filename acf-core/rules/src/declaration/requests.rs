//! The shapes of requests: parameters, headers, other names, and what is left out.

use super::{Declaration, Entry, Report, Source, Subject, endpoints, violation};
use crate::{
    language::{ClientAuth, Endpoint},
    suggest::nearest,
    text, uri,
};

/// What the flow itself puts into a request, and may be told to name otherwise or to leave out.
struct Shape {
    group: &'static str,
    sent: &'static [&'static str],
    omittable: &'static [&'static str],
}

const AUTHORIZE: Shape = Shape {
    group: "authorize",
    sent: &["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"],
    omittable: &["response_type", "redirect_uri", "scope"],
};

const TOKEN: Shape = Shape {
    group: "token",
    sent: &[
        "grant_type",
        "code",
        "redirect_uri",
        "client_id",
        "client_secret",
        "code_verifier",
        "client_assertion",
        "client_assertion_type",
    ],
    omittable: &["grant_type", "redirect_uri", "client_id"],
};

const SHAPES: &[Shape] = &[
    AUTHORIZE,
    TOKEN,
    Shape {
        group: "refresh",
        sent: &[
            "grant_type",
            "refresh_token",
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
        ],
        omittable: &["grant_type", "refresh_token", "client_id"],
    },
    Shape {
        group: "revoke",
        sent: &["token", "token_type_hint", "client_id", "client_secret", "client_assertion", "client_assertion_type"],
        omittable: &["token", "token_type_hint", "client_id"],
    },
    Shape { group: "userinfo", sent: &[], omittable: &[] },
    Shape { group: "api", sent: &[], omittable: &[] },
    Shape {
        group: "callback",
        sent: &["code", "state", "iss", "error", "error_description", "error_uri"],
        omittable: &[],
    },
    Shape {
        group: "token_response",
        sent: &["access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"],
        omittable: &[],
    },
];

/// Parameters that belong to the flow although it does not send them today.
const RESERVED_AUTHORIZE: &[&str] = &["request", "request_uri"];
const RESERVED_TOKEN: &[&str] = &["refresh_token", "device_code", "code", "code_verifier"];

/// What other grants send (RFC 6749 section 4.3, RFC 7523 section 2.1, RFC 8693 section 2.1).
const RESERVED_GRANTS: &[&str] = &[
    "scope",
    "username",
    "password",
    "assertion",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "requested_token_type",
];

/// Headers that the request itself sets (RFC 9110).
const RESERVED_HEADERS: &[&str] =
    &["content-type", "content-length", "transfer-encoding", "host", "connection", "accept-encoding", "cookie"];

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    // Most declarations shape no request.
    let shaped = d.entries.iter().any(|entry| !entry.group.is_empty());
    for shape in SHAPES.iter().filter(|_| shaped) {
        for (index, entry) in d.entries.iter().enumerate().filter(|(_, entry)| entry.group == shape.group) {
            match entry.key.name {
                "params" => param(d, shape, index, entry, report),
                "headers" => header(d, index, entry, report),
                "rename" => rename(d, shape, index, entry, report),
                "omit" => omit(shape, index, entry, report),
                "response_type" => response_type(index, entry, report),
                _ => {}
            }
            repeated(d, index, entry, report);
        }
    }
    for (index, entry) in d.all("", "placeholders") {
        repeated(d, index, entry, report);
    }
    needs_endpoint(d, "revoke", Endpoint::Revocation, report);
    needs_endpoint(d, "userinfo", Endpoint::Userinfo, report);
}

/// Checks a parameter that is added to one authorization request at run time. Each [`Subject`] is of no meaning.
pub fn check_authorize_param(name: &str, report: &mut Report<'_>) {
    let checked = text::parameter_name(name);
    if checked.is_err() {
        violation(Subject::Whole, name, name, checked, report);
    } else if let Some(why) = reserved(&AUTHORIZE, name) {
        overridden(Subject::Whole, "parameter", name, why, report);
    }
}

/// Checks a parameter that is added to one token request at run time. Each [`Subject`] is of no meaning.
pub fn check_token_param(name: &str, report: &mut Report<'_>) {
    let checked = text::parameter_name(name);
    if checked.is_err() {
        violation(Subject::Whole, name, name, checked, report);
    } else if TOKEN.sent.contains(&name) || RESERVED_TOKEN.contains(&name) || RESERVED_GRANTS.contains(&name) {
        overridden(Subject::Whole, "parameter", name, "remove it", report);
    }
}

fn overridden(subject: Subject<'_>, what: &str, name: &str, why: &str, report: &mut Report<'_>) {
    report(subject, format_args!("{what} `{name}` is set by the flow and cannot be overridden"), format_args!("{why}"));
}

/// Why a parameter may not be set, as the help; `None` where it may.
fn reserved(shape: &Shape, name: &str) -> Option<&'static str> {
    let sent = shape.sent.contains(&name);
    match (shape.group, name) {
        ("authorize", "client_secret") => {
            Some("it would stand in the browser's address bar; choose `client_auth` instead")
        }
        ("authorize", "scope") => Some("use the key `scope`"),
        ("authorize", "redirect_uri" | "client_id") => Some("use the field of that name"),
        ("authorize", "response_type") => Some("use the key `response_type` of `authorize(..)`"),
        ("authorize", "code_challenge_method") => Some("use the key `pkce`"),
        ("authorize", name) => (sent || RESERVED_AUTHORIZE.contains(&name)).then_some("remove it"),
        ("token" | "refresh" | "revoke", "client_id" | "client_secret") => Some("choose `client_auth` instead"),
        ("token" | "refresh", "grant_type") => Some("use the key `grant_type` of this group"),
        ("token" | "refresh", name) if RESERVED_TOKEN.contains(&name) => Some("remove it"),
        // What an assertion is sent in is free where no assertion is sent.
        (_, "client_assertion" | "client_assertion_type") => None,
        _ => sent.then_some("remove it"),
    }
}

fn param(d: &Declaration<'_>, shape: &Shape, index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    let name = entry.name;
    // Sent where the method of authentication does not: some providers want the identifier in any case.
    let itself = name == "client_id" && entry.value.text() == Some("{client_id}") && shape.group != "authorize";
    let assertion = name.starts_with("client_assertion") && sends_assertion(d, shape.group);
    // Some scripts are told by it what to do; only a JWT is the request object of RFC 9101.
    let word = |value: &str| !value.starts_with("ey") && !value.contains('{');
    let action = (shape.group, name) == ("authorize", "request") && entry.value.text().is_some_and(word);
    if let Some(why) = reserved(shape, name).or(assertion.then_some("remove it")).filter(|_| !itself && !action) {
        return overridden(Subject::Name(index), "parameter", name, why, report);
    }
    if (shape.group, name) == ("authorize", "nonce") {
        return report(
            Subject::Name(index),
            format_args!("`nonce` would be the same in every login"),
            format_args!("add a fresh one in `Hooks::authorize`, or with `.param(\"nonce\", ..)` after `begin(..)`"),
        );
    }
    if d.all(shape.group, "rename").any(|(_, renamed)| renamed.value.text() == Some(name))
        || (shape.group == "authorize" && d.text("", "scope_param") == Some(name))
    {
        overridden(Subject::Name(index), "parameter", name, "remove it", report);
    }
    if let (Some(value), "authorize") = (entry.value.text(), shape.group) {
        known_param(d, name, value, index, report);
    }
    if entry.value.text().is_some_and(is_encoded) {
        report(
            Subject::Value(index),
            format_args!("the value of `{name}` is percent-encoded already, and would be encoded again"),
            format_args!("write it plain"),
        );
    }
}

fn sends_assertion(d: &Declaration<'_>, group: &'static str) -> bool {
    let method = method(d, group).and_then(ClientAuth::from_name);
    matches!(method, Some(ClientAuth::PrivateKeyJwt | ClientAuth::ClientSecretJwt))
}

/// Parameters of RFC 6749's extensions and of OpenID Connect Core section 3.1.2.1, with what they may hold.
fn known_param(d: &Declaration<'_>, name: &str, value: &str, index: usize, report: &mut Report<'_>) {
    let subject = Subject::Value(index);
    match name {
        "prompt" => {
            const PROMPTS: &[&str] = &["none", "login", "consent", "select_account", "create"];
            let several = value.split(' ').count() > 1;
            if several && value.split(' ').any(|word| word == "none") {
                report(
                    subject,
                    format_args!("`prompt` value `none` excludes all others"),
                    format_args!("write \"none\" alone, or \"login consent\""),
                );
            }
            // Providers have words of their own; only what is nearly one of the known is a mistake.
            for word in value.split(' ').filter(|word| !PROMPTS.contains(word) && word.len() > 3) {
                if let Some(meant) = nearest(word, PROMPTS.iter().copied()) {
                    report(
                        subject,
                        format_args!("unknown `prompt` value `{word}`"),
                        format_args!("did you mean \"{meant}\"?"),
                    );
                }
            }
        }
        "max_age" if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) => report(
            subject,
            format_args!("`max_age` is a number of seconds, zero or more"),
            format_args!("max_age = \"3600\""),
        ),
        "response_mode" if value == "fragment" => report(
            subject,
            format_args!("a server never sees the fragment, and the code would be lost"),
            format_args!("response_mode = \"query\", or `callback(form_post)`"),
        ),
        "resource" if !value.contains("://") && !value.starts_with("urn:") && !value.contains('{') => report(
            subject,
            format_args!("`resource` must be an absolute URI (RFC 8707 section 2)"),
            format_args!("resource = \"https://api.forge.example/\""),
        ),
        "resource" if value.contains('#') => report(
            subject,
            format_args!("`resource` must not have a fragment (RFC 8707 section 2)"),
            format_args!("remove everything from the `#`"),
        ),
        _ => {}
    }
    if uri::placeholders(value).any(|used| used == "client_secret") && !d.placeholders.contains(&"client_secret") {
        report(
            subject,
            format_args!("the secret would stand in the browser's address bar"),
            format_args!("remove it; choose `client_auth` instead"),
        );
    }
}

/// Whether a value has an escape and is no URL, whose own escapes are right.
fn is_encoded(value: &str) -> bool {
    !value.contains("://")
        && value.split('%').skip(1).any(|rest| {
            let mut digits = rest.bytes();
            let mut hex = || digits.next().is_some_and(|b| b.is_ascii_hexdigit());
            hex() && hex()
        })
}

fn header(d: &Declaration<'_>, index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    let (name, value) = (entry.name, entry.value.text().unwrap_or_default());
    let subject = Subject::Name(index);
    if name.eq_ignore_ascii_case("authorization") {
        // Written out with a credential in it, and where no other method sends one.
        let template = uri::placeholders(value)
            .any(|used| matches!(used, "access_token" | "refresh_token" | "token" | "client_secret" | "id_token"));
        if !template {
            let why = match entry.group {
                "api" | "userinfo" => "write the token into it: Authorization = \"OAuth {access_token}\"",
                _ => "choose `client_auth` instead",
            };
            overridden(subject, "header", name, why, report);
        } else if matches!(entry.group, "token" | "refresh" | "revoke") && method(d, entry.group) != Some("none") {
            report(
                subject,
                format_args!("`{name}` and `client_auth` would both authenticate (RFC 6749 section 2.3)"),
                format_args!("add `client_auth = none` beside it"),
            );
        }
    } else if name.eq_ignore_ascii_case("content-type") {
        overridden(subject, "header", name, "choose `post` instead", report);
    } else if RESERVED_HEADERS.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
        overridden(subject, "header", name, "remove it", report);
    }
}

/// How the client authenticates in a request: by its own method, by the token request's, or as everywhere.
pub(super) fn method<'a>(d: &Declaration<'a>, group: &'static str) -> Option<&'a str> {
    let inherited = if matches!(group, "refresh" | "revoke") { d.text("token", "client_auth") } else { None };
    d.text(group, "client_auth").or(inherited).or(d.text("", "client_auth")).or_else(|| {
        let secret = d.has_role("client_secret") || d.has_role("signing_key") || d.has("client_auth");
        (!secret).then_some("none")
    })
}

fn rename(d: &Declaration<'_>, shape: &Shape, index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    let name = entry.name;
    // Members of an answer may well be read twice; parameters of one name cannot be told apart.
    let taken = entry.value.text().filter(|to| {
        let moved = d.all(shape.group, "rename").any(|(_, other)| other.name == *to)
            || d.all(shape.group, "omit").any(|(_, other)| other.value == entry.value);
        // What an assertion is sent in is free where no assertion is sent.
        let free = to.starts_with("client_assertion") && !sends_assertion(d, shape.group);
        *to != name && shape.sent.contains(to) && !moved && !free && shape.group != "token_response"
    });
    if !shape.sent.contains(&name) {
        let message = format_args!("`{}` has no parameter `{name}` to rename", shape.group);
        match nearest(name, shape.sent.iter().copied()) {
            Some(meant) => report(Subject::Name(index), message, format_args!("did you mean `{meant}`?")),
            None => report(Subject::Name(index), message, format_args!("known here: {}", Names(shape.sent))),
        }
    } else if entry.value == Source::Text(name) {
        report(
            Subject::Value(index),
            format_args!("`{name}` is called so anyway"),
            format_args!("remove it from `rename(..)`"),
        );
    } else if let Some(to) = taken {
        report(
            Subject::Value(index),
            format_args!("`{to}` is a parameter of its own, and two would have this name"),
            format_args!("give each its own name"),
        );
    }
}

fn omit(shape: &Shape, index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    let Some(name) = entry.value.text().filter(|name| !shape.omittable.contains(name)) else { return };
    let subject = Subject::Value(index);
    if !shape.sent.contains(&name) {
        let message = format_args!("`{}` sends no parameter `{name}`", shape.group);
        return match nearest(name, shape.omittable.iter().copied()) {
            Some(meant) => report(subject, message, format_args!("did you mean `{meant}`?")),
            None => report(subject, message, format_args!("known here: {}", Names(shape.omittable))),
        };
    }
    let why = match name {
        "state" => "it protects the login and is always sent",
        "code_challenge" | "code_challenge_method" | "code_verifier" => "write `pkce = off`",
        "client_secret" | "client_assertion" | "client_assertion_type" => "write `client_auth = none`",
        _ => "remove it: nothing works without it",
    };
    report(subject, format_args!("`{name}` cannot be left out"), format_args!("{why}"));
}

struct Names<'a>(&'a [&'a str]);

impl core::fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(f, "{before}`{name}`")?;
        }
        Ok(())
    }
}

/// RFC 9700 section 2.1.2: a token that comes through the browser can be stolen and replayed.
fn response_type(index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    let Some(text) = entry.value.text() else { return };
    if text.split(' ').any(|word| word == "token") || text == "id_token" {
        report(
            Subject::Value(index),
            format_args!("response type `{text}` would put the token into the browser's address bar"),
            format_args!("remove the key: the flow asks for a code"),
        );
    } else if text == "code" {
        report(Subject::Value(index), format_args!("`code` is asked for anyway"), format_args!("remove the key"));
    }
}

/// What the flow sends in the request of this group, by the names that it has here.
pub(super) fn sent(d: &Declaration<'_>, group: &'static str, name: &str) -> bool {
    let standard = d
        .all(group, "rename")
        .find(|(_, entry)| entry.value.text() == Some(name))
        .map_or(name, |(_, entry)| entry.name);
    let moved = standard == name && d.all(group, "rename").any(|(_, entry)| entry.name == name);
    let omitted = d.all(group, "omit").any(|(_, entry)| entry.value.text() == Some(standard));
    let shape = SHAPES.iter().find(|shape| shape.group == group);
    !moved && !omitted && shape.is_some_and(|shape| shape.sent.contains(&standard))
}

/// The same name twice in one map, or two parameters that end up with the same name.
fn repeated(d: &Declaration<'_>, index: usize, entry: &Entry<'_>, report: &mut Report<'_>) {
    let (key, name) = (entry.key.name, entry.name);
    if name.is_empty() {
        return;
    }
    let headers = key == "headers";
    let earlier = || d.all(entry.group, key).take_while(|(at, _)| *at < index).map(|(_, earlier)| earlier);
    let what = match key {
        "headers" => "header",
        "placeholders" => "placeholder",
        _ => "parameter",
    };
    if earlier().any(|e| e.name == name || (headers && e.name.eq_ignore_ascii_case(name))) {
        report(
            Subject::Name(index),
            format_args!("{what} `{name}` is given twice"),
            format_args!("keep one; several values go into one string"),
        );
    } else if key == "rename" && earlier().any(|e| e.value.text().is_some() && e.value == entry.value) {
        report(
            Subject::Value(index),
            format_args!("two parameters would have this name"),
            format_args!("give each its own name"),
        );
    }
}

fn needs_endpoint(d: &Declaration<'_>, group: &'static str, endpoint: Endpoint, report: &mut Report<'_>) {
    let shaped = d.entries.iter().position(|entry| entry.group == group);
    if let (Some(index), Some(path), false) = (shaped, endpoint.path_key(), endpoints::given(d, endpoint)) {
        report(
            Subject::Key(index),
            format_args!("`{group}(..)` shapes a request that has no endpoint"),
            format_args!("add `{path} = \"/..\"`, or `{} = \"https://..\"`", endpoint.url_key()),
        );
    }
}
