//! `application/x-www-form-urlencoded`, written so that every server reads it and read so that nothing slips through.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986: a space becomes `%20`, which a query and a form body both
/// understand, while `+` is read literally by some providers.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a query cannot hold (RFC 3986 section 3.4), and what would begin another parameter or an escape.
const ILLEGAL: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'<').add(b'>').add(b'`');

/// Appends `text` with as little percent-encoding as a query allows, for providers that read separators only as they are.
pub(crate) fn encode_lightly(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, ILLEGAL));
}

/// Appends `text` percent-encoded.
pub(crate) fn encode(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// Appends `&name=value`, or `name=value` where `out` is empty or ends with `?` or `&`.
pub(crate) fn pair(out: &mut String, name: &str, value: &str) {
    if !matches!(out.as_bytes().last(), None | Some(b'?' | b'&')) {
        out.push('&');
    }
    encode(out, name);
    out.push('=');
    encode(out, value);
}

/// One name or value of a form, decoded. `None` where an escape is broken, the bytes are no UTF-8, or a control character
/// appears: nothing is ever replaced or cut silently, which is why this is not left to a library.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    decode_prose(text).filter(|text| !text.chars().any(char::is_control))
}

/// [`decode`] for text that is only ever shown, and cleaned before: line breaks and other control characters may be in it.
pub(crate) fn decode_prose(text: &str) -> Option<Cow<'_, str>> {
    if text.bytes().all(|b| matches!(b, 0x20..=0x7E) && b != b'%' && b != b'+') {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit()? * 16 + digit()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in ["a b", "a+b", "é/&=?#%", "~-._", ""] {
            let mut out = String::new();
            encode(&mut out, text);
            assert_eq!(decode(&out).as_deref(), Some(text));
        }
        let mut out = "https://x.example/a?".to_owned();
        pair(&mut out, "scope", "a b");
        pair(&mut out, "x", "");
        assert_eq!(out, "https://x.example/a?scope=a%20b&x=");
    }

    #[test]
    fn broken_text_is_refused() {
        for text in ["%", "%2", "%zz", "%ff%fe", "%c0%af", "a%00b", "a%0d%0ab", "%e2%82"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode_prose("a%0d%0ab+%00").as_deref(), Some("a\r\nb \0"));
        for text in ["%", "%zz", "%ff%fe", "%c0%af"] {
            assert_eq!(decode_prose(text), None, "{text}");
        }
    }
}
