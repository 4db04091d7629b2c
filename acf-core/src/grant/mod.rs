//! What a flow asks of a provider's endpoints. Each grant, and each other call, is one file with a pair of functions: one
//! makes the request, one takes the response. Neither does I/O: whoever drives a flow, and however, runs the same pairs.

mod api;
mod authorization_code;
mod client;
mod client_credentials;
mod device_authorization;
mod device_code;
mod direct;
mod draft;
mod introspection;
mod jwt_bearer;
#[cfg(feature = "legacy-grants")]
mod password;
mod refresh_token;
mod revocation;
mod token_exchange;
mod values;

use http::{HeaderMap, Uri};
use zeroize::Zeroizing;

#[cfg(feature = "legacy-grants")]
pub(crate) use self::password::Password;
pub(crate) use self::{
    api::add_token,
    authorization_code::AuthorizationCode,
    client::{Credentials, Proof},
    client_credentials::ClientCredentials,
    device_authorization::{Codes, DeviceAuthorization},
    device_code::{DeviceCode, Polling, Turn},
    direct::{Direct, Grant},
    introspection::Introspect,
    jwt_bearer::JwtBearer,
    refresh_token::RefreshToken,
    revocation::Revocation,
    values::Values,
};
pub use self::{draft::Draft, introspection::Introspection, token_exchange::TokenExchange};
use crate::{
    error::Error,
    form,
    hooks::Step,
    http::{Request, Response},
    provider::{ClientAuth, Post, RequestRules, Resolved},
    token::Token,
};
use acf_rules::language::Method;

/// A request to one of the provider's endpoints, and what its answer means.
pub(crate) trait Pair {
    /// What a success brings.
    type Output;

    /// What is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) if the provider is not declared to take it, and whatever
    /// is wrong with what was asked.
    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error>;

    /// What came back. `confidential` must not appear in what is made of it.
    ///
    /// # Errors
    /// What the provider said, or why that cannot be read.
    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Self::Output, Error>;
}

/// A request that is about to be made.
pub(crate) struct Call<'a> {
    pub(crate) step: Step,
    pub(crate) rules: &'a RequestRules,
    pub(crate) endpoint: Uri,
    /// Encoded beforehand, where nothing must be worked out.
    pub(crate) ready: Option<&'a Ready>,
    /// The grant's own parameters, by their names in the RFC.
    pub(crate) own: Own<'a>,
    /// What the caller adds. A name may occur several times (RFC 8707 section 2).
    pub(crate) more: &'a [(String, String)],
    pub(crate) values: Values<'a>,
    /// What proves the request, where it is not the client's own.
    pub(crate) bearer: Option<&'a Token>,
}

/// Parameters by their names in the RFC, in the order in which they are sent. No grant has more than a few, so they need
/// no place on the heap.
#[derive(Clone, Copy, Default)]
pub(crate) struct Own<'a> {
    params: [(&'static str, &'a str); 8],
    secret: [bool; 8],
    length: usize,
}

impl<'a> Own<'a> {
    /// Begins with the grant type.
    pub(crate) fn of(grant_type: &'a str) -> Self {
        Self::default().with("grant_type", grant_type)
    }

    #[inline]
    pub(crate) fn with(self, name: &'static str, value: &'a str) -> Self {
        self.push(name, value, false)
    }

    /// A parameter that must not come back in an error.
    #[inline]
    pub(crate) fn with_secret(self, name: &'static str, value: &'a str) -> Self {
        self.push(name, value, true)
    }

    #[inline]
    fn push(mut self, name: &'static str, value: &'a str, secret: bool) -> Self {
        if let (Some(param), Some(is_secret)) = (self.params.get_mut(self.length), self.secret.get_mut(self.length)) {
            (*param, *is_secret) = ((name, value), secret);
            self.length += 1;
        }
        self
    }

    pub(crate) fn params(&self) -> &[(&'static str, &'a str)] {
        self.params.get(..self.length).unwrap_or_default()
    }

    /// What must not come back.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &'a str> {
        let all = self.params.iter().zip(self.secret).take(self.length);
        all.filter_map(|((_, value), secret)| secret.then_some(*value))
    }
}

/// What all requests of one shape have in common, encoded once: for the usual shape, a form by POST.
#[derive(Debug)]
pub(crate) struct Ready {
    headers: HeaderMap,
    /// Each pair preceded by `&`.
    tail: Zeroizing<String>,
}

impl Ready {
    /// `None` where something must be worked out for each request.
    pub(crate) fn new(rules: &RequestRules, credentials: &Credentials) -> Option<Self> {
        let usual = rules.method == Method::Post
            && rules.post == Post::Form
            && rules.grant_type.is_none()
            && rules.names.is_plain()
            && rules.headers.templates.is_empty()
            && rules.params.iter().all(|(_, template)| template.plain().is_some())
            && !matches!(rules.client_auth, ClientAuth::PrivateKeyJwt | ClientAuth::ClientSecretJwt);
        if !usual {
            return None;
        }
        let proof = credentials.prove(rules.client_auth, None, "").ok()?;
        let draft = Draft::new(rules, Uri::default(), &[], &[], proof, &Values::default()).ok()?;
        let mut tail =
            Zeroizing::new(String::with_capacity(draft.params().map(|(n, v)| 3 * (n.len() + v.len()) + 2).sum()));
        for (name, value) in draft.params() {
            tail.push('&');
            form::encode(&mut tail, name);
            tail.push('=');
            form::encode(&mut tail, value);
        }
        Some(Self { headers: draft.headers().clone(), tail })
    }

    /// The request with these parameters.
    pub(crate) fn request(&self, endpoint: &Uri, own: &[(&str, &str)]) -> Result<Request, Error> {
        // With room for what the transport adds, which a clone would not have.
        let mut headers = HeaderMap::with_capacity(4 + self.headers.len());
        headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        draft::encode(Method::Post, Post::Form, endpoint, own.iter().copied(), &self.tail, headers)
    }
}
