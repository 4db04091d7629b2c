//! Grammars of endpoints, paths and redirect URIs (RFC 3986, narrowed by RFC 6749, 8252, 8414 and 9700).
//!
//! A template is a URI or path with placeholders: `https://{shop}.myshopify.com`. Functions take templates where a
//! declaration may use them; [`placeholders`] lists what is inside.

use crate::{Checked, Rule, Violation, byte, starts_with};

const fn fail<T>(rule: Rule, at: usize) -> Result<T, Violation> {
    Err(Violation::new(rule, at))
}

/// Unwraps in a `const fn`, where `?` does not exist.
macro_rules! tri {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(violation) => return Err(violation),
        }
    };
}

/// Where the parts of an absolute URI lie, as byte positions.
#[derive(Clone, Copy)]
struct Parts {
    host_start: usize,
    /// First byte behind the authority.
    path_start: usize,
    query: Option<usize>,
    fragment: Option<usize>,
}

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
/// without fragment, without credentials, without wildcard.
pub const fn redirect_uri(text: &str) -> Checked {
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
    Ok(())
}

/// One DNS label: the value of a `HostLabel` placeholder. It cannot carry `/`, `@` or a dot, so it cannot redirect a
/// request to somebody else's host.
pub const fn host_label(text: &str) -> Checked {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return fail(Rule::Empty, 0);
    }
    if bytes.len() > 63 {
        return fail(Rule::TooLong, 63);
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
    Ok(())
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

const fn absolute(bytes: &[u8]) -> Result<Parts, Violation> {
    if bytes.is_empty() {
        return fail(Rule::Empty, 0);
    }
    tri!(unfilled(bytes));
    let (https, host_start) = if starts_with(bytes, 0, "https://") {
        (true, 8)
    } else if starts_with(bytes, 0, "http://") {
        (false, 7)
    } else {
        return match scheme_end(bytes) {
            // "localhost:8080" reads as a scheme to a parser, not to a person.
            Some(colon) if !byte(bytes, colon + 1).is_ascii_digit() => fail(Rule::Scheme, 0),
            _ => fail(Rule::NoScheme, 0),
        };
    };
    // Credentials would hide the real host behind an `@`, so they are looked for before the host is read.
    let mut i = host_start;
    while i < bytes.len() && !matches!(byte(bytes, i), b'/' | b'?' | b'#') {
        if byte(bytes, i) == b'@' {
            return fail(Rule::Userinfo, i);
        }
        i += 1;
    }
    let (host_end, path_start) = tri!(host_and_port(bytes, host_start));
    if host_end == host_start {
        return fail(Rule::NoHost, host_start);
    }
    tri!(characters(bytes, path_start));
    if !https && !loopback(bytes, host_start, host_end) {
        return fail(Rule::Insecure, 0);
    }
    let fragment = find(bytes, path_start, b'#');
    let query = match find(bytes, path_start, b'?') {
        Some(at) => match fragment {
            Some(fragment) if fragment < at => None,
            _ => Some(at),
        },
        None => None,
    };
    Ok(Parts { host_start, path_start, query, fragment })
}

/// Reads a host and an optional port: where the host ends, and where what follows begins.
const fn host_and_port(bytes: &[u8], start: usize) -> Result<(usize, usize), Violation> {
    let mut i = start;
    if byte(bytes, i) == b'[' {
        while i < bytes.len() && byte(bytes, i) != b']' {
            if !matches!(byte(bytes, i), b'[' | b':' | b'.') && !byte(bytes, i).is_ascii_hexdigit() {
                return fail(Rule::HostCharacter, i);
            }
            i += 1;
        }
        if i == bytes.len() {
            return fail(Rule::HostCharacter, start);
        }
        i += 1;
    } else {
        while i < bytes.len() && !matches!(byte(bytes, i), b'/' | b'?' | b'#' | b':') {
            let b = byte(bytes, i);
            if b == b'{' {
                i = tri!(placeholder_end(bytes, i));
            } else if b == b'}' {
                return fail(Rule::Brace, i);
            } else if b == b'.' {
                // An empty label, at the front, in the middle or before a port, is a host nobody meant.
                if i == start || matches!(byte(bytes, i + 1), b'.' | b':' | b'/' | 0) {
                    return fail(Rule::HostCharacter, i);
                }
            } else if !b.is_ascii_alphanumeric() && b != b'-' && b != b'_' {
                return fail(Rule::HostCharacter, i);
            }
            i += 1;
        }
    }
    let host_end = i;
    if byte(bytes, i) == b':' {
        let digits = i + 1;
        let mut port: u32 = 0;
        i = digits;
        if byte(bytes, i) == b'{' {
            i = tri!(placeholder_end(bytes, i)) + 1;
            port = 1;
        }
        while byte(bytes, i).is_ascii_digit() && port <= 65_535 {
            port = port * 10 + (byte(bytes, i) - b'0') as u32;
            i += 1;
        }
        let ended = i == bytes.len() || matches!(byte(bytes, i), b'/' | b'?' | b'#');
        if port == 0 || port > 65_535 || !ended {
            return fail(Rule::Port, digits);
        }
    }
    Ok((host_end, i))
}

/// The position of the `}` of the placeholder that opens at `open`.
const fn placeholder_end(bytes: &[u8], open: usize) -> Result<usize, Violation> {
    let mut i = open + 1;
    while byte(bytes, i).is_ascii_alphanumeric() || byte(bytes, i) == b'_' {
        i += 1;
    }
    if byte(bytes, i) != b'}' || i == open + 1 || byte(bytes, open + 1).is_ascii_digit() {
        return fail(Rule::Brace, open);
    }
    Ok(i)
}

/// The characters of RFC 3986 from `start` on, with placeholders.
const fn characters(bytes: &[u8], start: usize) -> Checked {
    tri!(unfilled(bytes));
    let mut i = start;
    while i < bytes.len() {
        let b = byte(bytes, i);
        if b == b'{' {
            i = tri!(placeholder_end(bytes, i));
        } else if b == b'}' {
            return fail(Rule::Brace, i);
        } else if b == b'%' {
            if !byte(bytes, i + 1).is_ascii_hexdigit() || !byte(bytes, i + 2).is_ascii_hexdigit() {
                return fail(Rule::PercentEscape, i);
            }
        } else if !matches!(b, 0x21..=0x7E) || matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|') {
            return fail(Rule::UriCharacter, i);
        }
        i += 1;
    }
    Ok(())
}

/// No empty segment and no dot segment from `start` to the query.
const fn segments(bytes: &[u8], start: usize) -> Checked {
    let mut i = start;
    while i < bytes.len() && !matches!(byte(bytes, i), b'?' | b'#') {
        if byte(bytes, i) == b'/' {
            if byte(bytes, i + 1) == b'/' {
                return fail(Rule::EmptySegment, i);
            }
            let dots = if byte(bytes, i + 1) != b'.' {
                0
            } else if byte(bytes, i + 2) != b'.' {
                1
            } else {
                2
            };
            if dots > 0 && matches!(byte(bytes, i + 1 + dots), b'/' | b'?' | b'#' | 0) {
                return fail(Rule::DotSegment, i);
            }
        }
        i += 1;
    }
    Ok(())
}

/// Text that somebody meant to replace.
pub(crate) const fn unfilled(bytes: &[u8]) -> Checked {
    let mut i = 0;
    while i < bytes.len() {
        // Looked at by its first letter: this runs unoptimised in the builds of users, over each character.
        let found = match byte(bytes, i) {
            b'<' => true,
            b'Y' => exact(bytes, i, "YOUR_") || exact(bytes, i, "YOUR-"),
            b'T' => exact(bytes, i, "TODO"),
            _ => false,
        };
        if found {
            return fail(Rule::Unfilled, i);
        }
        i += 1;
    }
    Ok(())
}

/// The position of the colon behind a scheme (RFC 3986 section 3.1).
const fn scheme_end(bytes: &[u8]) -> Option<usize> {
    if !byte(bytes, 0).is_ascii_alphabetic() {
        return None;
    }
    let mut i = 1;
    while byte(bytes, i).is_ascii_alphanumeric() || matches!(byte(bytes, i), b'+' | b'-' | b'.') {
        i += 1;
    }
    if byte(bytes, i) == b':' { Some(i) } else { None }
}

const fn loopback(bytes: &[u8], start: usize, end: usize) -> bool {
    starts_with(bytes, start, "127.0.0.1") && ends_host(bytes, start + 9, end)
        || starts_with(bytes, start, "[::1]") && ends_host(bytes, start + 5, end)
        || starts_with(bytes, start, "localhost") && ends_host(bytes, start + 9, end)
}

const fn ends_host(bytes: &[u8], at: usize, end: usize) -> bool {
    at == end || byte(bytes, at) == b':'
}

const fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    let mut i = from;
    while i < bytes.len() {
        if byte(bytes, i) == wanted {
            return Some(i);
        }
        i += 1;
    }
    None
}

const fn find_either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    match find(bytes, 0, one) {
        Some(at) => Some(at),
        None => find(bytes, 0, other),
    }
}

const fn exact(bytes: &[u8], at: usize, word: &str) -> bool {
    let word = word.as_bytes();
    let mut i = 0;
    while i < word.len() {
        if byte(bytes, at + i) != byte(word, i) {
            return false;
        }
        i += 1;
    }
    true
}

const fn equals(bytes: &[u8], word: &str) -> bool {
    bytes.len() == word.len() && starts_with(bytes, 0, word)
}

const fn equals_prefix(bytes: &[u8], len: usize, word: &str) -> bool {
    len == word.len() && starts_with(bytes, 0, word)
}

#[cfg(test)]
mod tests;
