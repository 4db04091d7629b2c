//! A token for a token (RFC 8693).

use std::fmt;

use acf_rules::{language::GrantType, text, uri};

use super::{Grant, Own};
use crate::{
    error::{Error, sentence},
    hooks::Step,
    http::Response,
    secret::Secret,
    token::{self, Expected, Token},
};

/// What [`Flow::exchange_token`](crate::Flow::exchange_token) hands in: the token of the one on whose behalf the new one
/// is asked for, and whom that is for (RFC 8693 section 2.1). Each token comes with its type.
///
/// ```
/// use acf_core::{Secret, TokenExchange};
///
/// let exchange = TokenExchange::new(Secret::from("eyJ..".to_owned()), TokenExchange::JWT)
///     .actor(Secret::from("eyK..".to_owned()), TokenExchange::ACCESS_TOKEN)
///     .audience("https://backend.example")
///     .requested_token_type(TokenExchange::ACCESS_TOKEN);
/// assert_eq!(format!("{exchange:?}"), "TokenExchange(***)");
/// ```
#[must_use = "hand it to `Flow::exchange_token`"]
#[derive(Clone)]
pub struct TokenExchange {
    subject: Typed,
    actor: Option<Typed>,
    requested: Option<String>,
    pub(crate) audience: Vec<String>,
}

/// A token, and what kind of a token it is.
#[derive(Clone)]
struct Typed {
    token: Secret,
    kind: String,
}

impl TokenExchange {
    /// An access token (RFC 8693 section 3).
    pub const ACCESS_TOKEN: &'static str = "urn:ietf:params:oauth:token-type:access_token";
    /// A refresh token.
    pub const REFRESH_TOKEN: &'static str = "urn:ietf:params:oauth:token-type:refresh_token";
    /// An ID token of OpenID Connect.
    pub const ID_TOKEN: &'static str = "urn:ietf:params:oauth:token-type:id_token";
    /// Any JSON Web Token.
    pub const JWT: &'static str = "urn:ietf:params:oauth:token-type:jwt";
    /// A SAML 1.1 assertion, in base64url.
    pub const SAML1: &'static str = "urn:ietf:params:oauth:token-type:saml1";
    /// A SAML 2.0 assertion, in base64url.
    pub const SAML2: &'static str = "urn:ietf:params:oauth:token-type:saml2";

    /// On behalf of the one whom `subject_token` is about. Its type is one of the constants here, or another URI.
    pub fn new(subject_token: impl Into<Secret>, subject_token_type: impl Into<String>) -> Self {
        let subject = Typed { token: subject_token.into(), kind: subject_token_type.into() };
        Self { subject, actor: None, requested: None, audience: Vec::new() }
    }

    /// Who acts: the new token says that this one acts for the other (RFC 8693 section 1.1, delegation).
    pub fn actor(mut self, actor_token: impl Into<Secret>, actor_token_type: impl Into<String>) -> Self {
        self.actor = Some(Typed { token: actor_token.into(), kind: actor_token_type.into() });
        self
    }

    /// Whom the new token is for, by the name that the authorization server knows. May be given several times.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience.push(audience.into());
        self
    }

    /// What type the new token is to be of. Where it is not said, the authorization server chooses.
    pub fn requested_token_type(mut self, token_type: impl Into<String>) -> Self {
        self.requested = Some(token_type.into());
        self
    }
}

/// On behalf of the one whom the access token is about.
impl From<&Token> for TokenExchange {
    fn from(token: &Token) -> Self {
        Self::new(token.access_token().clone(), Self::ACCESS_TOKEN)
    }
}

impl fmt::Debug for TokenExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenExchange(***)")
    }
}

impl Grant for TokenExchange {
    fn grant_type(&self) -> GrantType {
        GrantType::TokenExchange
    }

    fn step(&self) -> Step {
        Step::TokenExchange
    }

    fn own(&self) -> Own<'_> {
        let own = Own::of("urn:ietf:params:oauth:grant-type:token-exchange");
        let own = match &self.requested {
            Some(kind) => own.with("requested_token_type", kind),
            None => own,
        };
        let own = own
            .with_secret("subject_token", self.subject.token.expose())
            .with("subject_token_type", &self.subject.kind);
        match &self.actor {
            Some(actor) => own.with_secret("actor_token", actor.token.expose()).with("actor_token_type", &actor.kind),
            None => own,
        }
    }

    fn check(&self, wrong: &mut Vec<String>) {
        let tokens = [("subject_token", Some(&self.subject)), ("actor_token", self.actor.as_ref())];
        for (name, typed) in tokens.into_iter().filter_map(|(name, typed)| Some((name, typed?))) {
            if text::token(typed.token.expose()).is_err() {
                wrong.push(format!("the `{name}` is empty or has characters that no token has"));
            }
        }
        let kinds = [
            ("subject_token_type", Some(&self.subject.kind)),
            ("actor_token_type", self.actor.as_ref().map(|actor| &actor.kind)),
            ("requested_token_type", self.requested.as_ref()),
        ];
        for (name, kind) in kinds.into_iter().filter_map(|(name, kind)| Some((name, kind?))) {
            if let Err(violation) = uri::resource(kind) {
                wrong.push(sentence(name, kind, violation));
            }
        }
        if self.audience.iter().any(String::is_empty) {
            wrong.push("the `audience` is empty".to_owned());
        }
    }

    /// What the declaration asks for on a login says nothing about a service behind it (RFC 8693 section 2.1: the scope is
    /// that of the target).
    fn asks_for_declared_scopes(&self) -> bool {
        false
    }

    fn read(&self, response: Response, expected: &Expected<'_>) -> Result<Token, Error> {
        token::read_exchanged_token(response, expected)
    }
}
