use super::{DeviceRequest, ExchangeRequest, Flow, TokenRequest};
use crate::{
    error::Error,
    grant::{ClientCredentials, Introspect, Introspection, JwtBearer, RefreshToken, Revocation, TokenExchange},
    secret::Secret,
    token::Token,
};
#[cfg(doc)]
use crate::{error::ErrorKind, session::Session};

/// Grants without a login in the browser, and what can be done with a token.
impl Flow {
    /// A token for the client itself, on nobody's behalf (RFC 6749 section 4.4). Such a token says nothing about a person
    /// (RFC 9700 section 4.15).
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// let token = flow.client_credentials().scope("read").await?;
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the declaration lists other `grant_types`, [`ErrorKind::Configuration`] for an option
    /// that breaks a rule, [`ErrorKind::Provider`] if the provider refuses, and whatever the call brings.
    pub fn client_credentials(&self) -> TokenRequest<'_> {
        TokenRequest::new(self, ClientCredentials)
    }

    /// A login on another device (RFC 8628), for a program without a browser: a person is shown a code, and confirms on
    /// their telephone. Options may be set before `.await`.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// let login = flow.device().scope("read").await?;
    /// println!("Open {} and type {}", login.verification_uri(), login.user_code());
    /// let token = login.save_for("user-42").token().await?;
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the provider declares no device authorization endpoint or lists other `grant_types`,
    /// [`ErrorKind::Configuration`] for an option that breaks a rule, [`ErrorKind::Response`] if the answer lacks a member
    /// of RFC 8628 section 3.2, has a `verification_uri` that is no https page, or ends before its first `interval`;
    /// [`ErrorKind::Provider`], and whatever the call brings. A provider that has other names for them (Google says
    /// `verification_url`) needs a [`Hooks::answer`](crate::Hooks::answer) that renames them in
    /// [`Step::DeviceAuthorization`](crate::hooks::Step::DeviceAuthorization).
    pub fn device(&self) -> DeviceRequest<'_> {
        DeviceRequest::new(self)
    }

    /// A token for an assertion that somebody signed (RFC 7523 section 2.1): of a service account, or of a partner whom the
    /// provider trusts. [`JwtAssertion`](crate::JwtAssertion) makes one. Scopes are sent only where
    /// [`scope`](TokenRequest::scope) asks for them.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, key: acf_core::SigningKey) -> Result<(), acf_core::Error> {
    /// let claims = acf_core::JwtAssertion::new("my-service", "user-42", "https://as.example");
    /// let token = flow.jwt_bearer(&claims.sign(&key)?).scope("read").await?;
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`client_credentials`](Self::client_credentials).
    pub fn jwt_bearer<'a>(&'a self, assertion: &'a Secret) -> TokenRequest<'a> {
        TokenRequest::new(self, JwtBearer(assertion))
    }

    /// A token for a token (RFC 8693): in somebody's name, for a service behind this one. Takes a [`TokenExchange`], or the
    /// [`Token`] of the one in whose name it is. Asks for no scope unless told to, and saves nothing: see
    /// [`ExchangeRequest`].
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, token: acf_core::Token) -> Result<(), acf_core::Error> {
    /// let other = flow.exchange_token(&token).resource("https://backend.example/api").await?;
    /// println!("{:?}", other.issued_token_type());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`client_credentials`](Self::client_credentials), and [`ErrorKind::TokenResponse`] if the response has no
    /// `issued_token_type`. What was issued may be no access token ([`Token::token_type`] is `N_A`): sending it as one is
    /// [`ErrorKind::Configuration`].
    pub fn exchange_token(&self, exchange: impl Into<TokenExchange>) -> ExchangeRequest<'_> {
        ExchangeRequest::new(self, exchange.into())
    }

    /// Exchanges the refresh token of `token` for a new token (RFC 6749 section 6). Saves nothing:
    /// [`Session::refresh`] does.
    ///
    /// A provider that rotates refresh tokens accepts the old one no longer: keep what this returns.
    ///
    /// # Errors
    /// [`ErrorKind::TokenExpired`] if there is no refresh token, [`ErrorKind::Provider`] if the provider refuses it, and
    /// whatever the call brings.
    pub async fn refresh(&self, token: &Token) -> Result<Token, Error> {
        token.readable()?;
        self.run(&RefreshToken(token)).await
    }

    /// Gives a token up at the provider (RFC 7009): the refresh token first, then the access token.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the provider declares no revocation endpoint, and whatever the calls bring.
    pub async fn revoke(&self, token: &Token) -> Result<(), Error> {
        token.readable()?;
        if let Some(refresh) = token.refresh_token() {
            self.run(&Revocation { token, secret: refresh.expose(), hint: "refresh_token" }).await?;
        }
        self.run(&Revocation { token, secret: token.access_token().expose(), hint: "access_token" }).await
    }

    /// Asks the provider whether an access token is good, and what it is good for (RFC 7662).
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, token: acf_core::Token) -> Result<(), acf_core::Error> {
    /// let state = flow.introspect(&token).await?;
    /// println!("{} {:?}", state.is_active(), state.expires_at());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the provider declares no introspection endpoint, [`ErrorKind::Response`] if its answer
    /// has no boolean `active`, [`ErrorKind::Provider`] if it refuses the client, and whatever the call brings.
    pub async fn introspect(&self, token: &Token) -> Result<Introspection, Error> {
        token.readable()?;
        self.run(&Introspect(token)).await
    }
}
