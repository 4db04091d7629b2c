//! Requests with credentials. Each grant brings its own parameters; what the provider's declaration makes of them, and
//! what proves who the client is, is the same for all.

mod api;
mod client;
mod draft;
mod values;

use http::{HeaderMap, Uri};
use zeroize::Zeroizing;

pub use self::draft::Draft;
pub(crate) use self::{
    api::add_token,
    client::{Credentials, Proof},
    values::Values,
};
use crate::{
    error::Error,
    form,
    hooks::Step,
    http::Request,
    provider::{ClientAuth, Post, RequestRules, Target},
    token::Token,
};
use acf_rules::language::Method;

/// A request that is about to be made.
pub(crate) struct Call<'a> {
    pub(crate) step: Step,
    pub(crate) rules: &'a RequestRules,
    pub(crate) endpoint: &'a Target,
    /// The grant's own parameters, by their names in the RFC.
    pub(crate) own: &'a [(&'static str, &'a str)],
    pub(crate) values: Values<'a>,
    /// What proves the request, where it is not the client's own.
    pub(crate) bearer: Option<&'a Token>,
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
        let draft = Draft::new(rules, Uri::default(), &[], proof, &Values::default()).ok()?;
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
