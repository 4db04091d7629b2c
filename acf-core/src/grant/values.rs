//! What is filled into the templates of a request.

use std::borrow::Cow;

use acf_rules::uri;
use http::{HeaderName, HeaderValue, Uri};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::{
    error::Error,
    form,
    provider::{Resolved, Target, Template},
    token::{self, Token},
    value::Scopes,
};

/// What a request knows to fill into templates.
#[derive(Clone, Copy, Default)]
pub(crate) struct Values<'a> {
    pub(crate) code: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
    pub(crate) scopes: Option<&'a Scopes>,
    /// What stands between them.
    pub(crate) separator: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) access_token: Option<&'a str>,
    pub(crate) refresh_token: Option<&'a str>,
    pub(crate) id_token: Option<&'a str>,
    pub(crate) client_secret: Option<&'a str>,
    /// What the callback brought.
    pub(crate) captured: &'a [(String, String)],
    /// What came with the token.
    pub(crate) extra: Option<&'a Map<String, Value>>,
}

impl<'a> Values<'a> {
    pub(crate) fn new(provider: &'a Resolved) -> Self {
        Self { separator: &provider.rules.authorize.scope_separator, ..Self::default() }
    }

    /// What a stored token knows.
    pub(crate) fn of(provider: &'a Resolved, token: &'a Token) -> Self {
        Self {
            scopes: Some(token.scopes()),
            token: Some(token.access_token().expose()),
            access_token: Some(token.access_token().expose()),
            refresh_token: token.refresh_token().map(|secret| secret.expose()),
            id_token: token.id_token().map(|secret| secret.expose()),
            extra: Some(token.extras()),
            ..Self::new(provider)
        }
    }

    /// What must not come back in an error.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        [self.token, self.access_token, self.refresh_token, self.id_token].into_iter().flatten()
    }

    fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let known = match name {
            "code" => self.code,
            "state" => self.state,
            "scope" => return self.scopes.map(|scopes| Cow::Owned(scopes.join(self.separator))),
            "token" => self.token,
            "access_token" => self.access_token,
            "refresh_token" => self.refresh_token,
            "id_token" => self.id_token,
            "client_secret" => self.client_secret,
            _ => self.captured.iter().find(|(captured, _)| captured == name).map(|(_, value)| value.as_str()),
        };
        known.map(Cow::Borrowed).or_else(|| token::text(self.extra?.get(name)?))
    }

    pub(super) fn fill(&self, template: &Template) -> Result<Zeroizing<String>, Error> {
        match template.plain() {
            Some(text) => Ok(Zeroizing::new(text.to_owned())),
            None => template.fill(|name| self.get(name), |out, value| out.push_str(value)),
        }
    }

    /// The value of a header. A line break in what is filled in would begin another header, and is refused.
    pub(super) fn header(&self, name: &HeaderName, template: &Template) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::from_str(&self.fill(template)?)
            .map_err(|_| Error::configuration(format!("the value of the header `{name}` cannot be sent")))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Target {
    /// The URI of one request: what is filled in is one path segment, percent-encoded.
    pub(crate) fn uri(&self, values: &Values<'_>) -> Result<Uri, Error> {
        match self {
            Self::Fixed(uri) => Ok(uri.clone()),
            Self::Template(template) => {
                if let Some(name) = template
                    .slots()
                    .find(|name| values.get(name).is_some_and(|value| matches!(value.as_ref(), "" | "." | "..")))
                {
                    return Err(Error::configuration(format!(
                        "`{name}` must be one path segment, neither empty nor dots"
                    )));
                }
                let url = template.fill(|name| values.get(name), form::encode)?;
                let broken = || Error::configuration("an endpoint cannot be requested once it is filled in");
                uri::endpoint(&url).map_err(|_| broken())?;
                url.parse().map_err(|_| broken())
            }
        }
    }
}
