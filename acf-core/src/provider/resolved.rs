//! Everything about a provider that does not change between logins, worked out once.

use std::{borrow::Cow, fmt, sync::Arc};

use acf_rules::{language::GrantType, text, uri};
use http::Uri;

use super::{ClientAuth, Definition, Endpoint, OAuthProvider, Parts, Rules, Target, Template, fields::Placeholder};
use crate::{
    error::{Error, ErrorKind, sentence},
    form,
    grant::{Credentials, Ready},
    hooks::Hooks,
    token::Token,
    value::Scopes,
};

/// A provider, ready for use: endpoints joined and filled in, credentials encoded, headers parsed.
pub(crate) struct Resolved {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: Option<String>,
    pub(crate) token_endpoint: Uri,
    pub(crate) refresh_endpoint: Uri,
    pub(crate) revocation_endpoint: Option<Target>,
    pub(crate) introspection_endpoint: Option<Target>,
    pub(crate) device_authorization_endpoint: Option<Target>,
    pub(crate) userinfo_endpoint: Option<Target>,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
    pub(crate) credentials: Credentials,
    pub(crate) rules: Rules,
    /// The grants that may be used; any where there is none.
    pub(crate) grants: Vec<GrantType>,
    /// Encoded beforehand, where nothing must be worked out for each request.
    pub(crate) token_ready: Option<Ready>,
    pub(crate) refresh_ready: Option<Ready>,
    pub(crate) hooks: Option<Arc<dyn Hooks>>,
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Collects mistakes, so that all of them are reported at once.
#[derive(Default)]
pub(super) struct Mistakes(Vec<String>);

impl Mistakes {
    pub(super) fn push(&mut self, message: impl Into<String>) {
        self.0.push(message.into());
    }

    /// Notes what the rule says; whether it said nothing.
    fn check(&mut self, name: &str, text: &str, checked: acf_rules::Checked) -> bool {
        checked.map_err(|violation| self.push(sentence(name, text, violation))).is_ok()
    }

    pub(super) fn into_result(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::configuration(self.0.join("\n"))) }
    }
}

impl Resolved {
    /// Works out a provider.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which lists every mistake, one a line.
    pub(crate) fn new(provider: &(impl OAuthProvider + ?Sized)) -> Result<Self, Error> {
        Self::of(&provider.describe(), &provider.parts())
    }

    /// Whether a session may send its token there.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if other places are declared.
    pub(crate) fn may_have_a_token(&self, uri: &Uri) -> Result<(), Error> {
        let origins = &self.rules.origins;
        if origins.is_empty() || origins.iter().any(|origin| lies_in(uri, origin)) {
            return Ok(());
        }
        let (name, host) = (&self.display_name, uri.authority().map_or("", |authority| authority.as_str()));
        let text = format!("the token of {name} does not go to `{host}`: `api(origins(..))` names other places");
        Err(Error::configuration(text))
    }

    /// Whether a grant may be used.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if others are listed.
    pub(crate) fn allows(&self, grant: GrantType) -> Result<(), Error> {
        if self.grants.is_empty() || self.grants.contains(&grant) {
            return Ok(());
        }
        let (name, grant) = (&self.display_name, grant.name());
        let text = format!("{name} is not declared to use the grant `{grant}`: add it to `grant_types(..)`");
        Err(Error::new(ErrorKind::Unsupported, text))
    }

    /// An endpoint that not every provider has.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if it is not declared.
    pub(crate) fn declared<'a, T>(&self, endpoint: Endpoint, given: Option<&'a T>) -> Result<&'a T, Error> {
        given.ok_or_else(|| {
            let url = endpoint.url_key();
            let forms = match endpoint.path_key() {
                Some(path) => format!("`{path}` or `{url}`"),
                None => format!("`{url}`"),
            };
            let what = url.trim_end_matches("_endpoint").replace('_', " ");
            let text = format!("{} declares no {what} endpoint: declare {forms}", self.display_name);
            Error::new(ErrorKind::Unsupported, text)
        })
    }

    /// Whether there is something to refresh with. Where the declaration leaves the refresh token out, something else
    /// stands in for it: mostly the access token itself.
    pub(crate) fn can_refresh(&self, token: &Token) -> bool {
        token.refresh_token().is_some() && !token.refresh_token_has_ended()
            || self.rules.refresh.names.name("refresh_token").is_none()
    }

    /// What helps against a token that is accepted no longer.
    pub(crate) fn remedy(&self, token: &Token) -> &'static str {
        if self.can_refresh(token) { "refresh it" } else { "send the person through the login" }
    }

    pub(super) fn of(definition: &Definition, parts: &Parts<'_>) -> Result<Self, Error> {
        let mut mistakes = Mistakes::default();
        let declared = |key: &str| definition.value(key).unwrap_or_default();
        let or_declared = |field: &str, key: &str| if field.is_empty() { declared(key) } else { field }.to_owned();

        let client_id = or_declared(parts.client_id, "client_id");
        mistakes.check("client_id", &client_id, text::credential(&client_id));
        let redirect_uri = or_declared(parts.redirect_uri, "redirect_uri");
        let opaque = definition.value("opaque_redirect_uri").is_some();
        let rule = if opaque { text::line } else { uri::redirect_uri };
        let sent = !definition.entries().any(|entry| {
            (entry.group, entry.key.name, entry.value.text()) == ("authorize", "omit", Some("redirect_uri"))
        });

        let defaults: Vec<_> = definition.entries().filter(|entry| entry.key.name == "placeholders").collect();
        let known = |name: &str| -> Option<Cow<'_, str>> {
            let field = parts.placeholders.iter().find(|placeholder| placeholder.name == name);
            let default = || defaults.iter().find(|entry| entry.name == name).and_then(|entry| entry.value.text());
            match name {
                "client_id" => Some(Cow::Borrowed(client_id.as_str())),
                "redirect_uri" => Some(Cow::Borrowed(redirect_uri.as_str())),
                _ => field.map(|placeholder| placeholder.value).or_else(default).map(Cow::Borrowed),
            }
        };

        let mut endpoints = Endpoints { definition, parts, known: &known, mistakes: &mut mistakes };
        endpoints.required(Endpoint::Token);
        let grants: Vec<_> = definition
            .entries()
            .filter(|entry| entry.key.name == "grant_types")
            .filter_map(|entry| entry.value.text())
            .filter_map(GrantType::from_name)
            .collect();
        let sends_people = match grants.is_empty() {
            true => endpoints.template(Endpoint::DeviceAuthorization).is_none(),
            false => grants.contains(&GrantType::AuthorizationCode) || grants.contains(&GrantType::Implicit),
        };
        if sends_people {
            endpoints.required(Endpoint::Authorization);
        }
        let authorization_endpoint = endpoints.url(Endpoint::Authorization);
        let token_endpoint = endpoints.uri(Endpoint::Token).unwrap_or_default();
        let refresh_endpoint = endpoints.uri(Endpoint::Refresh);
        let revocation_endpoint = endpoints.target(Endpoint::Revocation);
        let introspection_endpoint = endpoints.target(Endpoint::Introspection);
        let device_authorization_endpoint = endpoints.target(Endpoint::DeviceAuthorization);
        let userinfo_endpoint = endpoints.target(Endpoint::Userinfo);
        let issuer = match parts.issuer {
            Some(issuer) => Some(issuer.to_owned()),
            None => definition.value("issuer").and_then(|issuer| endpoints.fill("issuer", issuer, false)),
        };
        if let Some(issuer) = &issuer {
            mistakes.check("issuer", issuer, uri::issuer(issuer));
        }
        if (sent && authorization_endpoint.is_some()) || !redirect_uri.is_empty() {
            mistakes.check("redirect_uri", &redirect_uri, rule(&redirect_uri));
        }

        let scopes = match parts.scopes {
            Some(scopes) => scopes.clone(),
            None => Scopes::new(definition.scopes()).unwrap_or_else(|error| {
                mistakes.push(error.to_string());
                Scopes::default()
            }),
        };
        let rules = Rules::new(definition, &known, &mut mistakes);
        for scope in scopes.iter() {
            mistakes.check("scope", scope, text::scope_in_list(scope, &rules.authorize.scope_separator));
        }
        let credentials = Credentials::new(&client_id, parts.client_secret, parts.signing_key);
        let needing = [&rules.token, &rules.refresh, &rules.revoke].map(|request| request.client_auth);
        let hooked = parts.hooks.is_some();
        if let Some(method) = needing.into_iter().find(|method| method.needs_secret())
            && parts.client_secret.is_none()
            && !hooked
        {
            mistakes.push(format!("`{}` needs a client secret: set `client_secret`", method.name()));
        }
        if needing.contains(&ClientAuth::PrivateKeyJwt) && parts.signing_key.is_none() && !hooked {
            mistakes.push("`private_key_jwt` needs a signing key: set `signing_key`");
        }
        if needing.contains(&ClientAuth::ClientSecretJwt) && !cfg!(feature = "jwt") {
            mistakes.push("`client_secret_jwt` needs the cargo feature `jwt` of `acf-core`");
        }

        mistakes.into_result()?;
        let ready = |rules| Ready::new(rules, &credentials).filter(|_| parts.hooks.is_none());
        Ok(Self {
            token_ready: ready(&rules.token),
            refresh_ready: ready(&rules.refresh),
            name: definition.name().to_owned(),
            display_name: definition.display_name().to_owned(),
            issuer,
            authorization_endpoint,
            refresh_endpoint: refresh_endpoint.unwrap_or_else(|| token_endpoint.clone()),
            token_endpoint,
            revocation_endpoint,
            introspection_endpoint,
            device_authorization_endpoint,
            userinfo_endpoint,
            redirect_uri,
            scopes,
            credentials,
            rules,
            grants,
            hooks: parts.hooks.clone(),
        })
    }
}

/// Joins, fills in and checks endpoints.
struct Endpoints<'a, 'p, 'm> {
    definition: &'a Definition,
    parts: &'a Parts<'p>,
    known: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
    mistakes: &'m mut Mistakes,
}

impl Endpoints<'_, '_, '_> {
    /// What was given for an endpoint: a field's value before what is declared.
    fn template(&self, endpoint: Endpoint) -> Option<&str> {
        let field = self.parts.endpoints.get(endpoint as usize).copied().flatten();
        let path = endpoint.path_key().and_then(|key| self.definition.value(key));
        field.or(path).or_else(|| self.definition.value(endpoint.url_key()))
    }

    /// A field that is to give an endpoint may be empty.
    fn required(&mut self, endpoint: Endpoint) {
        if self.template(endpoint).is_none() {
            self.mistakes.push(format!("nothing gives the `{}`: set the field, or declare it", endpoint.url_key()));
        }
    }

    /// The whole URL of an endpoint; `None` where there is none or it is wrong.
    fn url(&mut self, endpoint: Endpoint) -> Option<String> {
        self.joined(endpoint, false)
    }

    /// With `later`, what only a request can fill in stays as it is.
    fn joined(&mut self, endpoint: Endpoint, later: bool) -> Option<String> {
        let template = match self.template(endpoint)? {
            path if path.starts_with('/') => {
                let base = self.parts.base_uri.or_else(|| self.definition.value("base_uri")).unwrap_or_default();
                let whole = format!("{base}{path}");
                if !self.mistakes.check("base_uri", base, uri::base_uri(base)) {
                    return None;
                }
                whole
            }
            url => url.to_owned(),
        };
        let filled = self.fill(endpoint.url_key(), &template, later)?;
        self.mistakes.check(endpoint.url_key(), &filled, uri::endpoint(&filled)).then_some(filled)
    }

    fn uri(&mut self, endpoint: Endpoint) -> Option<Uri> {
        let url = self.url(endpoint)?;
        self.parsed(&url)
    }

    fn parsed(&mut self, url: &str) -> Option<Uri> {
        match url.parse() {
            Ok(uri) => Some(uri),
            Err(_) => {
                self.mistakes.push(format!("`{url}` cannot be requested: it is not a URI that HTTP can send"));
                None
            }
        }
    }

    /// An endpoint in which something may be filled in with each request.
    fn target(&mut self, endpoint: Endpoint) -> Option<Target> {
        let url = self.joined(endpoint, true)?;
        if uri::has_host_placeholder(&url) {
            self.mistakes.push(format!("`{}` may not leave its host to what a provider answers", endpoint.url_key()));
            return None;
        }
        if url.contains('{') {
            return Some(Target::Template(Template::new(&url, |_| None)));
        }
        self.parsed(&url).map(Target::Fixed)
    }

    /// Fills in placeholders: hosts as they are, since their types were checked; everything else as one path segment.
    fn fill(&mut self, what: &str, template: &str, later: bool) -> Option<String> {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                self.mistakes.push(format!("`{what}` has a `{{` without a `}}`"));
                return None;
            };
            filled.push_str(before);
            let in_host = !filled.get(filled.find("://").map_or(0, |at| at + 3)..).unwrap_or("").contains('/');
            let field = self.parts.placeholders.iter().find(|placeholder| placeholder.name == name);
            // What may stand in a host: a field whose type is one, or a declared default. Never the client identifier, or
            // what else happens to be known.
            let host = match field {
                Some(Placeholder { host, .. }) => *host,
                None => self.definition.value(&format!("placeholders.{name}")).is_some(),
            };
            match (self.known)(name) {
                Some(value) if in_host && host && uri::host(&value).is_ok() => filled.push_str(&value),
                Some(_) if in_host => {
                    self.mistakes.push(format!("`{name}` is not a host: use letters, digits, `-` and `.`"));
                    return None;
                }
                // A whole host in a path is a path segment as well; its port's colon may stay.
                Some(value) if field.is_some_and(|field| field.host) && uri::host(&value).is_ok() => {
                    filled.push_str(&value)
                }
                Some(value) if segment(&value) => form::encode(&mut filled, &value),
                Some(_) => {
                    self.mistakes.push(format!("`{name}` must be one path segment, neither empty nor dots"));
                    return None;
                }
                None if later && !in_host => {
                    filled.push('{');
                    filled.push_str(name);
                    filled.push('}');
                }
                None => {
                    self.mistakes.push(format!("nothing provides `{{{name}}}` in `{what}`"));
                    return None;
                }
            }
            rest = behind;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// Whether an address has this scheme, host and port, and lies below this path.
fn lies_in(uri: &Uri, origin: &Uri) -> bool {
    let port = |uri: &Uri| uri.port_u16().or_else(|| Some(if uri.scheme_str()? == "https" { 443 } else { 80 }));
    let same_host = uri.host().zip(origin.host()).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other));
    let prefix = origin.path().trim_end_matches('/');
    let path = uri.path();
    // `..` could lead out of it again.
    let plain = prefix.is_empty() || !path.split('/').any(|segment| matches!(segment, "." | ".."));
    let below = path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    uri.scheme() == origin.scheme() && same_host && port(uri) == port(origin) && below && plain
}

/// Whether a value, once encoded, is one path segment that leads nowhere else.
fn segment(value: &str) -> bool {
    !matches!(value, "" | "." | "..")
}
