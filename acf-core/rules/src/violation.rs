use core::fmt;

/// One way in which a text can break a grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Nothing is there.
    Empty,
    /// A URI without `scheme://`.
    NoScheme,
    /// A scheme that cannot serve here.
    Scheme,
    /// Plain http to a host that is not this machine.
    Insecure,
    /// A URI without a host.
    NoHost,
    /// `user:password@` before the host.
    Userinfo,
    /// A query where none may be.
    Query,
    /// A fragment (RFC 6749 sections 3.1, 3.1.2 and 3.2).
    Fragment,
    /// A port that is no number from 1 to 65535.
    Port,
    /// A character that a host name cannot hold.
    HostCharacter,
    /// A character that a URI cannot hold (RFC 3986).
    UriCharacter,
    /// `%` without two hexadecimal digits.
    PercentEscape,
    /// A brace that is never closed, never opened, or encloses no field name.
    Brace,
    /// Text that somebody meant to replace, such as `<tenant>` or `YOUR_DOMAIN`.
    Unfilled,
    /// A path that does not begin with `/`.
    RelativePath,
    /// A whole URL where a path belongs.
    AbsoluteUrl,
    /// `.` or `..` as a path segment.
    DotSegment,
    /// `//` inside a path.
    EmptySegment,
    /// `/` at the end, where a path will be joined.
    TrailingSlash,
    /// `*` in a redirect URI (RFC 9700 section 2.1: compared exactly).
    Wildcard,
    /// The withdrawn out-of-band redirect.
    OutOfBand,
    /// A private-use scheme that is not a reversed domain name (RFC 8252 section 7.1).
    PrivateScheme,
    /// A character outside the scope grammar (RFC 6749 section 3.3).
    ScopeCharacter,
    /// Several scopes in one token.
    SeveralScopes,
    /// A separator that a scope could contain as an ordinary character, or that is no single character.
    Separator,
    /// A character outside printable ASCII (RFC 6749 appendix A).
    Printable,
    /// A character that an access token cannot hold (RFC 6750 section 2.1).
    TokenCharacter,
    /// A parameter name with a character that would need encoding.
    ParameterName,
    /// A header name outside RFC 9110 section 5.1.
    HeaderName,
    /// A line break or another control character in a header value.
    HeaderValue,
    /// An identifier outside lower-case letters, digits and `-`.
    Identifier,
    /// A line break, a tab, or another control character.
    Control,
    /// A JSON pointer with an empty part or a bare `~` (RFC 6901).
    Pointer,
    /// The default port of https, spelled out.
    DefaultPort,
    /// An upper-case letter in a scheme or host.
    UpperCase,
    /// White space around a value, usually the newline at the end of a file.
    Surrounding,
    /// Longer than the limit.
    TooLong,
}

/// A broken rule and where: `at` counts bytes from the start of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    rule: Rule,
    at: usize,
}

impl Violation {
    pub(crate) const fn new(rule: Rule, at: usize) -> Self {
        Self { rule, at }
    }

    /// Which rule.
    pub const fn rule(self) -> Rule {
        self.rule
    }

    /// Byte position of the offence in the text.
    pub const fn at(self) -> usize {
        self.at
    }

    /// What is wrong, as the end of a sentence that begins with the name of the thing: "must use https".
    pub const fn message(self) -> &'static str {
        match self.rule {
            Rule::Empty => "is empty",
            Rule::NoScheme => "has no scheme",
            Rule::Scheme => "has a scheme that cannot serve here",
            Rule::Insecure => "must use https",
            Rule::NoHost => "names no host",
            Rule::Userinfo => "carries credentials before the host",
            Rule::Query => "must not have a query",
            Rule::Fragment => "must not have a fragment (RFC 6749 sections 3.1 and 3.2)",
            Rule::Port => "has a port that is not a number from 1 to 65535",
            Rule::HostCharacter => "has a character that no host name can hold",
            Rule::UriCharacter => "has a character that no URI can hold",
            Rule::PercentEscape => "has a `%` that is not followed by two hexadecimal digits",
            Rule::Brace => "has a brace that does not enclose a field name",
            Rule::Unfilled => "still has text that was meant to be replaced",
            Rule::RelativePath => "must begin with `/`",
            Rule::AbsoluteUrl => "is a whole URL where a path belongs",
            Rule::DotSegment => "has a `.` or `..` segment",
            Rule::EmptySegment => "has an empty segment (`//`)",
            Rule::TrailingSlash => "ends with `/`, and joining a path would give `//`",
            Rule::Wildcard => "has a `*`, which never matches: servers compare exactly (RFC 9700 section 2.1)",
            Rule::OutOfBand => "is an out-of-band redirect, which providers have withdrawn",
            Rule::PrivateScheme => "has a private-use scheme that is not based on a domain (RFC 8252 section 7.1)",
            Rule::ScopeCharacter => "has a character outside the scope grammar (RFC 6749 section 3.3)",
            Rule::SeveralScopes => "holds several scopes in one string",
            Rule::Separator => "must be one punctuation character",
            Rule::Printable => "has a character outside printable ASCII",
            Rule::TokenCharacter => "has a character that no bearer token can hold (RFC 6750 section 2.1)",
            Rule::ParameterName => "is not a parameter name",
            Rule::HeaderName => "is not a header name (RFC 9110 section 5.1)",
            Rule::HeaderValue => "has a line break or another control character",
            Rule::Identifier => "must be lower-case letters, digits and `-`",
            Rule::Control => "has a line break or another control character",
            Rule::Pointer => "is no JSON pointer (RFC 6901)",
            Rule::DefaultPort => "spells out the default port",
            Rule::UpperCase => "has an upper-case letter in its scheme or host",
            Rule::Surrounding => "has white space around it",
            Rule::TooLong => "is too long",
        }
    }

    /// What to do about it, ready to follow.
    pub const fn help(self) -> &'static str {
        match self.rule {
            Rule::Empty => "give a value",
            Rule::NoScheme => "write it with its scheme: \"https://HOST\"",
            Rule::Scheme => "use https",
            Rule::Insecure => "plain http is accepted only for 127.0.0.1, [::1] and localhost",
            Rule::NoHost => "write \"https://HOST\"",
            Rule::Userinfo => "remove everything up to the `@`; client authentication is set with `client_auth`",
            Rule::Query => "fixed parameters belong in `authorize(params(..))`",
            Rule::Fragment => "remove everything from the `#`",
            Rule::Port => "use a number from 1 to 65535, or leave the port out",
            Rule::HostCharacter => "use letters, digits, `-` and `.`; international names in their `xn--` form",
            Rule::UriCharacter => "remove it or percent-encode it",
            Rule::PercentEscape => "write a plain percent sign as `%25`",
            Rule::Brace => "write `{name}` with a field of that name, or `%7B` for a literal brace",
            Rule::Unfilled => "fill it in, or write `{name}` and add a field of that name",
            Rule::RelativePath => "put a `/` in front",
            Rule::AbsoluteUrl => "use the key that ends in `_endpoint` for a whole URL",
            Rule::DotSegment => "write the final path",
            Rule::EmptySegment => "write one slash",
            Rule::TrailingSlash => "drop the trailing `/`",
            Rule::Wildcard => "declare one provider value per redirect URI",
            Rule::OutOfBand => "use a loopback redirect such as http://127.0.0.1/callback (RFC 8252 section 7.3)",
            Rule::PrivateScheme => "use a reversed domain name, such as org.example.app:/callback",
            Rule::ScopeCharacter => "use printable ASCII without spaces, `\"` and `\\`",
            Rule::SeveralScopes => "write one literal per scope: scope(\"a\", \"b\")",
            Rule::Separator => "use \" \", \",\" or \"+\"",
            Rule::Printable => "copy it again from the provider's console",
            Rule::TokenCharacter => "the provider sent something that is no token",
            Rule::ParameterName => "write the name alone, without `=`, `&`, `#` or spaces",
            Rule::HeaderName => "use letters, digits and `-`",
            Rule::HeaderValue => "write one header per entry, on one line",
            Rule::Identifier => "write it in kebab case, such as \"my-provider\"",
            Rule::Control => "write it on one line",
            Rule::Pointer => "write \"/data/token\", with `~0` for `~` and `~1` for `/`",
            Rule::DefaultPort => "remove `:443`",
            Rule::UpperCase => "write scheme and host in lower case",
            Rule::Surrounding => "remove the white space; a file often ends with a newline",
            Rule::TooLong => "shorten it",
        }
    }

    /// The whole sentence about `text`, which is called `name`: quotes the offending character and its position
    /// where the rule is about one character. Never quotes anything else of the text.
    pub fn explain<'a>(self, name: &'a str, text: &'a str) -> Explanation<'a> {
        Explanation { violation: self, name, text }
    }
}

/// The sentence made by [`Violation::explain`].
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    violation: Violation,
    name: &'a str,
    text: &'a str,
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.name, self.violation.message())?;
        let about_a_character = matches!(
            self.violation.rule,
            Rule::HostCharacter
                | Rule::UriCharacter
                | Rule::PercentEscape
                | Rule::Brace
                | Rule::ScopeCharacter
                | Rule::Printable
                | Rule::ParameterName
                | Rule::HeaderName
                | Rule::HeaderValue
                | Rule::Identifier
                | Rule::Control
                | Rule::UpperCase
        );
        match self.text.get(self.violation.at..).and_then(|rest| rest.chars().next()) {
            Some(c) if about_a_character && c.is_ascii_graphic() => {
                write!(f, ": `{c}` at byte {}", self.violation.at)
            }
            Some(c) if about_a_character => write!(f, ": U+{:04X} at byte {}", u32::from(c), self.violation.at),
            _ => Ok(()),
        }
    }
}
