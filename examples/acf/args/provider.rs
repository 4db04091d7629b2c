//! Which provider, and what describes it: the same options for every command that talks to one.

use std::path::PathBuf;

use acf_core::ClientAuth;
use clap::{Args, ValueEnum, builder::PossibleValuesParser};

#[derive(Args)]
pub(crate) struct ProviderArgs {
    /// Which provider
    #[arg(value_enum, index = 1)]
    pub(crate) provider: Target,
    /// `demo`: where the authorization server of `acf serve` is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8001")]
    pub(crate) server: String,
    #[command(flatten)]
    pub(crate) custom: CustomArgs,
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

impl Target {
    /// As it is written on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Google => "google",
            Self::StackExchange => "stack-exchange",
            Self::Demo => "demo",
            Self::Custom => "custom",
        }
    }
}

/// What describes a provider that is not known by name.
#[derive(Args)]
#[command(next_help_heading = "Options for `custom`")]
pub(crate) struct CustomArgs {
    /// A name for the provider, in kebab case: under it tokens are stored, so that there may be several
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The application's identifier
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The application's secret; better: --client-secret-file
    #[arg(long, value_name = "SECRET", conflicts_with = "client_secret_file")]
    pub(crate) client_secret: Option<String>,
    /// A file that holds the secret
    #[arg(long, value_name = "PATH")]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// The private key of `private_key_jwt`: a file in PEM
    #[arg(long, value_name = "PATH")]
    pub(crate) signing_key_file: Option<PathBuf>,
    /// Certificate and private key of `tls_client_auth` (RFC 8705): one file in PEM
    #[arg(long, value_name = "PATH")]
    pub(crate) certificate_file: Option<PathBuf>,
    /// Whom to trust beside the authorities of the system: certificates, a file in PEM
    #[arg(long, value_name = "PATH")]
    pub(crate) ca_file: Option<PathBuf>,
    /// How the client proves who it is; needed as soon as there is a secret, a key or a certificate
    #[arg(long, value_name = "METHOD", value_parser = PossibleValuesParser::new(ClientAuth::NAMES))]
    pub(crate) client_auth: Option<String>,
    /// The provider's issuer identifier, if it sends one
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// Take the endpoints, and where it is not given the method, from what --issuer announces (RFC 8414)
    #[arg(long)]
    pub(crate) discover: bool,
    /// Where a person logs in
    #[arg(long, value_name = "URL")]
    pub(crate) authorization_endpoint: Option<String>,
    /// Where tokens are issued
    #[arg(long, value_name = "URL")]
    pub(crate) token_endpoint: Option<String>,
    /// Where a token is given up (RFC 7009)
    #[arg(long, value_name = "URL")]
    pub(crate) revocation_endpoint: Option<String>,
    /// Where a token's state is asked for (RFC 7662)
    #[arg(long, value_name = "URL")]
    pub(crate) introspection_endpoint: Option<String>,
    /// Where a device without a browser begins (RFC 8628)
    #[arg(long, value_name = "URL")]
    pub(crate) device_authorization_endpoint: Option<String>,
    /// What separates scopes, if not a space
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) scope_separator: Option<String>,
    /// How the token request is written [default: form]
    #[arg(long, value_name = "ENCODING", value_parser = ["form", "json"])]
    pub(crate) post: Option<String>,
}

impl CustomArgs {
    /// The endpoints, by their options, which are the keys of a declaration with other dashes.
    pub(crate) fn endpoints(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("authorization_endpoint", self.authorization_endpoint.as_deref()),
            ("token_endpoint", self.token_endpoint.as_deref()),
            ("revocation_endpoint", self.revocation_endpoint.as_deref()),
            ("introspection_endpoint", self.introspection_endpoint.as_deref()),
            ("device_authorization_endpoint", self.device_authorization_endpoint.as_deref()),
        ]
    }

    /// The options that were given, by their names.
    pub(crate) fn given(&self) -> Vec<String> {
        let endpoints = self.endpoints().map(|(key, value)| (key, value.is_some()));
        let others = [
            ("name", self.name.is_some()),
            ("client_id", self.client_id.is_some()),
            ("client_secret", self.client_secret.is_some()),
            ("client_secret_file", self.client_secret_file.is_some()),
            ("signing_key_file", self.signing_key_file.is_some()),
            ("certificate_file", self.certificate_file.is_some()),
            ("ca_file", self.ca_file.is_some()),
            ("client_auth", self.client_auth.is_some()),
            ("issuer", self.issuer.is_some()),
            ("discover", self.discover),
            ("scope_separator", self.scope_separator.is_some()),
            ("post", self.post.is_some()),
        ];
        others.into_iter().chain(endpoints).filter(|(_, given)| *given).map(|(key, _)| option(key)).collect()
    }
}

/// The option of a key.
pub(crate) fn option(key: &str) -> String {
    format!("--{}", key.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_target_is_called_by_its_name() {
        for target in Target::value_variants() {
            assert_eq!(target.to_possible_value().unwrap().get_name(), target.name());
        }
    }
}
