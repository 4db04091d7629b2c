//! What is declared, against what is announced.

use std::fmt;

use acf_rules::language::{ClientAuth, Endpoint, Pkce};
use http::Uri;

use super::{Metadata, provider::GRANTS};
use crate::{
    error::clean,
    provider::{Resolved, Target},
};

/// Something in which a declaration and the metadata of its issuer differ, in words (`Display`).
///
/// Either may be right: a server may know more than it announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    key: &'static str,
    text: String,
}

impl Difference {
    /// The key of the declaration that it is about.
    pub const fn key(&self) -> &'static str {
        self.key
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.key, self.text)
    }
}

impl Metadata {
    /// Everything that differs, endpoints first.
    pub(crate) fn differences(&self, provider: &Resolved) -> Vec<Difference> {
        let mut found = Found(Vec::new());
        self.endpoints(provider, &mut found);
        self.methods(provider, &mut found);
        self.callbacks(provider, &mut found);
        for scope in provider.scopes.iter() {
            if self.scopes_supported().is_some_and(|scopes| !scopes.contains(&scope)) {
                found.add("scope", format!("`{scope}` is not announced"));
            }
        }
        if let Some(offered) = self.grant_types_supported() {
            for grant in &provider.grants {
                let known = GRANTS.iter().find(|(_, known)| known == grant).map_or(grant.name(), |(name, _)| *name);
                if !offered.contains(&known) {
                    found.add("grant_types", format!("`{}` is not announced", grant.name()));
                }
            }
        }
        found.0
    }

    fn endpoints(&self, provider: &Resolved, found: &mut Found) {
        let method = provider.rules.token.client_auth;
        let fixed = |target: &Option<Target>| match target {
            Some(Target::Fixed(uri)) => Declared::Is(uri.clone()),
            // What each request fills in is announced nowhere.
            Some(Target::Template(_)) => Declared::Varies,
            None => Declared::Not,
        };
        let authorization = provider.authorization_endpoint.as_ref().and_then(|url| url.parse().ok());
        for (endpoint, declared) in [
            (Endpoint::Authorization, authorization.map_or(Declared::Not, Declared::Is)),
            (Endpoint::Token, Declared::Is(provider.token_endpoint.clone())),
            (Endpoint::Revocation, fixed(&provider.revocation_endpoint)),
            (Endpoint::Introspection, fixed(&provider.introspection_endpoint)),
            (Endpoint::Userinfo, fixed(&provider.userinfo_endpoint)),
        ] {
            let announced = self.endpoint_for(method, endpoint).map(super::provider::canonical);
            let key = endpoint.url_key();
            match (declared, announced) {
                (Declared::Is(declared), Some(announced)) if announced.parse().ok().as_ref() != Some(&declared) => {
                    found.add(key, format!("{declared} is declared, {} announced", clean(&announced, &[])));
                }
                (Declared::Is(declared), None) => found.add(key, format!("{declared} is declared, none announced")),
                (Declared::Not, Some(announced)) if self.offers_codes() || endpoint != Endpoint::Authorization => {
                    found.add(key, format!("{} is announced, none declared", clean(&announced, &[])));
                }
                _ => {}
            }
        }
    }

    fn methods(&self, provider: &Resolved, found: &mut Found) {
        let method = match provider.rules.token.client_auth {
            ClientAuth::ClientSecretBasicRaw => ClientAuth::ClientSecretBasic,
            method => method,
        };
        let announced = self.token_endpoint_auth_methods_supported();
        let methods = announced.clone().unwrap_or_else(|| vec![ClientAuth::ClientSecretBasic.name()]);
        if !methods.contains(&method.name()) {
            let listed = clean(&methods.join(" "), &[]);
            let implied = if announced.is_none() { ", by saying nothing" } else { "" };
            found.add("client_auth", format!("`{}` is not announced; announced{implied}: {listed}", method.name()));
        }
        if provider.authorization_endpoint.is_none() {
            return;
        }
        let challenges = self.code_challenge_methods_supported().unwrap_or_default();
        let declared = provider.rules.authorize.pkce;
        let sent = match declared {
            Pkce::S256 => Some("S256"),
            Pkce::Plain => Some("plain"),
            _ => None,
        };
        match sent {
            Some("plain") if challenges.contains(&"S256") => {
                found.add("pkce", "`plain` is declared, the stronger S256 announced".to_owned());
            }
            Some(sent) if !challenges.contains(&sent) => {
                let listed = if challenges.is_empty() { "none".to_owned() } else { clean(&challenges.join(" "), &[]) };
                found.add("pkce", format!("the method {sent} is not announced; announced: {listed}"));
            }
            None if !challenges.is_empty() => {
                found.add("pkce", format!("`off` is declared, {} announced", clean(&challenges.join(" "), &[])));
            }
            _ => {}
        }
    }

    fn callbacks(&self, provider: &Resolved, found: &mut Found) {
        if provider.authorization_endpoint.is_none() {
            return;
        }
        let (promised, required) =
            (self.authorization_response_iss_parameter_supported(), provider.rules.callback.require_iss);
        match (promised, required) {
            (true, false) => found.add(
                "callback",
                "each callback is announced to have an `iss`: declare `callback(require_iss)`, and one without is refused \
                 (RFC 9207 section 2.4)"
                    .to_owned(),
            ),
            (false, true) => {
                found.add("callback", "`require_iss` is declared, and no `iss` announced (RFC 9207 section 3)".to_owned());
            }
            _ => {}
        }
        if self.require_pushed_authorization_requests() {
            let text = "the provider takes authorization requests by pushing alone (RFC 9126 section 5)";
            found.add("pushed_authorization_request_endpoint", text.to_owned());
        }
        let codes = self.response_types_supported().is_none_or(|types| types.contains(&"code"));
        if !codes {
            found.add("authorize", "the response type `code` is not announced".to_owned());
        }
    }
}

enum Declared {
    Is(Uri),
    Varies,
    Not,
}

struct Found(Vec<Difference>);

impl Found {
    fn add(&mut self, key: &'static str, text: String) {
        self.0.push(Difference { key, text });
    }
}
