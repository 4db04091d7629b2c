//! Grammars of endpoints, paths and redirect URIs (RFC 3986, narrowed by RFC 6749, 8252, 8414 and 9700).
//!
//! A template is a URI or path with placeholders: `https://{shop}.myshopify.com`. Functions take templates where a
//! declaration may use them; [`placeholders`] lists what is inside.

pub(crate) mod scan;

use self::scan::*;
use crate::{Checked, Rule, byte, starts_with};

/// `scheme://HOST` and an optional path prefix, to which paths are joined. No query, no fragment, no trailing slash.
pub const fn base_uri(text: &str) -> Checked {
    let parts = tri!(absolute(text.as_bytes()));
    if let Some(at) = parts.fragment {
        return fail(Rule::Fragment, at);
    }
    if let Some(at) = parts.query {
        return fail(Rule::Query, at);
    }
    tri!(segments(text.as_bytes(), parts.path_start));
    let len = text.len();
    if byte(text.as_bytes(), len - 1) == b'/' {
        return fail(Rule::TrailingSlash, len - 1);
    }
    Ok(())
}

/// A whole endpoint URL. It may carry a query, to which the flow adds its parameters (RFC 6749 section 3.1).
pub const fn endpoint(text: &str) -> Checked {
    if byte(text.as_bytes(), 0) == b'/' {
        return fail(Rule::NoScheme, 0);
    }
    let parts = tri!(absolute(text.as_bytes()));
    match parts.fragment {
        Some(at) => fail(Rule::Fragment, at),
        None => segments(text.as_bytes(), parts.path_start),
    }
}

/// A page for people: https, with whatever query and fragment lead to the place.
pub const fn page(text: &str) -> Checked {
    match absolute(text.as_bytes()) {
        Ok(_) => Ok(()),
        Err(violation) => Err(violation),
    }
}

/// Whether an absolute URI is written as servers compare it: scheme and host in lower case, no default port
/// (RFC 3986 section 6.2). Asked of declarations only; what a user types in may be written in any way.
pub const fn canonical(text: &str) -> Checked {
    let bytes = text.as_bytes();
    let parts = tri!(absolute(bytes));
    let mut i = 0;
    let mut inside = false;
    while i < parts.path_start {
        match byte(bytes, i) {
            b'{' => inside = true,
            b'}' => inside = false,
            b if !inside && b.is_ascii_uppercase() => return fail(Rule::UpperCase, i),
            _ => {}
        }
        i += 1;
    }
    let https = starts_with(bytes, 0, "https:");
    if https && parts.path_start > 4 && exact(bytes, parts.path_start - 4, ":443") {
        return fail(Rule::DefaultPort, parts.path_start - 4);
    }
    Ok(())
}

/// A path that is joined to a [`base_uri`]. It may carry a query.
pub const fn path(text: &str) -> Checked {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return fail(Rule::Empty, 0);
    }
    if starts_with(bytes, 0, "https://") || starts_with(bytes, 0, "http://") {
        return fail(Rule::AbsoluteUrl, 0);
    }
    if byte(bytes, 0) != b'/' {
        return fail(Rule::RelativePath, 0);
    }
    match find(bytes, 0, b'#') {
        Some(at) => fail(Rule::Fragment, at),
        None => {
            tri!(characters(bytes, 0));
            segments(bytes, 0)
        }
    }
}

/// An issuer identifier (RFC 8414 section 2: https, neither query nor fragment; loopback http for development).
pub const fn issuer(text: &str) -> Checked {
    let parts = tri!(absolute(text.as_bytes()));
    if let Some(at) = parts.fragment {
        return fail(Rule::Fragment, at);
    }
    match parts.query {
        Some(at) => fail(Rule::Query, at),
        None => Ok(()),
    }
}

/// A redirect URI: https, loopback http (RFC 8252 section 7.3) or a reversed-domain scheme (section 7.1), absolute,
/// without fragment, without credentials, without wildcard; at most 2048 bytes, since it travels inside a URL.
pub const fn redirect_uri(text: &str) -> Checked {
    tri!(any_redirect_uri(text));
    // Behind the characters: now every position is one of a character.
    if text.len() > 2048 { fail(Rule::TooLong, 2048) } else { Ok(()) }
}

const fn any_redirect_uri(text: &str) -> Checked {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return fail(Rule::Empty, 0);
    }
    if starts_with(bytes, 0, "urn:") || equals(bytes, "oob") {
        return fail(Rule::OutOfBand, 0);
    }
    if let Some(at) = find(bytes, 0, b'*') {
        return fail(Rule::Wildcard, at);
    }
    if let Some(at) = find_either(bytes, b'{', b'}') {
        return fail(Rule::UriCharacter, at);
    }
    if starts_with(bytes, 0, "https:") || starts_with(bytes, 0, "http:") {
        let parts = tri!(absolute(bytes));
        return match parts.fragment {
            Some(at) => fail(Rule::Fragment, at),
            None => Ok(()),
        };
    }
    let colon = match scheme_end(bytes) {
        Some(colon) => colon,
        None => return fail(Rule::NoScheme, 0),
    };
    if let Some(at) = find(bytes, 0, b'#') {
        return fail(Rule::Fragment, at);
    }
    tri!(characters(bytes, colon));
    let mut i = 0;
    while i < colon {
        if byte(bytes, i) == b'.' {
            return Ok(());
        }
        i += 1;
    }
    if equals_prefix(bytes, colon, "javascript")
        || equals_prefix(bytes, colon, "data")
        || equals_prefix(bytes, colon, "file")
        || equals_prefix(bytes, colon, "blob")
        || equals_prefix(bytes, colon, "about")
        || equals_prefix(bytes, colon, "ftp")
        || equals_prefix(bytes, colon, "ws")
        || equals_prefix(bytes, colon, "wss")
    {
        return fail(Rule::Scheme, 0);
    }
    fail(Rule::PrivateScheme, 0)
}

/// Where a token is used (RFC 8707 section 2): an absolute URI without fragment, of any scheme.
pub const fn resource(text: &str) -> Checked {
    let bytes = text.as_bytes();
    let colon = match scheme_end(bytes) {
        Some(colon) => colon,
        None => return fail(if bytes.is_empty() { Rule::Empty } else { Rule::NoScheme }, 0),
    };
    if let Some(at) = find(bytes, 0, b'#') {
        return fail(Rule::Fragment, at);
    }
    if let Some(at) = find_either(bytes, b'{', b'}') {
        return fail(Rule::UriCharacter, at);
    }
    if colon + 1 == bytes.len() {
        return fail(Rule::NoHost, colon);
    }
    characters(bytes, colon)
}

/// A host name or address with an optional port: the value of a `Host` placeholder.
pub const fn host(text: &str) -> Checked {
    let bytes = text.as_bytes();
    let (end, next) = tri!(host_and_port(bytes, 0));
    if end == 0 {
        return fail(Rule::Empty, 0);
    }
    if find_either(bytes, b'{', b'}').is_some() || next != bytes.len() {
        return fail(Rule::HostCharacter, next);
    }
    // As in the address that it becomes a part of.
    unfilled(bytes)
}

/// One DNS label: the value of a `HostLabel` placeholder. It cannot carry `/`, `@` or a dot, so it cannot redirect a
/// request to somebody else's host.
pub const fn host_label(text: &str) -> Checked {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return fail(Rule::Empty, 0);
    }
    let mut i = 0;
    while i < bytes.len() {
        let b = byte(bytes, i);
        let edge = i == 0 || i + 1 == bytes.len();
        if !(b.is_ascii_alphanumeric() || (b == b'-' && !edge)) {
            return fail(Rule::HostCharacter, i);
        }
        i += 1;
    }
    // Behind the characters: now every position is one of a character.
    if bytes.len() > 63 {
        return fail(Rule::TooLong, 63);
    }
    unfilled(bytes)
}

/// Whether the text names this machine: `127.0.0.1`, `[::1]` or `localhost`, with or without a port (RFC 8252 section 7.3).
pub const fn is_loopback(host: &str) -> bool {
    loopback(host.as_bytes(), 0, host.len())
}

/// The placeholders of a template, in order: `{shop}` gives `shop`.
pub fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Whether this can be the name of a placeholder: letters, digits and `_`, no digit first.
pub fn is_placeholder(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        && !byte(bytes, 0).is_ascii_digit()
        && !name.is_empty()
}

/// Whether the template has placeholders in its host.
pub fn has_host_placeholder(template: &str) -> bool {
    match absolute(template.as_bytes()) {
        Ok(parts) => template.get(parts.host_start..parts.path_start).is_some_and(|host| host.contains('{')),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
