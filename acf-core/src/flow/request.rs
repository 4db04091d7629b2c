use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use acf_rules::{declaration, uri};

use super::Flow;
use crate::{
    error::{Error, sentence},
    grant::{Direct, Grant},
    token::Token,
    value::Scopes,
};

/// A token request that sends nobody anywhere: set options, then `.await`.
#[must_use = "nothing is sent before this is awaited"]
pub struct TokenRequest<'a> {
    flow: &'a Flow,
    grant: Box<dyn Grant + 'a>,
    scopes: Option<Result<Scopes, Error>>,
    params: Vec<(String, String)>,
    save_for: Option<&'a str>,
}

impl<'a> TokenRequest<'a> {
    pub(super) fn new(flow: &'a Flow, grant: impl Grant + 'a) -> Self {
        Self { flow, grant: Box::new(grant), scopes: None, params: Vec::new(), save_for: None }
    }

    /// Asks for these scopes instead of the declared ones: `"read write"`, `["read", "write"]`, or [`Scopes`]. `""` asks for
    /// none.
    pub fn scope<S: TryInto<Scopes>>(mut self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        self.scopes = Some(scopes.try_into().map_err(Error::from));
        self
    }

    /// Adds a parameter to the token request. Those of the grant itself are refused.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Where the token will be used (RFC 8707): an absolute URI without a fragment. May be given several times.
    pub fn resource(self, uri: impl Into<String>) -> Self {
        self.param("resource", uri)
    }

    /// Saves the token for that user before it is returned, as [`Flow::finish`] does: [`Flow::session`] then finds it. A
    /// program that acts for itself takes a name of its own, such as `"service"`.
    pub fn save_for(mut self, user: &'a str) -> Self {
        self.save_for = Some(user);
        self
    }

    async fn send(self) -> Result<Token, Error> {
        let provider = self.flow.resolved();
        let mut wrong = Vec::new();
        let scopes = self.scopes.and_then(|scopes| scopes.map_err(|error| wrong.push(error.to_string())).ok());
        for (name, value) in &self.params {
            declaration::check_token_param(name, &mut |_, message, help| wrong.push(format!("{message}: {help}")));
            if provider.rules.grant.names.is_new(name) {
                wrong.push(format!("parameter `{name}` is set by the flow and cannot be overridden: remove it"));
            }
            if name == "resource"
                && let Err(violation) = uri::resource(value)
            {
                wrong.push(sentence("resource", value, violation));
            }
        }
        if self.save_for == Some("") {
            wrong.push("the user that the token is saved for is empty".to_owned());
        }
        if !wrong.is_empty() {
            return Err(Error::configuration(wrong.join("\n")));
        }
        if self.save_for.is_some() {
            // Before anything is sent: a token that cannot be saved should not be asked for.
            self.flow.tokens()?;
        }
        let token = self.flow.run(&Direct::new(self.grant.as_ref(), scopes.as_ref(), &self.params, provider)).await?;
        if let Some(user) = self.save_for {
            self.flow.store_token(user, &token).await?;
        }
        Ok(token)
    }
}

impl<'a> IntoFuture for TokenRequest<'a> {
    type Output = Result<Token, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for TokenRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").field("provider", &self.flow.provider()).finish_non_exhaustive()
    }
}
