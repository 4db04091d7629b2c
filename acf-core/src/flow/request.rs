use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use super::{Flow, options::Options};
use crate::{
    error::Error,
    grant::{Direct, Grant, TokenExchange},
    token::Token,
    value::Scopes,
};

/// A token request that sends nobody anywhere: set options, then `.await`.
#[must_use = "nothing is sent before this is awaited"]
pub struct TokenRequest<'a> {
    flow: &'a Flow,
    grant: Box<dyn Grant + 'a>,
    options: Options,
    save_for: Option<&'a str>,
    connection: &'a str,
}

impl<'a> TokenRequest<'a> {
    pub(super) fn new(flow: &'a Flow, grant: impl Grant + 'a) -> Self {
        Self { flow, grant: Box::new(grant), options: Options::default(), save_for: None, connection: "" }
    }

    /// Asks for these scopes instead of the declared ones: `"read write"`, `["read", "write"]`, or [`Scopes`]. `""` asks for
    /// none, and so does a [`jwt_bearer`](Flow::jwt_bearer) request without this.
    pub fn scope<S: TryInto<Scopes>>(mut self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        self.options.scope(scopes);
        self
    }

    /// Adds a parameter to the token request. Those of the grant itself are refused.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.param(name, value);
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

    /// With [`save_for`](Self::save_for): for this account of the user's.
    pub const fn connection(mut self, name: &'a str) -> Self {
        self.connection = name;
        self
    }

    async fn send(self) -> Result<Token, Error> {
        let provider = self.flow.resolved();
        let mut wrong = Vec::new();
        self.grant.check(&mut wrong);
        if self.save_for == Some("") {
            wrong.push("the user that the token is saved for is empty".to_owned());
        }
        let (scopes, params) = self.options.checked(&provider.rules.grant.names, wrong)?;
        if self.save_for.is_some() {
            // A token that cannot be saved is not asked for.
            self.flow.tokens()?;
        }
        let token = self.flow.run(&Direct::new(self.grant.as_ref(), scopes.as_ref(), &params, provider)).await?;
        if let Some(user) = self.save_for {
            self.flow.store_token(user, &token).connection(self.connection).await?;
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

/// A token exchange that is about to be made: set options, then `.await`.
///
/// It saves nothing. A store has one token per provider and user, and the one that is asked for here would take the place
/// of the person's own, with its refresh token:
///
/// ```compile_fail
/// # async fn example(flow: acf_core::Flow, token: acf_core::Token) -> Result<(), acf_core::Error> {
/// flow.exchange_token(&token).save_for("user-42").await?;
/// # Ok(())
/// # }
/// ```
///
/// Exchange again when it has ended, or keep it in a [`TokenStore`](crate::TokenStore) under a name that is no user's.
#[must_use = "nothing is sent before this is awaited"]
pub struct ExchangeRequest<'a>(TokenRequest<'a>);

impl<'a> ExchangeRequest<'a> {
    pub(super) fn new(flow: &'a Flow, exchange: TokenExchange) -> Self {
        let audience = exchange.audience.clone();
        let request = TokenRequest::new(flow, exchange);
        Self(audience.into_iter().fold(request, |request, audience| request.param("audience", audience)))
    }

    /// Asks for these scopes: `"read write"`, `["read", "write"]`, or [`Scopes`]. None unless set.
    pub fn scope<S: TryInto<Scopes>>(self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        Self(self.0.scope(scopes))
    }

    /// Adds a parameter to the token request. Those of the grant itself are refused.
    pub fn param(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.param(name, value))
    }

    /// Where the token will be used (RFC 8707): an absolute URI without a fragment. May be given several times.
    pub fn resource(self, uri: impl Into<String>) -> Self {
        Self(self.0.resource(uri))
    }
}

impl<'a> IntoFuture for ExchangeRequest<'a> {
    type Output = Result<Token, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        self.0.into_future()
    }
}

impl fmt::Debug for ExchangeRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExchangeRequest").field("provider", &self.0.flow.provider()).finish_non_exhaustive()
    }
}
