//! The authorization URL (RFC 6749 section 4.1.1, RFC 7636 section 4.3): worked out once, filled in with each login.

use acf_rules::language::Pkce;

use super::{ENCODED, NewState, ResponseType};
use crate::{form, provider::Resolved, value::Scopes};

/// The URL of all logins with the same options: text, with places for state and challenge.
///
/// Parameters are sorted by their names, which some providers insist on and the RFC leaves open.
pub(crate) struct UrlTemplate {
    parts: Vec<Part>,
    length: usize,
}

enum Part {
    Text(String),
    State,
    Challenge(Pkce),
}

impl UrlTemplate {
    /// `params` are of one login, and take the place of declared ones.
    pub(crate) fn new(
        provider: &Resolved,
        kind: ResponseType,
        redirect_uri: &str,
        scopes: &Scopes,
        params: &[(String, String)],
    ) -> Self {
        let rules = &provider.rules.authorize;
        let (response_type, pkce) = match kind {
            ResponseType::Code => (rules.response_type.as_deref().unwrap_or("code"), rules.pkce),
            // There is no token request that a verifier could stand in.
            #[cfg(feature = "legacy-grants")]
            ResponseType::Token => ("token", Pkce::Off),
        };
        let joined = scopes.join(&rules.scope_separator);
        let mut standard = vec![
            ("response_type", response_type),
            ("client_id", &provider.credentials.client_id),
            ("redirect_uri", redirect_uri),
        ];
        if !scopes.is_empty() {
            standard.push(("scope", &joined));
        }
        match pkce {
            Pkce::Off => {}
            Pkce::Plain => standard.push(("code_challenge_method", "plain")),
            _ => standard.push(("code_challenge_method", "S256")),
        }
        let mut fixed: Vec<(String, String)> = standard
            .into_iter()
            .filter_map(|(name, value)| Some((rules.names.name(name)?.to_owned(), value.to_owned())))
            .collect();
        // How a code comes back is declared; a token comes back in the fragment.
        let of_a_code = |name: &str| kind != ResponseType::Code && name == "response_mode";
        let overridden = |name: &str| of_a_code(name) || params.iter().any(|(given, _)| given == name);
        fixed.extend(rules.params.iter().filter(|(name, _)| !overridden(name)).chain(params).cloned());
        if let Some(hooks) = &provider.hooks {
            hooks.authorize(&mut fixed);
            // Whatever it adds, these are the flow's own, and once (RFC 6749 section 3.1).
            let own = ["state", "code_challenge"].map(|name| rules.names.name(name));
            fixed.retain(|(name, _)| !own.contains(&Some(name)));
        }

        let mut all: Vec<(&str, Part)> = fixed
            .iter()
            .map(|(name, value)| {
                let mut text = String::new();
                form::pair(&mut text, name, "");
                if rules.raw.iter().any(|raw| raw == name) {
                    form::encode_lightly(&mut text, value);
                } else {
                    form::encode(&mut text, value);
                }
                (name.as_str(), Part::Text(text))
            })
            .collect();
        all.extend(rules.names.name("state").map(|name| (name, Part::State)));
        if pkce != Pkce::Off {
            all.extend(rules.names.name("code_challenge").map(|name| (name, Part::Challenge(pkce))));
        }
        all.sort_by_key(|(name, _)| *name);

        let mut url = Self { parts: Vec::new(), length: 0 };
        let endpoint = provider.authorization_endpoint.as_deref().unwrap_or_default();
        url.text(endpoint);
        let mut mark = if endpoint.contains('?') { "&" } else { "?" };
        // A route in the fragment has a query of its own: there the page looks for the parameters.
        let (route, fragment) = match rules.fragment.as_deref() {
            Some(route) if route.ends_with('?') => (Some(route), None),
            fragment => (None, fragment),
        };
        if let Some(route) = route {
            url.text("#");
            url.text(route);
            mark = "";
        }
        for (name, part) in all {
            url.text(mark);
            mark = "&";
            match part {
                Part::Text(text) => url.text(&text),
                slot => {
                    let mut text = String::new();
                    form::pair(&mut text, name, "");
                    url.text(&text);
                    url.length += ENCODED;
                    url.parts.push(slot);
                }
            }
        }
        if let Some(fragment) = fragment {
            url.text("#");
            url.text(fragment);
        }
        url
    }

    fn text(&mut self, text: &str) {
        self.length += text.len();
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }

    /// The URL of one login: one allocation.
    pub(crate) fn fill(&self, new: &NewState) -> String {
        let mut url = String::with_capacity(self.length);
        for part in &self.parts {
            match part {
                Part::Text(text) => url.push_str(text),
                Part::State => url.push_str(new.as_str()),
                Part::Challenge(method) => {
                    let challenge = new.challenge(*method);
                    url.push_str(std::str::from_utf8(&challenge).unwrap_or_default());
                }
            }
        }
        url
    }
}
