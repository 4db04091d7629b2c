//! Literals by their written form, which is all that a token tells of them.

/// What a literal is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    /// A plain string.
    Text(String),
    /// An integer without suffix, in decimal digits.
    Integer(String),
    /// Something else: what it is called, and what it seems to mean.
    Other(&'static str, Option<String>),
}

impl Literal {
    /// Reads a literal as it was written.
    pub(crate) fn read(written: &str) -> Self {
        let prefix = written.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or_default();
        let (prefix, rest) = written.split_at(prefix);
        let (kind, raw) = match prefix {
            "" => ("a string literal", false),
            "r" => ("a string literal", true),
            "b" => ("a byte string", false),
            "br" => ("a byte string", true),
            "c" => ("a C string", false),
            "cr" => ("a C string", true),
            _ => ("a literal", false),
        };
        match rest.chars().next() {
            Some('\'') => {
                let kind = if prefix == "b" { "a byte" } else { "a character" };
                let text = rest.strip_prefix('\'').and_then(|rest| rest.rsplit_once('\''));
                Self::Other(kind, text.and_then(|(text, _)| unescaped(text)))
            }
            Some('0'..='9') => number(rest),
            Some('"' | '#') => {
                let hashes = rest.bytes().take_while(|b| *b == b'#').count();
                let text =
                    rest.get(hashes..).and_then(|rest| rest.strip_prefix('"')).and_then(|rest| rest.rsplit_once('"'));
                let Some((text, end)) = text else { return Self::Other(kind, None) };
                let text = if raw { Some(text.to_owned()) } else { unescaped(text) };
                match text {
                    Some(text) if kind == "a string literal" && end.len() == hashes => Self::Text(text),
                    text if end.len() == hashes => Self::Other(kind, text),
                    text => Self::Other("one with a suffix", text),
                }
            }
            _ => Self::Other(kind, None),
        }
    }
}

fn number(written: &str) -> Literal {
    let digits: String = written.chars().filter(|c| *c != '_').collect();
    let radix = match digits.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    if radix != 10 {
        let value = digits.get(2..).and_then(|digits| u64::from_str_radix(digits, radix).ok());
        return value.map_or(Literal::Other("an integer", None), |value| Literal::Integer(value.to_string()));
    }
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    match digits.split_at(end) {
        (_, "") => Literal::Integer(digits),
        (_, rest) if rest.starts_with(['.', 'e', 'E', 'f']) => Literal::Other("a number", None),
        (digits, _) => Literal::Other("an integer with a suffix", Some(digits.to_owned())),
    }
}

/// The text of a string with its escapes resolved; `None` if one is none.
fn unescaped(written: &str) -> Option<String> {
    let mut text = String::with_capacity(written.len());
    let mut rest = written.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        text.push(match rest.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            c @ ('\\' | '\'' | '"') => c,
            'x' => {
                let digits: String = rest.by_ref().take(2).collect();
                char::from(u8::from_str_radix(&digits, 16).ok().filter(u8::is_ascii)?)
            }
            'u' => {
                let digits: String = rest.by_ref().skip(1).take_while(|c| *c != '}').filter(|c| *c != '_').collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
            }
            // A line that goes on: white space up to the next word is no part of it.
            '\n' => {
                rest = rest.as_str().trim_start_matches([' ', '\t', '\n', '\r']).chars();
                continue;
            }
            _ => return None,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        let text = |text: &str| Literal::Text(text.to_owned());
        let integer = |text: &str| Literal::Integer(text.to_owned());
        let other = |kind, text: Option<&str>| Literal::Other(kind, text.map(str::to_owned));
        for (written, expected) in [
            (r#""""#, text("")),
            (r#""a b""#, text("a b")),
            (r#""a\"b\\\n\t\r\0\'""#, text("a\"b\\\n\t\r\0'")),
            (r#""\x41\u{e9}\u{1_F600}""#, text("Aé\u{1F600}")),
            ("\"a\\\n   b\"", text("ab")),
            (r####"r"a\b""####, text("a\\b")),
            (r####"r##"a"#b"##"####, text("a\"#b")),
            (r#""x"suffix"#, other("one with a suffix", Some("x"))),
            (r#"b"x\x41""#, other("a byte string", Some("xA"))),
            (r#"b"\xff""#, other("a byte string", None)),
            (r####"br#"x"#"####, other("a byte string", Some("x"))),
            (r#"c"x""#, other("a C string", Some("x"))),
            ("'x'", other("a character", Some("x"))),
            (r"'\''", other("a character", Some("'"))),
            ("b'x'", other("a byte", Some("x"))),
            ("30", integer("30")),
            ("1_000", integer("1000")),
            ("0xff", integer("255")),
            ("0b11", integer("3")),
            ("30u64", other("an integer with a suffix", Some("30"))),
            ("0xzz", other("an integer", None)),
            ("1.5", other("a number", None)),
            ("1e5", other("a number", None)),
            ("1f32", other("a number", None)),
        ] {
            assert_eq!(Literal::read(written), expected, "{written}");
        }
    }
}
