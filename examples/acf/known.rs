//! The providers this program knows by name.
//!
//! Everything that depends on how a provider is declared is in [`provider`]; the rest is for people to read.

use acf_core::{ClientAuth, Custom, Flow, FlowBuilder};

/// What people have to know about a provider.
pub(crate) struct Known {
    /// The name in URLs, on the command line, and (in capitals) in the environment.
    pub(crate) name: &'static str,
    pub(crate) display_name: &'static str,
    /// What it is good for, in one line.
    pub(crate) tagline: &'static str,
    pub(crate) scopes: &'static [&'static str],
    /// Where an application is registered.
    pub(crate) register: &'static str,
    pub(crate) docs: &'static str,
    /// Where a person takes access back.
    pub(crate) remove: &'static str,
    /// Answers a bearer token with who it belongs to.
    pub(crate) whoami: Option<&'static str>,
}

pub(crate) const KNOWN: [Known; 3] = [
    Known {
        name: "google",
        display_name: "Google",
        tagline: "Name and e-mail address of a Google account.",
        scopes: &["openid", "email", "profile"],
        register: "https://console.cloud.google.com/apis/credentials",
        docs: "https://developers.google.com/identity/protocols/oauth2/web-server",
        remove: "https://myaccount.google.com/connections",
        whoami: Some("https://openidconnect.googleapis.com/v1/userinfo"),
    },
    Known {
        name: "github",
        display_name: "GitHub",
        tagline: "The public profile of a GitHub user.",
        scopes: &["read:user"],
        register: "https://github.com/settings/developers",
        docs: "https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps",
        remove: "https://github.com/settings/applications",
        whoami: Some("https://api.github.com/user"),
    },
    Known {
        name: "stack-exchange",
        display_name: "Stack Exchange",
        tagline: "A token for the Stack Exchange API that does not expire.",
        scopes: &["no_expiry"],
        register: "https://stackapps.com/apps/oauth/register",
        docs: "https://api.stackexchange.com/docs/authentication",
        remove: "https://stackexchange.com/users/current?tab=apps",
        // Its API wants the token in the query, next to an application key: nothing to call with a bearer header.
        whoami: None,
    },
];

impl Known {
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.name == name)
    }

    /// The environment variables of the credentials: identifier and secret.
    pub(crate) fn variables(&self) -> [String; 2] {
        let prefix = self.name.to_uppercase().replace('-', "_");
        [format!("{prefix}_CLIENT_ID"), format!("{prefix}_CLIENT_SECRET")]
    }

    /// The variables that are not set.
    pub(crate) fn missing(&self) -> Vec<String> {
        self.variables().into_iter().filter(|variable| from_env(variable).is_none()).collect()
    }
}

/// A variable that is empty counts as not set.
fn from_env(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

/// The flow of a known provider, with the credentials of the environment.
///
/// # Errors
/// Sentences for people, one a line: everything that is wrong.
pub(crate) fn provider(name: &str, redirect_uri: &str) -> Result<FlowBuilder, String> {
    let known = Known::find(name).ok_or_else(|| format!("there is no provider `{name}`"))?;
    let missing = known.missing();
    if !missing.is_empty() {
        let lines: Vec<_> = missing
            .iter()
            .map(|variable| format!("{variable} is not set: register an application at {}", known.register))
            .collect();
        return Err(lines.join("\n"));
    }
    let [id, secret] = known.variables().map(|variable| from_env(&variable).unwrap_or_default());
    let custom = Custom::builder(known.name)
        .display_name(known.display_name)
        .scope(known.scopes.iter().copied())
        .client_id(id)
        .client_secret(secret.parse().map_err(|error| format!("{}: {error}", known.display_name))?)
        .redirect_uri(redirect_uri);
    let custom = match known.name {
        "google" => custom
            .authorization_endpoint("https://accounts.google.com/o/oauth2/v2/auth")
            .token_endpoint("https://oauth2.googleapis.com/token")
            .revocation_endpoint("https://oauth2.googleapis.com/revoke")
            .issuer("https://accounts.google.com")
            // Without these two Google issues a refresh token once and never again.
            .authorize_param("access_type", "offline")
            .authorize_param("prompt", "consent")
            .client_auth(ClientAuth::ClientSecretPost),
        "github" => custom
            .authorization_endpoint("https://github.com/login/oauth/authorize")
            .token_endpoint("https://github.com/login/oauth/access_token")
            .issuer("https://github.com/login/oauth")
            .client_auth(ClientAuth::ClientSecretPost),
        _ => custom
            .authorization_endpoint("https://stackoverflow.com/oauth")
            .token_endpoint("https://stackoverflow.com/oauth/access_token/json")
            .scope_separator(",")
            .token_type("Bearer")
            .expires("expires")
            .client_auth(ClientAuth::ClientSecretPost),
    };
    custom.build().map(Flow::builder).map_err(|error| error.to_string())
}
