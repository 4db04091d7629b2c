//! Reading URIs byte by byte, in `const fn`s.

use crate::{Checked, Rule, Violation, byte, starts_with};

pub(crate) const fn fail<T>(rule: Rule, at: usize) -> Result<T, Violation> {
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
pub(super) use tri;

/// Where the parts of an absolute URI lie, as byte positions.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) host_start: usize,
    /// First byte behind the authority.
    pub(super) path_start: usize,
    pub(super) query: Option<usize>,
    pub(super) fragment: Option<usize>,
}

pub(super) const fn absolute(bytes: &[u8]) -> Result<Parts, Violation> {
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
pub(super) const fn host_and_port(bytes: &[u8], start: usize) -> Result<(usize, usize), Violation> {
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
pub(super) const fn placeholder_end(bytes: &[u8], open: usize) -> Result<usize, Violation> {
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
pub(super) const fn characters(bytes: &[u8], start: usize) -> Checked {
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
pub(super) const fn segments(bytes: &[u8], start: usize) -> Checked {
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
pub(super) const fn scheme_end(bytes: &[u8]) -> Option<usize> {
    if !byte(bytes, 0).is_ascii_alphabetic() {
        return None;
    }
    let mut i = 1;
    while byte(bytes, i).is_ascii_alphanumeric() || matches!(byte(bytes, i), b'+' | b'-' | b'.') {
        i += 1;
    }
    if byte(bytes, i) == b':' { Some(i) } else { None }
}

pub(super) const fn loopback(bytes: &[u8], start: usize, end: usize) -> bool {
    starts_with(bytes, start, "127.0.0.1") && ends_host(bytes, start + 9, end)
        || starts_with(bytes, start, "[::1]") && ends_host(bytes, start + 5, end)
        || starts_with(bytes, start, "localhost") && ends_host(bytes, start + 9, end)
}

pub(super) const fn ends_host(bytes: &[u8], at: usize, end: usize) -> bool {
    at == end || byte(bytes, at) == b':'
}

pub(crate) const fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    let mut i = from;
    while i < bytes.len() {
        if byte(bytes, i) == wanted {
            return Some(i);
        }
        i += 1;
    }
    None
}

pub(super) const fn find_either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    match find(bytes, 0, one) {
        Some(at) => Some(at),
        None => find(bytes, 0, other),
    }
}

pub(super) const fn exact(bytes: &[u8], at: usize, word: &str) -> bool {
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

pub(super) const fn equals(bytes: &[u8], word: &str) -> bool {
    bytes.len() == word.len() && starts_with(bytes, 0, word)
}

pub(super) const fn equals_prefix(bytes: &[u8], len: usize, word: &str) -> bool {
    len == word.len() && starts_with(bytes, 0, word)
}
