//! The command line.

mod provider;
mod tokens;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use url::Url;

use crate::{
    log::Log,
    store::{Place, PlaceParser},
};

pub(crate) use self::{
    provider::{CustomArgs, ProviderArgs, Target, option},
    tokens::{Ask, ClientCredentials, Discover, Introspect, Login, Revoke, StoreArgs, Token},
};

const EXAMPLES: &str = "\
Examples:
  acf                             the web demo, on http://127.0.0.1:8000
  acf login github                a GitHub token, with GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET set
  acf login demo | jq -r .access_token
                                  a token of the demo's authorization server, while `acf serve` runs
  acf login google --save         the same for Google, and kept for later
  curl -H \"Authorization: Bearer $(acf token google)\" https://openidconnect.googleapis.com/v1/userinfo
                                  one that is good now, refreshed where it has to be
  acf revoke google               given up there, and forgotten here
  acf discover https://id.example
                                  how a provider is declared in a program, by what it announces
  acf providers                   what is known by name, and what each needs

Each command has a --help with examples of its own.

Exit codes:
  0  done
  1  this machine failed: a file, a port, the standard output
  2  wrong usage or configuration; everything that is wrong is said at once
  3  access was denied
  4  timed out: nobody logged in, or another program does not end
  5  the provider or the network failed
  6  no token is stored that could be used: log in with --save
  7  `introspect`: the token is not active
  8  `revoke`: forgotten here, but not given up at the provider
  130  interrupted";

/// The OAuth 2.0 authorization code flow: a web page that connects accounts, and tokens for the terminal.
///
/// Without a command it serves the web demo. What other programs read is on standard output, what people read on standard
/// error; --json makes of the former one JSON object on one line.
#[derive(Parser)]
#[command(name = "acf", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the web demo, with an authorization server of its own
    Serve(Serve),
    /// Log in from a terminal and print the token as JSON
    Login(Box<Login>),
    /// Print an access token that is valid now, of a login with --save
    Token(Box<Token>),
    /// Give a stored token up at the provider, and forget it here
    Revoke(Box<Revoke>),
    /// Ask the provider what a token is good for
    Introspect(Box<Introspect>),
    /// Get a token for the application itself, on nobody's behalf
    ClientCredentials(Box<ClientCredentials>),
    /// Print the declaration of an issuer, ready to paste
    Discover(Discover),
    /// List the providers that are known by name
    Providers(Providers),
}

const SERVE_EXAMPLES: &str = "\
Examples:
  acf serve
  acf serve --port 9000 --database /tmp/demo.db
  acf serve --store postgres://db.example/acf         logins and tokens on a server that many instances share
  acf serve --public-url https://demo.example.com     behind a proxy that ends TLS

The page of a provider without credentials says which variables to set.";

#[derive(Args)]
#[command(after_help = SERVE_EXAMPLES, args_override_self = true)]
pub(crate) struct Serve {
    /// Port of the web demo, on 127.0.0.1 [default: 8000]
    #[arg(long, env = "PORT", hide_env_values = true)]
    pub(crate) port: Option<u16>,
    /// Port of the embedded authorization server [default: the next one]
    #[arg(long, value_name = "PORT")]
    pub(crate) issuer_port: Option<u16>,
    /// File for what the demo itself has to remember, and for logins and tokens unless --store says otherwise; it is created
    /// where it does not exist
    #[arg(long, value_name = "PATH", default_value = "acf.db")]
    pub(crate) database: PathBuf,
    /// Where logins and tokens are kept: sqlite:PATH, postgres://.. or redis://..
    #[arg(long, value_name = "PLACE", value_parser = PlaceParser, env = "ACF_SERVE_STORE", hide_env_values = true)]
    pub(crate) store: Option<Place>,
    /// How much is told of logins and refreshes on standard error: off, error, warn, info or debug
    #[arg(long, value_name = "LEVEL", env = "ACF_LOG", default_value = "info")]
    pub(crate) log: Log,
    /// Where browsers find the web demo, if not on 127.0.0.1; redirect URIs begin with it
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) public_url: Option<String>,
    /// Where browsers find the embedded authorization server, if not on 127.0.0.1
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) issuer_url: Option<String>,
}

#[derive(Args)]
pub(crate) struct Providers {
    /// One JSON array instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// Scheme, host and port, and nothing else.
fn origin(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err("it has to be https; plain http is accepted on this machine only".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err("scheme, host and port only, as in https://demo.example.com".to_owned());
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!(origin("https://Demo.example/").unwrap(), "https://demo.example");
        assert_eq!(origin("http://127.0.0.1:9000").unwrap(), "http://127.0.0.1:9000");
        for bad in ["http://demo.example", "https://demo.example/path", "https://u@demo.example", "demo", "ftp://x"] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
