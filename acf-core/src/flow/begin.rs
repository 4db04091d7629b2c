use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};

use acf_rules::{declaration, language::Endpoint, text, uri};

use super::Flow;
use crate::{
    authorization::{Asked, AuthorizationRequest, ResponseType, StateKey, UrlTemplate},
    error::{Error, sentence},
    provider::Resolved,
    value::Scopes,
};

/// A login that is about to begin: set options, then `.await`.
#[must_use = "a login begins when this is awaited"]
pub struct Begin<'a> {
    flow: &'a Flow,
    user: &'a str,
    response_type: ResponseType,
    scopes: Option<Result<Scopes, Error>>,
    redirect_uri: Option<String>,
    params: Vec<(String, String)>,
    return_to: Option<Box<str>>,
}

impl<'a> Begin<'a> {
    pub(super) fn new(flow: &'a Flow, user: &'a str, response_type: ResponseType) -> Self {
        Self { flow, user, response_type, scopes: None, redirect_uri: None, params: Vec::new(), return_to: None }
    }

    /// Asks for these scopes instead of the declared ones: `"read write"`, `["read", "write"]`, or [`Scopes`].
    pub fn scope<S: TryInto<Scopes>>(mut self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        self.scopes = Some(scopes.try_into().map_err(Error::from));
        self
    }

    /// Adds a parameter to the authorization request, or replaces a declared one. The flow's own parameters are refused.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.params.retain(|(earlier, _)| *earlier != name);
        self.params.push((name, value.into()));
        self
    }

    /// Comes back to this redirect URI instead of the provider value's own.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(redirect_uri.into());
        self
    }

    /// Where the person wants to go afterwards; [`Flow::complete`] hands it back. A path on this site: anything that a
    /// browser could take for another site becomes `/`.
    pub fn return_to(mut self, path: &str) -> Self {
        self.return_to = Some(if text::local_path(path).is_ok() { path.into() } else { "/".into() });
        self
    }

    async fn start(self) -> Result<AuthorizationRequest, Error> {
        let inner = &self.flow.0;
        inner.provider.allows(self.response_type.grant_type())?;
        inner.provider.declared(Endpoint::Authorization, inner.provider.authorization_endpoint.as_ref())?;
        let state = self.flow.make_state()?;
        let plain = self.scopes.is_none() && self.redirect_uri.is_none() && self.params.is_empty();
        let plain = plain && self.response_type == ResponseType::Code;
        let (url, asked) = if plain {
            (self.flow.authorization_url(&state), Arc::clone(&inner.asked))
        } else {
            let (url, asked) = self.options(&inner.provider)?;
            (url.fill(&state), Arc::new(asked))
        };
        let key = StateKey::new(state.as_str(), self.response_type);
        self.flow.keep(self.user, key, &state, self.return_to, asked).await?;
        Ok(AuthorizationRequest { url, state: state.state() })
    }

    fn options(&self, provider: &Resolved) -> Result<(UrlTemplate, Asked), Error> {
        let mut wrong = Vec::new();
        let scopes = match &self.scopes {
            Some(Ok(scopes)) => scopes.clone(),
            Some(Err(error)) => {
                wrong.push(error.to_string());
                Scopes::default()
            }
            None => provider.scopes.clone(),
        };
        for (name, _) in &self.params {
            declaration::check_authorize_param(name, &mut |_, message, help| wrong.push(format!("{message}: {help}")));
            if provider.rules.authorize.names.is_new(name) {
                wrong.push(format!("parameter `{name}` is set by the flow and cannot be overridden: remove it"));
            }
        }
        let redirect_uri = self.redirect_uri.as_deref().unwrap_or(&provider.redirect_uri);
        if let Err(violation) = uri::redirect_uri(redirect_uri) {
            wrong.push(sentence("redirect_uri", redirect_uri, violation));
        }
        if !wrong.is_empty() {
            return Err(Error::configuration(wrong.join("\n")));
        }
        let url = UrlTemplate::new(provider, self.response_type, redirect_uri, &scopes, &self.params);
        Ok((url, Asked::new(provider, redirect_uri, scopes)))
    }
}

impl<'a> IntoFuture for Begin<'a> {
    type Output = Result<AuthorizationRequest, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.start())
    }
}

impl fmt::Debug for Begin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begin").field("provider", &self.flow.0.provider.name).finish_non_exhaustive()
    }
}
