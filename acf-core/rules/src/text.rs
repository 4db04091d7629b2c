//! Grammars of the values that are no URIs: scopes, names, headers, credentials.

use crate::{Checked, Rule, Violation, byte, uri::scan};

/// Fails at the first byte for which `$legal` (an expression over the byte `$b`) is false.
macro_rules! each_byte {
    ($text:expr, $rule:expr, |$b:ident| $legal:expr) => {{
        let bytes = $text.as_bytes();
        if bytes.is_empty() {
            return Err(Violation::new(Rule::Empty, 0));
        }
        let mut i = 0;
        while i < bytes.len() {
            let $b = byte(bytes, i);
            if !$legal {
                return Err(Violation::new($rule, i));
            }
            i += 1;
        }
        Ok(())
    }};
}

/// One scope token (RFC 6749 section 3.3: `%x21 / %x23-5B / %x5D-7E`).
pub const fn scope_token(text: &str) -> Checked {
    each_byte!(text, Rule::ScopeCharacter, |b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// One scope of a list, for a provider that joins scopes with `separator`: a scope token in which the separator does
/// not occur.
pub const fn scope_in_list(text: &str, separator: &str) -> Checked {
    let bytes = text.as_bytes();
    let separator = byte(separator.as_bytes(), 0);
    let mut i = 0;
    while i < bytes.len() {
        if byte(bytes, i) == b' ' || (separator != 0 && byte(bytes, i) == separator) {
            return Err(Violation::new(Rule::SeveralScopes, i));
        }
        i += 1;
    }
    scope_token(text)
}

/// What a provider puts between scopes: one punctuation character or a space. Characters that are common inside scopes
/// (`:`, `/`, `.`, `-`, `_`) are legal here because some providers do use them; [`scope_in_list`] refuses the scope that
/// would fall apart.
pub const fn scope_separator(text: &str) -> Checked {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(Violation::new(Rule::Empty, 0));
    }
    let legal = byte(bytes, 0) == b' ' || byte(bytes, 0).is_ascii_punctuation();
    if bytes.len() != 1 || !legal || matches!(byte(bytes, 0), b'"' | b'\\') {
        return Err(Violation::new(Rule::Separator, 0));
    }
    Ok(())
}

/// The name of a request or response parameter (RFC 6749 appendix A.12 and section 8.2: letters, digits, `-`, `.`, `_`;
/// `[`, `]`, `~` and `:` occur at real providers and need no quoting in JSON).
pub const fn parameter_name(text: &str) -> Checked {
    each_byte!(text, Rule::ParameterName, |b| b.is_ascii_alphanumeric()
        || matches!(b, b'-' | b'.' | b'_' | b'~' | b'[' | b']' | b':'))
}

/// A header name (RFC 9110 section 5.1).
pub const fn header_name(text: &str) -> Checked {
    each_byte!(text, Rule::HeaderName, |b| b.is_ascii_alphanumeric()
        || matches!(
            b,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        ))
}

/// A header value: visible ASCII, spaces and tabs (RFC 9110 section 5.5 without its obsolete forms).
pub const fn header_value(text: &str) -> Checked {
    each_byte!(text, Rule::HeaderValue, |b| matches!(b, b'\t' | 0x20..=0x7E))
}

/// One line of text for people. No control characters: entries of a written declaration end with a line break.
pub const fn line(text: &str) -> Checked {
    each_byte!(text, Rule::Control, |b| b >= 0x20 && b != 0x7F)
}

/// The value of a parameter, before it is encoded: any text, also none, on one line.
pub const fn value(text: &str) -> Checked {
    if text.is_empty() { Ok(()) } else { line(text) }
}

/// A member of a JSON object by its name, or anywhere by a pointer that begins with `/` (RFC 6901).
pub const fn member(text: &str) -> Checked {
    let bytes = text.as_bytes();
    if byte(bytes, 0) != b'/' {
        // A slash further on belongs to a pointer whose first one is missing.
        return match scan::find(bytes, 0, b'/') {
            Some(at) => Err(Violation::new(Rule::Pointer, at)),
            None => line(text),
        };
    }
    let mut i = 0;
    while i < bytes.len() {
        if byte(bytes, i) == b'~' && !matches!(byte(bytes, i + 1), b'0' | b'1') {
            return Err(Violation::new(Rule::Pointer, i));
        }
        if byte(bytes, i) == b'/' && matches!(byte(bytes, i + 1), b'/' | 0) {
            return Err(Violation::new(Rule::Pointer, i));
        }
        i += 1;
    }
    line(text)
}

/// The fragment of a URL (RFC 3986 section 3.5), without its `#`.
pub const fn fragment(text: &str) -> Checked {
    each_byte!(text, Rule::UriCharacter, |b| b.is_ascii_alphanumeric()
        || matches!(
            b,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
                | b'/'
                | b'?'
        ))
}

/// A client identifier or secret (RFC 6749 appendices A.1 and A.2: `*VSCHAR`), without white space around it.
pub const fn credential(text: &str) -> Checked {
    if let Err(violation) = unsurrounded(text) {
        return Err(violation);
    }
    each_byte!(text, Rule::Printable, |b| matches!(b, 0x20..=0x7E))
}

/// A client identifier that is written down: a [`credential`], and not text that was meant to be replaced.
pub const fn client_id(text: &str) -> Checked {
    match scan::unfilled(text.as_bytes()) {
        Ok(()) => credential(text),
        unfilled => unfilled,
    }
}

/// A client secret. Providers hand out secrets outside ASCII, and RFC 6749 section 2.3.1 knows how to send them, so only
/// control characters and surrounding white space are refused.
pub const fn secret(text: &str) -> Checked {
    if let Err(violation) = unsurrounded(text) {
        return Err(violation);
    }
    each_byte!(text, Rule::Printable, |b| b >= 0x20 && b != 0x7F)
}

/// No white space around it: what a file's last newline adds would never authenticate.
const fn unsurrounded(text: &str) -> Checked {
    let bytes = text.as_bytes();
    let last = bytes.len().saturating_sub(1);
    if byte(bytes, 0).is_ascii_whitespace() {
        return Err(Violation::new(Rule::Surrounding, 0));
    }
    if byte(bytes, last).is_ascii_whitespace() {
        return Err(Violation::new(Rule::Surrounding, last));
    }
    Ok(())
}

/// A bearer token: visible ASCII. RFC 6750 section 2.1 allows less (`b64token`), real tokens hold `|`, `:` and `,`; what
/// matters is that nothing can break out of the `Authorization` header.
pub const fn token(text: &str) -> Checked {
    each_byte!(text, Rule::TokenCharacter, |b| matches!(b, 0x21..=0x7E))
}

/// A provider's identifier: kebab case.
pub const fn identifier(text: &str) -> Checked {
    each_byte!(text, Rule::Identifier, |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// An error code of a provider (RFC 6749 sections 4.1.2.1 and 5.2: `%x20-21 / %x23-5B / %x5D-7E`).
pub const fn error_code(text: &str) -> Checked {
    each_byte!(text, Rule::Printable, |b| matches!(b, 0x20 | 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// A local target to return a person to: one path on this site. Everything a browser might read as another origin is
/// refused (`//host`, `/\host`, control characters, anything percent-encoded that would become one of these).
pub const fn local_path(text: &str) -> Checked {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(Violation::new(Rule::Empty, 0));
    }
    if byte(bytes, 0) != b'/' {
        return Err(Violation::new(Rule::RelativePath, 0));
    }
    let mut i = 0;
    let mut in_path = true;
    while i < bytes.len() {
        let b = byte(bytes, i);
        if !matches!(b, 0x21..=0x7E) || b == b'\\' {
            return Err(Violation::new(Rule::UriCharacter, i));
        }
        if b == b'?' || b == b'#' {
            in_path = false;
        }
        if in_path && b == b'/' && byte(bytes, i + 1) == b'/' {
            return Err(Violation::new(Rule::EmptySegment, i));
        }
        if in_path && b == b'/' && byte(bytes, i + 1) == b'.' {
            return Err(Violation::new(Rule::DotSegment, i));
        }
        if b == b'%' {
            let (high, low) = (byte(bytes, i + 1), byte(bytes, i + 2));
            if !high.is_ascii_hexdigit() || !low.is_ascii_hexdigit() {
                return Err(Violation::new(Rule::PercentEscape, i));
            }
            // %00-%1F, %2F (/), %2E (.), %5C (\), %7F, and everything outside ASCII.
            let slash_or_dot = high == b'2' && matches!(low, b'f' | b'F' | b'e' | b'E');
            let backslash = high == b'5' && matches!(low, b'c' | b'C');
            let delete = high == b'7' && matches!(low, b'f' | b'F');
            let control = matches!(high, b'0' | b'1');
            if in_path && (slash_or_dot || backslash || delete || control || !matches!(high, b'0'..=b'7')) {
                return Err(Violation::new(Rule::UriCharacter, i));
            }
        }
        i += 1;
    }
    // Behind the characters: now every position is one of a character.
    if bytes.len() > 2048 {
        return Err(Violation::new(Rule::TooLong, 2048));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::tables::{self, Check};

    #[test]
    fn accepted() {
        let cases: &[(Check, &[&str])] = &[
            (scope_token, &["a", "user:email", "https://www.googleapis.com/auth/drive", "!#[]~"]),
            (scope_separator, &[" ", ",", "+", ";", "|", ":"]),
            (parameter_name, &["access_type", "user.fields", "a-b", "filter[x]", "openid2.realm"]),
            (header_name, &["Accept", "X-API-KEY", "x_y"]),
            (header_value, &["application/json", "a\tb c"]),
            (credential, &["abc", "a b", "Iv1.8a61f9b3a7aba766", "1234.apps.googleusercontent.com"]),
            (secret, &["GOCSPX-abc", "p%+/é", "a b"]),
            (token, &["gho_16C7e42F292c6912E7710c838347Ae178B4a", "a+/=", "a|b:c,d"]),
            (identifier, &["github", "stack-exchange", "x2"]),
            (line, &["My Forge", "Größe"]),
            (value, &["", "a b", "{tenant}", "{\"id_token\":{}}"]),
            (member, &["data", "a b", "/data", "/errors/0/errorType", "/a~1b", "user.id"]),
            (fragment, &["wechat_redirect", "/login?x"]),
            (local_path, &["/", "/home?x=1#y", "/a/b-c", "/a%20b", "/?next=//x"]),
        ];
        tables::accepted(cases);
    }

    #[test]
    fn refused() {
        let cases: &[(Check, &str, Rule, usize)] = &[
            (scope_token, "", Rule::Empty, 0),
            (scope_token, "a b", Rule::ScopeCharacter, 1),
            (scope_token, "a\"b", Rule::ScopeCharacter, 1),
            (scope_token, "a\\b", Rule::ScopeCharacter, 1),
            (scope_token, "é", Rule::ScopeCharacter, 0),
            (scope_separator, "", Rule::Empty, 0),
            (scope_separator, "ab", Rule::Separator, 0),
            (scope_separator, "a", Rule::Separator, 0),
            (scope_separator, "\"", Rule::Separator, 0),
            (parameter_name, "a=b", Rule::ParameterName, 1),
            (parameter_name, "a b", Rule::ParameterName, 1),
            (parameter_name, "", Rule::Empty, 0),
            (header_name, "X Y", Rule::HeaderName, 1),
            (header_name, "X:Y", Rule::HeaderName, 1),
            (header_value, "a\r\nb", Rule::HeaderValue, 1),
            (line, "", Rule::Empty, 0),
            (line, "a\nb", Rule::Control, 1),
            (value, "a\tb", Rule::Control, 1),
            (member, "data/token", Rule::Pointer, 4),
            (client_id, "YOUR_CLIENT_ID", Rule::Unfilled, 0),
            (client_id, "<id>", Rule::Unfilled, 0),
            (client_id, "a b\n", Rule::Surrounding, 3),
            (member, "/", Rule::Pointer, 0),
            (member, "/a//b", Rule::Pointer, 2),
            (member, "/a~b", Rule::Pointer, 2),
            (member, "a\nb", Rule::Control, 1),
            (fragment, "a#b", Rule::UriCharacter, 1),
            (credential, " a", Rule::Surrounding, 0),
            (credential, "a\n", Rule::Surrounding, 1),
            (credential, "aéb", Rule::Printable, 1),
            (credential, "", Rule::Empty, 0),
            (secret, "", Rule::Empty, 0),
            (secret, "a\n", Rule::Surrounding, 1),
            (secret, "a\u{0}b", Rule::Printable, 1),
            (token, "a b", Rule::TokenCharacter, 1),
            (token, "a\n", Rule::TokenCharacter, 1),
            (identifier, "GitHub", Rule::Identifier, 0),
            (local_path, "https://evil", Rule::RelativePath, 0),
            (local_path, "//evil", Rule::EmptySegment, 0),
            (local_path, "/\\evil", Rule::UriCharacter, 1),
            (local_path, "/%09/evil", Rule::UriCharacter, 1),
            (local_path, "/%5cevil", Rule::UriCharacter, 1),
            (local_path, "/..//evil", Rule::DotSegment, 0),
            (local_path, "/%", Rule::PercentEscape, 1),
            (local_path, "/\u{2215}evil", Rule::UriCharacter, 1),
        ];
        tables::refused(cases);
    }

    #[test]
    fn a_scope_that_would_fall_apart_is_several() {
        assert_eq!(scope_in_list("a,b", ","), Err(Violation::new(Rule::SeveralScopes, 1)));
        assert_eq!(scope_in_list("a b", ","), Err(Violation::new(Rule::SeveralScopes, 1)));
        assert_eq!(scope_in_list("a,b", " "), Ok(()));
    }
}
