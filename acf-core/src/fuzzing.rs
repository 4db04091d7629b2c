//! What the fuzz targets reach into: the readers of what comes from outside, without a flow around them. Built by
//! cargo-fuzz alone.
#![allow(missing_docs, reason = "no part of the library")]

use std::sync::OnceLock;

use http::StatusCode;

use crate::{
    ClientAuth, Custom, Error, Scopes, Token,
    callback::Callback,
    http::Response,
    provider::{Resolved, Rules},
    token::{Expected, read_token},
};
#[cfg(feature = "legacy-grants")]
use crate::{callback::Fragment, token::token_of_fragment};

/// What a declaration says, and what is sent in confidence.
pub struct Reader {
    rules: Rules,
    scopes: Scopes,
}

impl Reader {
    /// With the entries of a declaration.
    ///
    /// # Errors
    /// A declaration that breaks a rule.
    pub fn new(entries: &[(&str, &str)]) -> Result<Self, Error> {
        let builder = Custom::builder("forge")
            .base_uri("https://forge.example")
            .authorization_path("/authorize")
            .access_token_path("/token")
            .client_auth(ClientAuth::None)
            .client_id("id")
            .redirect_uri("https://app.example/callback");
        let builder = entries.iter().fold(builder, |builder, (key, text)| builder.set(*key, *text));
        Ok(Self { rules: Resolved::new(&builder.build()?)?.rules, scopes: Scopes::new(["asked"])? })
    }

    /// The readers that targets share: one without a declaration, one with everything that loosens.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Reader>> = OnceLock::new();
        const LOOSE: &[(&str, &str)] = &[
            ("token_response.token_type", "Bearer"),
            ("token_response.encoding", "json"),
            ("token_response.scope_list", ""),
            ("token_response.zero_is_never", ""),
            ("token_response.path", "/data"),
            ("token_response.status", "201"),
            ("callback.rename.code", "auth_code"),
            ("callback.capture", "realmId"),
        ];
        const FORM: &[(&str, &str)] = &[
            ("token_response.encoding", "form"),
            ("token_response.expires", "expires"),
            ("token_response.expires_unit", "date_time"),
            ("token_response.scope_separator", ","),
        ];
        ALL.get_or_init(|| [&[][..], LOOSE, FORM].into_iter().filter_map(|entries| Self::new(entries).ok()).collect())
    }

    /// The state and the code of a callback.
    ///
    /// # Errors
    /// Whatever the callback breaks.
    pub fn callback(&self, text: &str) -> Result<(String, Option<String>), Error> {
        let callback = Callback::parse(text, &self.rules.callback, None)?;
        Ok((callback.state.to_string(), callback.code.map(|code| code.to_string())))
    }

    /// The state and the token of a fragment.
    ///
    /// # Errors
    /// Whatever the fragment breaks.
    #[cfg(feature = "legacy-grants")]
    pub fn fragment(&self, text: &str) -> Result<(String, Option<Token>), Error> {
        let Fragment { callback, members } = Fragment::parse(text, &self.rules.callback, &self.rules.response, None)?;
        let state = callback.state.to_string();
        let expected = Expected { rules: &self.rules.response, scopes: &self.scopes, confidential: &[&state] };
        let token = callback.error.is_none().then(|| token_of_fragment(members, &expected)).transpose()?;
        Ok((state, token))
    }

    /// The token in an answer; `secret` was sent in confidence.
    ///
    /// # Errors
    /// Whatever the answer breaks.
    pub fn token(&self, status: u16, content_type: &'static str, body: &[u8], secret: &str) -> Result<Token, Error> {
        let mut response = Response::new(body.to_vec().into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
        let expected = Expected { rules: &self.rules.response, scopes: &self.scopes, confidential: &[secret] };
        read_token(response, &expected)
    }
}
