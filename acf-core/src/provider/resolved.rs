//! Everything about a provider that does not change between logins, worked out once.

use acf_rules::{text, uri};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use zeroize::Zeroizing;

use super::{ClientAuth, Endpoint, Parts, Post, fields::Placeholder};
use crate::{
    error::{Error, sentence},
    form,
    secret::ClientSecret,
    value::Scopes,
};

/// A provider, ready for use: endpoints joined and filled in, credentials encoded, headers parsed.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: Uri,
    pub(crate) refresh_endpoint: Uri,
    pub(crate) revocation_endpoint: Option<Uri>,
    pub(crate) userinfo_endpoint: Option<String>,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
    pub(crate) scope_separator: String,
    pub(crate) scope_param: String,
    pub(crate) authorize_params: Vec<(String, String)>,
    pub(crate) post: Post,
    pub(crate) token_params: Vec<(String, String)>,
    pub(crate) token_headers: HeaderMap,
    pub(crate) credentials: Credentials,
    /// [`always`](Self::always) as a form, each pair preceded by `&`.
    pub(crate) always_encoded: Zeroizing<String>,
    pub(crate) response: ResponseRules,
}

/// Who the client is, and how it says so.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) secret: Option<ClientSecret>,
    pub(crate) method: ClientAuth,
    /// The `Authorization` header of the two Basic methods, encoded once and marked as sensitive.
    pub(crate) basic: Option<HeaderValue>,
}

/// How the provider's token response deviates.
#[derive(Clone, Debug)]
pub(crate) struct ResponseRules {
    /// Used where the response has no `token_type`.
    pub(crate) token_type: Option<String>,
    /// The member that holds the lifetime in seconds.
    pub(crate) expires: String,
    pub(crate) scope_separator: char,
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
    pub(crate) fn new(parts: &Parts<'_>) -> Result<Self, Error> {
        let mut mistakes = Mistakes::default();
        let definition = parts.definition;

        mistakes.check("client_id", parts.client_id, text::credential(parts.client_id));
        mistakes.check("redirect_uri", parts.redirect_uri, uri::redirect_uri(parts.redirect_uri));
        let credentials = Credentials::new(parts, &mut mistakes);

        let mut endpoints = Endpoints { parts, mistakes: &mut mistakes };
        let authorization_endpoint = endpoints.url(Endpoint::Authorization).unwrap_or_default();
        let token_endpoint = endpoints.uri(Endpoint::Token).unwrap_or_default();
        let refresh_endpoint = endpoints.uri(Endpoint::Refresh);
        let revocation_endpoint = endpoints.uri(Endpoint::Revocation);
        let userinfo_endpoint = endpoints.url(Endpoint::Userinfo);

        let scopes = match parts.scopes {
            Some(scopes) => scopes.clone(),
            None => Scopes::new(definition.scopes()).unwrap_or_else(|error| {
                mistakes.push(error.to_string());
                Scopes::default()
            }),
        };
        for scope in scopes.iter() {
            mistakes.check("scope", scope, text::scope_in_list(scope, &definition.scope_separator));
        }

        let issuer = given(parts.issuer.unwrap_or(&definition.issuer));
        if let Some(issuer) = &issuer {
            mistakes.check("issuer", issuer, uri::issuer(issuer));
        }

        let mut token_headers = HeaderMap::new();
        for (name, value) in definition.token_headers.iter() {
            match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
                (Ok(name), Ok(value)) => drop(token_headers.insert(name, value)),
                _ => mistakes.push(format!("`{name}` is not a header that can be sent")),
            }
        }

        mistakes.into_result()?;
        let mut provider = Self {
            name: definition.name().to_owned(),
            display_name: definition.display_name().to_owned(),
            issuer,
            authorization_endpoint,
            refresh_endpoint: refresh_endpoint.unwrap_or_else(|| token_endpoint.clone()),
            token_endpoint,
            revocation_endpoint,
            userinfo_endpoint,
            redirect_uri: parts.redirect_uri.to_owned(),
            scopes,
            scope_separator: definition.scope_separator.to_string(),
            scope_param: definition.scope_param.to_string(),
            authorize_params: owned(definition.authorize_params.iter()),
            post: definition.post,
            token_params: owned(definition.token_params.iter()),
            token_headers,
            credentials,
            always_encoded: Zeroizing::default(),
            response: ResponseRules {
                token_type: given(&definition.token_type),
                expires: given(&definition.expires).unwrap_or_else(|| "expires_in".to_owned()),
                scope_separator: definition.response_scope_separator.chars().next().unwrap_or(' '),
            },
        };
        let room = provider.always().map(|(name, value)| name.len() + 3 * (value.len() + 1)).sum();
        let mut encoded = Zeroizing::new(String::with_capacity(room));
        for (name, value) in provider.always() {
            encoded.push('&');
            form::pair(&mut encoded, name, value);
        }
        provider.always_encoded = encoded;
        Ok(provider)
    }

    /// The parameters that every request with client authentication has: declared ones and, for the methods that use the
    /// body, the credentials (RFC 6749 section 2.3.1).
    pub(crate) fn always(&self) -> impl Iterator<Item = (&str, &str)> {
        let Credentials { client_id, secret, method, basic } = &self.credentials;
        let id = basic.is_none().then_some(("client_id", client_id.as_str()));
        let secret = secret.as_ref().filter(|_| *method == ClientAuth::ClientSecretPost);
        let secret = secret.map(|secret| ("client_secret", secret.expose()));
        self.token_params.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(id).chain(secret)
    }

    /// The authorization URL up to and including `state=`: what all logins with the same options share
    /// (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
    pub(crate) fn authorization_prefix(
        &self,
        redirect_uri: &str,
        scopes: &Scopes,
        params: &[(String, String)],
    ) -> String {
        let mut url = self.authorization_endpoint.clone();
        url.push(if url.contains('?') { '&' } else { '?' });
        form::pair(&mut url, "response_type", "code");
        form::pair(&mut url, "client_id", &self.credentials.client_id);
        form::pair(&mut url, "redirect_uri", redirect_uri);
        if !scopes.is_empty() {
            form::pair(&mut url, &self.scope_param, &scopes.join(&self.scope_separator));
        }
        let overridden = |name: &str| params.iter().any(|(given, _)| given == name);
        for (name, value) in self.authorize_params.iter().filter(|(name, _)| !overridden(name)).chain(params) {
            form::pair(&mut url, name, value);
        }
        form::pair(&mut url, "code_challenge_method", "S256");
        url.push_str("&state=");
        url
    }
}

impl Credentials {
    fn new(parts: &Parts<'_>, mistakes: &mut Mistakes) -> Self {
        let method = parts.definition.client_auth;
        let secret = parts.client_secret;
        if method.needs_secret() && secret.is_none() {
            mistakes.push(format!("`{}` needs a client secret: set `client_secret`", method.name()));
        }
        let basic = secret.and_then(|secret| match method {
            ClientAuth::ClientSecretBasic => {
                // Form-encoded, as RFC 6749 section 2.3.1 wants it: a space, which nothing else becomes `%20` for, is `+`.
                let room = 3 * (parts.client_id.len() + secret.expose().len()) + 1;
                let mut pair = Zeroizing::new(String::with_capacity(room));
                form::encode(&mut pair, parts.client_id);
                pair.push(':');
                form::encode(&mut pair, secret.expose());
                Some(Zeroizing::new(pair.replace("%20", "+")))
            }
            ClientAuth::ClientSecretBasicRaw => {
                Some(Zeroizing::new(format!("{}:{}", parts.client_id, secret.expose())))
            }
            _ => None,
        });
        let basic = basic.and_then(|pair| {
            let text = Zeroizing::new(format!("Basic {}", *Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()))));
            let mut value = HeaderValue::from_str(&text).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        Self { client_id: parts.client_id.to_owned(), secret: secret.cloned(), method, basic }
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn owned<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Joins, fills in and checks endpoints.
struct Endpoints<'a, 'p> {
    parts: &'a Parts<'p>,
    mistakes: &'a mut Mistakes,
}

impl Endpoints<'_, '_> {
    /// The whole URL of an endpoint; `None` where there is none or it is wrong.
    fn url(&mut self, endpoint: Endpoint) -> Option<String> {
        let definition = self.parts.definition;
        let declared = definition.endpoints.get(endpoint as usize)?;
        let field = self.parts.endpoints.get(endpoint as usize).copied().flatten();
        let template = match field.unwrap_or(declared) {
            "" => return None,
            path if path.starts_with('/') => {
                let base = self.parts.base_uri.unwrap_or(&definition.base_uri);
                if !self.mistakes.check("base_uri", base, uri::base_uri(base)) {
                    return None;
                }
                format!("{base}{path}")
            }
            url => url.to_owned(),
        };
        let filled = self.fill(&template)?;
        self.mistakes.check(endpoint.url_key(), &filled, uri::endpoint(&filled)).then_some(filled)
    }

    fn uri(&mut self, endpoint: Endpoint) -> Option<Uri> {
        let url = self.url(endpoint)?;
        match url.parse() {
            Ok(uri) => Some(uri),
            Err(_) => {
                self.mistakes.push(format!("`{url}` cannot be requested: it is not a URI that HTTP can send"));
                None
            }
        }
    }

    /// Fills in placeholders: hosts as they are, since their types were checked; everything else as one path segment.
    fn fill(&mut self, template: &str) -> Option<String> {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}')?;
            filled.push_str(before);
            let in_host = !filled.get(filled.find("://").map_or(0, |at| at + 3)..).unwrap_or("").contains('/');
            match self.parts.placeholders.iter().find(|placeholder| placeholder.name == name) {
                Some(Placeholder { value, host: true, .. }) if uri::host(value).is_ok() => filled.push_str(value),
                Some(Placeholder { value, host: false, .. }) if !in_host && segment(value) => {
                    form::encode(&mut filled, value);
                }
                Some(_) if in_host => {
                    self.mistakes.push(format!("`{name}` is not a host: use letters, digits, `-` and `.`"));
                    return None;
                }
                Some(_) => {
                    self.mistakes.push(format!("`{name}` must be one path segment, neither empty nor dots"));
                    return None;
                }
                None => {
                    self.mistakes.push(format!("nothing provides `{{{name}}}`"));
                    return None;
                }
            }
            rest = behind;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// Whether a value, once encoded, is one path segment that leads nowhere else.
fn segment(value: &str) -> bool {
    !matches!(value, "" | "." | "..")
}
