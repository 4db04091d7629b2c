//! The providers this program knows by name: the presets, and what people have to know beside their declarations.

use std::sync::LazyLock;

use acf_core::{Definition, Error, Flow, FlowBuilder, OAuthProvider};
use acf_providers::{GitHub, Google, StackExchange};

/// A preset, and what is said about it.
pub(crate) struct Known {
    definition: LazyLock<Definition>,
    make: fn(Lookup<'_>) -> Result<FlowBuilder, Error>,
    /// What it is good for, in one line.
    pub(crate) tagline: &'static str,
    /// Where an application is registered.
    pub(crate) register: &'static str,
    /// Where a person takes access back.
    pub(crate) remove: &'static str,
    /// An address to call with a token.
    pub(crate) api: Option<&'static str>,
    /// What is asked for with every login here, beside what the preset asks for.
    pub(crate) params: &'static [(&'static str, &'static str)],
}

type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(crate) static KNOWN: [Known; 3] = [
    Known {
        definition: LazyLock::new(Google::definition),
        make: |lookup| Google::from_lookup(lookup).map(Flow::builder),
        tagline: "Name and e-mail address of a Google account.",
        register: "https://console.cloud.google.com/apis/credentials",
        remove: "https://myaccount.google.com/connections",
        api: Some("https://openidconnect.googleapis.com/v1/userinfo"),
        // Without it Google issues a refresh token once and never again.
        params: &[("prompt", "consent")],
    },
    Known {
        definition: LazyLock::new(GitHub::definition),
        make: |lookup| GitHub::from_lookup(lookup).map(Flow::builder),
        tagline: "The public profile of a GitHub user.",
        register: "https://github.com/settings/developers",
        remove: "https://github.com/settings/applications",
        api: Some("https://api.github.com/user"),
        params: &[],
    },
    Known {
        definition: LazyLock::new(StackExchange::definition),
        make: |lookup| StackExchange::from_lookup(lookup).map(Flow::builder),
        tagline: "A token for the Stack Exchange API that does not expire.",
        register: "https://stackapps.com/apps/oauth/register",
        remove: "https://stackexchange.com/users/current?tab=apps",
        // Its API wants the token in the query, next to an application key: nothing to call with a bearer header.
        api: None,
        params: &[],
    },
];

impl Known {
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.name() == name)
    }

    /// The name in URLs and on the command line.
    pub(crate) fn name(&'static self) -> &'static str {
        self.definition.name()
    }

    pub(crate) fn display_name(&'static self) -> &'static str {
        self.definition.display_name()
    }

    pub(crate) fn scopes(&'static self) -> impl Iterator<Item = &'static str> {
        self.definition.scopes()
    }

    /// The vendor's page.
    pub(crate) fn docs(&'static self) -> &'static str {
        self.definition.docs().unwrap_or_default()
    }

    /// The environment variables of the credentials: identifier and secret.
    pub(crate) fn variables(&self) -> [String; 2] {
        ["client_id", "client_secret"].map(|field| self.definition.variable(field))
    }

    /// The client identifier of the environment.
    pub(crate) fn client_id(&self) -> Option<String> {
        from_env(&self.definition.variable("client_id"))
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
    // Where this program listens is its own affair, not the environment's.
    let lookup = |variable: &str| match variable.strip_suffix("_REDIRECT_URI") {
        Some(_) => Some(redirect_uri.to_owned()),
        None => from_env(variable),
    };
    (known.make)(&lookup).map_err(|error| error.to_string())
}
