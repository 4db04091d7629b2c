//! How a command failed: for people lines, for scripts an exit code.

use std::process::ExitCode;

use acf_core::{Error, ErrorKind};

use crate::{args::option, terminal::say};

/// The exit codes beside 0. They are promised in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// This machine: a file, the standard output.
    Machine = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// The person said no.
    Denied = 3,
    /// Nobody came back, or another program did not end.
    TimedOut = 4,
    /// The provider or the network.
    Provider = 5,
    /// There is no token that could be used.
    LogIn = 6,
    /// The token that was asked about is not active.
    Inactive = 7,
    /// Forgotten here, and still good at the provider.
    Half = 8,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) exit: Exit,
    pub(crate) lines: Vec<String>,
}

impl Failed {
    pub(crate) fn new(exit: Exit, line: impl Into<String>) -> Self {
        Self { exit, lines: vec![line.into()] }
    }

    pub(crate) const fn usage(lines: Vec<String>) -> Self {
        Self { exit: Exit::Usage, lines }
    }

    /// Says it.
    pub(crate) fn report(&self) -> ExitCode {
        for line in &self.lines {
            say(format_args!("acf: {line}"));
        }
        ExitCode::from(self.exit as u8)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Configuration | ErrorKind::Unsupported => Exit::Usage,
            ErrorKind::AccessDenied => return Self::new(Exit::Denied, "access was denied"),
            ErrorKind::Store | ErrorKind::Random => Exit::Machine,
            ErrorKind::Busy | ErrorKind::StateExpired => Exit::TimedOut,
            _ => Exit::Provider,
        };
        Self { exit, lines: words(&error).lines().map(str::to_owned).collect() }
    }
}

/// An error in the words of the command line: the library speaks of declarations, here they are options.
pub(crate) fn words(error: &Error) -> String {
    let text = match error.kind() {
        ErrorKind::Store => cause(error),
        ErrorKind::Unsupported => without_endpoint(&error.to_string()),
        _ => error.to_string(),
    };
    let text = match error.attribute() {
        Some(attribute) => text.replace(&format!("declare `{attribute}`"), &in_place_of(attribute)),
        None => text,
    };
    as_options(&text)
}

/// What the library says of keys, said of options.
pub(crate) fn as_options(text: &str) -> String {
    let keys = [
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "device_authorization_endpoint",
        "name",
        "client_id",
        "client_secret",
        "client_auth",
        "scope_separator",
        "redirect_uri",
        "issuer",
        "scope",
    ];
    let text =
        text.replace("`signing_key`", "--signing-key-file").replace("`Credentials::client_auth`", "--client-auth");
    keys.iter().fold(text, |text, key| text.replace(&format!("`{key}`"), &option(key)))
}

/// The option that says the same as an attribute.
fn in_place_of(attribute: &str) -> String {
    match attribute.strip_prefix("issuer = ") {
        Some(issuer) => format!("pass `--issuer {}`", issuer.trim_matches('"')),
        None => format!("declare `{attribute}` in a program of your own; there is no option for it"),
    }
}

/// What is not declared cannot be declared here, but for `custom`.
fn without_endpoint(text: &str) -> String {
    let (what, advice) = text.split_once(": ").unwrap_or((text, ""));
    match advice.split('`').find(|key| key.ends_with("_endpoint")) {
        Some(key) => format!("{what}; where `custom` has one, it is given by {}", option(key)),
        None => what.to_owned(),
    }
}

/// The innermost words of an error: they name the file.
pub(crate) fn cause(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_attributes_become_options() {
        for (said, here) in [
            ("`token_endpoint` must use https: ..", "--token-endpoint must use https: .."),
            ("`signing_key` is no PEM", "--signing-key-file is no PEM"),
            ("parameter `state` is set by the flow", "parameter `state` is set by the flow"),
        ] {
            assert_eq!(as_options(said), here);
        }
        assert_eq!(in_place_of("issuer = \"https://id.example\""), "pass `--issuer https://id.example`");
        assert_eq!(
            without_endpoint("X declares no revocation endpoint: declare `revocation_path` or `revocation_endpoint`"),
            "X declares no revocation endpoint; where `custom` has one, it is given by --revocation-endpoint"
        );
        assert_eq!(
            without_endpoint("X is not declared to use `a`: add it to `grant_types(..)`"),
            "X is not declared to use `a`"
        );
    }
}
