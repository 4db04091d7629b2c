//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use url::Url;

const EXAMPLES: &str = "\
Examples:
  acf                             the web demo, on http://127.0.0.1:8000
  acf login github                a GitHub token, with GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET set
  acf login demo | jq -r .access_token
                                  a token of the demo's authorization server, while `acf serve` runs
  acf providers                   what is known by name, and what each needs";

/// The OAuth 2.0 authorization code flow: a web page that connects accounts, and a login for the terminal.
///
/// Without a command it serves the web demo.
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
    /// List the providers that are known by name
    Providers,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  acf serve
  acf serve --port 9000 --database /tmp/demo.db
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
    /// File for logins and tokens; it is created where it does not exist
    #[arg(long, value_name = "PATH", default_value = "acf.db")]
    pub(crate) database: PathBuf,
    /// Where browsers find the web demo, if not on 127.0.0.1; redirect URIs begin with it
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) public_url: Option<String>,
    /// Where browsers find the embedded authorization server, if not on 127.0.0.1
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) issuer_url: Option<String>,
}

const LOGIN_EXAMPLES: &str = "\
Examples:
  acf login github
  acf login google --no-browser
  acf login demo --server http://127.0.0.1:8001
  acf login custom --authorization-endpoint https://id.example/authorize \\
      --token-endpoint https://id.example/token --client-id my-app \\
      --client-secret-file secret.txt --client-auth client_secret_basic --scope \"openid email\"

On stdout there is one JSON object and nothing else. Exit codes: 0 done, 2 wrong usage or configuration,
3 access was denied, 4 timed out, 5 the provider or the network failed.";

#[derive(Args)]
#[command(after_help = LOGIN_EXAMPLES, args_override_self = true)]
pub(crate) struct Login {
    /// Where to log in
    #[arg(value_enum)]
    pub(crate) provider: Target,
    /// Print the URL only, and leave opening it to you
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// How long to wait for you, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
    /// Scopes, instead of the provider's usual ones; repeat it, or separate them by spaces
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// A further parameter of the authorization request; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(crate) params: Vec<String>,
    /// Come back to exactly this address of this machine, as registered [default: a free port of 127.0.0.1]
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Option<String>,
    /// `demo`: where the authorization server of `acf serve` is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8001")]
    pub(crate) server: String,
    #[command(flatten)]
    pub(crate) custom: CustomArgs,
}

/// What describes a provider that is not known by name.
#[derive(Args)]
#[command(next_help_heading = "Options for `custom`")]
pub(crate) struct CustomArgs {
    /// Where a person logs in
    #[arg(long, value_name = "URL")]
    pub(crate) authorization_endpoint: Option<String>,
    /// Where the code becomes a token
    #[arg(long, value_name = "URL")]
    pub(crate) token_endpoint: Option<String>,
    /// The application's identifier
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The application's secret; better: --client-secret-file
    #[arg(long, value_name = "SECRET", conflicts_with = "client_secret_file")]
    pub(crate) client_secret: Option<String>,
    /// A file that holds the secret
    #[arg(long, value_name = "PATH")]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// How the secret is sent; needed as soon as there is one
    #[arg(long, value_name = "METHOD", value_parser = ["client_secret_basic", "client_secret_basic_raw", "client_secret_post", "none"])]
    pub(crate) client_auth: Option<String>,
    /// What separates scopes, if not a space
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) scope_separator: Option<String>,
    /// How the token request is written [default: form]
    #[arg(long, value_name = "ENCODING", value_parser = ["form", "json"])]
    pub(crate) post: Option<String>,
    /// The provider's issuer identifier, if it sends one
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
}

impl CustomArgs {
    /// The options that were given, by their names.
    pub(crate) fn given(&self) -> Vec<&'static str> {
        [
            ("--authorization-endpoint", self.authorization_endpoint.is_some()),
            ("--token-endpoint", self.token_endpoint.is_some()),
            ("--client-id", self.client_id.is_some()),
            ("--client-secret", self.client_secret.is_some()),
            ("--client-secret-file", self.client_secret_file.is_some()),
            ("--client-auth", self.client_auth.is_some()),
            ("--scope-separator", self.scope_separator.is_some()),
            ("--post", self.post.is_some()),
            ("--issuer", self.issuer.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// With GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET from the environment
    Github,
    /// With GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET from the environment
    Google,
    /// With STACK_EXCHANGE_CLIENT_ID and STACK_EXCHANGE_CLIENT_SECRET from the environment
    StackExchange,
    /// The authorization server of a running `acf serve`
    Demo,
    /// Any other provider, described by options
    Custom,
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
