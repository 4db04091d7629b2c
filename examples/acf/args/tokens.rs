//! The commands that get tokens, and those for the tokens that are stored.

use acf_core::ClientAuth;
use clap::{Args, builder::PossibleValuesParser};

use super::ProviderArgs;
use crate::store::{Place, PlaceParser};

/// What is asked for.
#[derive(Args)]
pub(crate) struct Ask {
    /// Scopes, instead of the provider's usual ones; repeat it, or separate them by spaces
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// A further parameter of the request; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(crate) params: Vec<String>,
}

/// Where tokens are kept.
#[derive(Args)]
pub(crate) struct StoreArgs {
    /// Where tokens are stored: an SQLite file, postgres://.. or redis://.. [env: ACF_STORE] [default: acf/tokens.db where the
    /// system keeps data]
    #[arg(long, value_name = "PLACE", value_parser = PlaceParser)]
    pub(crate) store: Option<Place>,
}

const LOGIN: &str = "\
A browser opens, you log in there, and it comes back to a port of this machine that is open for this one login
(RFC 8252). On standard output there is one JSON object and nothing else: access_token, token_type, scope, expires_at,
refresh_token.

With --device no browser is needed here: you open an address on your telephone, by its QR code or by hand, and compare
or type in the code that is shown (RFC 8628). Nothing listens on this machine, so it also works over ssh.

With --save the token is also stored, under the provider and the client, for `acf token`, `acf revoke` and
`acf introspect`. The place is --store, or ACF_STORE, or acf/tokens.db below $XDG_DATA_HOME or ~/.local/share (macOS:
~/Library/Application Support; Windows: %LOCALAPPDATA%). Only its owner can read that
file; it is not encrypted.

Examples:
  acf login github
  acf login google --no-browser --save
  acf login demo --server http://127.0.0.1:8001
  acf login custom --issuer https://id.example --discover --client-id my-app --save --name work
  acf login custom --issuer https://id.example --discover --client-id my-app --device
  acf login custom --authorization-endpoint https://id.example/authorize \\
      --token-endpoint https://id.example/token --client-id my-app \\
      --client-secret-file secret.txt --client-auth client_secret_basic --scope \"openid email\"

Exit codes: 0 done, 1 the token could not be stored or printed, 2 wrong usage or configuration, 3 access was denied,
4 timed out, 5 the provider or the network failed, 130 interrupted.";

/// Log in from a terminal and print the token as JSON.
#[derive(Args)]
#[command(after_long_help = LOGIN, args_override_self = true)]
pub(crate) struct Login {
    /// Store the token, too
    #[arg(long)]
    pub(crate) save: bool,
    /// Where it is stored: an SQLite file, postgres://.. or redis://.. [env: ACF_STORE] [default: acf/tokens.db where the
    /// system keeps data]
    #[arg(long, value_name = "PLACE", value_parser = PlaceParser, requires = "save")]
    pub(crate) store: Option<Place>,
    /// Print the URL only, and leave opening it to you
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// How long to wait for you, in seconds [default: 300; with --device, as long as the code is good]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: Option<u64>,
    /// Log in on another device: this one shows a code and waits (RFC 8628)
    #[arg(long, conflicts_with_all = ["no_browser", "redirect_uri"])]
    pub(crate) device: bool,
    /// With --device: no QR code
    #[arg(long, requires = "device")]
    pub(crate) no_qr: bool,
    #[command(flatten)]
    pub(crate) ask: Ask,
    /// Come back to exactly this address of this machine, as registered [default: a free port of 127.0.0.1]
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Option<String>,
    /// Print JSON, which is what this does anyway
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) provider: ProviderArgs,
}

const TOKEN: &str = "\
The token of `acf login PROVIDER --save`: as it is stored if it is still good, otherwise refreshed first. A refreshed token
is stored before it is printed; several programs may ask at the same time.

`custom` needs the same options as at the login: a stored token belongs to one client at one token endpoint and is
sent to no other. --discover asks the issuer each time; with --token-endpoint nobody is asked while the token is good.

Examples:
  curl -H \"Authorization: Bearer $(acf token github)\" https://api.github.com/user
  acf token google --json | jq -r .expires_at
  acf token custom --name work --issuer https://id.example --discover --client-id my-app

Exit codes: 0 done, 1 the file of tokens cannot be used, 2 wrong usage or configuration, 4 another program is refreshing
the token and does not end, 5 the provider or the network failed (ask again later), 6 nothing is stored, or it has
expired and cannot be refreshed: log in.";

/// Print an access token that is valid now, of a login with --save.
#[derive(Args)]
#[command(after_long_help = TOKEN, args_override_self = true)]
pub(crate) struct Token {
    /// One JSON object, as of `acf login`, instead of the bare access token
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) provider: ProviderArgs,
}

const REVOKE: &str = "\
First the token is forgotten here, whatever happens afterwards; then the provider is told (RFC 7009), about the refresh
token and the access token. Where the provider has no way to be told, or does not answer, that is said, with exit code 8:
until the token ends by itself, whoever has a copy of it can use it.

Examples:
  acf revoke google
  acf revoke github || echo \"see https://github.com/settings/applications\"
  acf revoke custom --name work --token-endpoint https://id.example/token --client-id my-app \\
      --revocation-endpoint https://id.example/revoke

With --json: {\"forgotten\":true,\"revoked\":false,\"reason\":\"..\"}, where `reason` is there if `revoked` is false.

Exit codes: 0 done, both there and here, 1 the file of tokens cannot be used, 2 wrong usage or configuration,
6 nothing is stored, 8 forgotten here, but not given up at the provider.";

/// Give a stored token up at the provider, and forget it here.
#[derive(Args)]
#[command(after_long_help = REVOKE, args_override_self = true)]
pub(crate) struct Revoke {
    /// One JSON object instead of a sentence
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) provider: ProviderArgs,
}

const INTROSPECT: &str = "\
Asks the provider's introspection endpoint (RFC 7662) about the stored access token, which is not refreshed for that; or
with `-` about one from standard input: the bare token, or the JSON object that `acf login` prints.

A token is never taken from the command line: every program on this machine can read that (`ps`), and shells write it
into their history.

Examples:
  acf introspect custom --name work --token-endpoint https://id.example/token \\
      --introspection-endpoint https://id.example/introspect --client-id my-app \\
      --client-secret-file secret.txt --client-auth client_secret_basic
  acf introspect custom - --issuer https://id.example --discover --client-id my-api \\
      --client-secret-file secret.txt < token.txt
  acf introspect custom ..  >/dev/null && echo \"still good\"

With --json: the whole object, as the provider sent it.

Exit codes: 0 the token is active, 1 the file of tokens cannot be used, 2 wrong usage or configuration, 5 the provider or
the network failed, 6 nothing is stored, 7 the token is not active.";

/// Ask the provider what a token is good for.
#[derive(Args)]
#[command(after_long_help = INTROSPECT, args_override_self = true)]
pub(crate) struct Introspect {
    /// `-`: the token on standard input, instead of the stored one
    #[arg(value_name = "TOKEN", index = 2)]
    pub(crate) token: Option<String>,
    /// One JSON object instead of lines
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) provider: ProviderArgs,
}

const CLIENT_CREDENTIALS: &str = "\
The application proves who it is and gets a token of its own (RFC 6749 section 4.4): no person, no browser, no refresh
token. Nothing is stored, since another one is always to be had.

Examples:
  acf client-credentials custom --token-endpoint https://id.example/token --client-id my-service \\
      --client-secret-file secret.txt --client-auth client_secret_basic --scope api:read | jq -r .access_token
  acf client-credentials custom --issuer https://id.example --discover --client-id my-service \\
      --signing-key-file key.pem --resource https://api.example
  acf client-credentials custom --token-endpoint https://id.example/token --client-id my-service \\
      --client-auth tls_client_auth --certificate-file client.pem

Exit codes: 0 done, 1 the token could not be printed, 2 wrong usage or configuration, 3 access was denied, 5 the provider
or the network failed.";

/// Get a token for the application itself, on nobody's behalf.
#[derive(Args)]
#[command(after_long_help = CLIENT_CREDENTIALS, args_override_self = true)]
pub(crate) struct ClientCredentials {
    #[command(flatten)]
    pub(crate) ask: Ask,
    /// Where the token will be used (RFC 8707); may be repeated
    #[arg(long = "resource", value_name = "URI")]
    pub(crate) resources: Vec<String>,
    /// Print JSON, which is what this does anyway
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) provider: ProviderArgs,
}

const DISCOVER: &str = "\
Asks the issuer for its metadata (RFC 8414, OpenID Connect Discovery) and prints a provider for Rust source: the attribute,
filled from what is announced, above a struct with the fields that it needs. Paste it into a program that depends on
acf-core and serde; `client_auth` has to be the method that the client is registered with.

Addresses of this machine and of private networks are accepted here, since you type them in yourself. A program that takes
issuers from others should not accept them: `ReqwestClient::public_addresses_only`.

Examples:
  acf discover https://accounts.google.com --scope \"openid email\"
  acf discover https://id.example --name forge --client-auth private_key_jwt > src/forge.rs
  acf discover http://127.0.0.1:8001 --json | jq .scopes_supported

Exit codes: 0 done, 1 it could not be printed, 2 no issuer of this name is possible, or nothing it offers can be used,
5 the issuer or the network failed, or its metadata break a rule.";

/// Print the declaration of an issuer, ready to paste.
#[derive(Args)]
#[command(after_long_help = DISCOVER, args_override_self = true)]
pub(crate) struct Discover {
    /// The issuer: an https URL, or http on this machine
    #[arg(value_name = "ISSUER")]
    pub(crate) issuer: String,
    /// A name for the provider, in kebab case [default: made of the host]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// How the client will prove who it is [default: the first of the usual ones that is announced]
    #[arg(long, value_name = "METHOD", value_parser = PossibleValuesParser::new(ClientAuth::NAMES))]
    pub(crate) client_auth: Option<String>,
    /// Scopes to declare; repeat it, or separate them by spaces
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// The metadata as one JSON object, as they were read, instead of a declaration
    #[arg(long)]
    pub(crate) json: bool,
}
