//! The token on a call to an API: in the `Authorization` header, or where the declaration wants it.

use http::{HeaderValue, header};
use zeroize::Zeroizing;

use super::{Proof, Values, draft::with_query};
use crate::{
    error::{Error, ErrorKind},
    form,
    http::Request,
    provider::{RequestRules, Template},
    token::Token,
};

impl Proof {
    /// The token (RFC 6750 section 2.1), unless a declared parameter or header holds it, since section 2 forbids to send it
    /// in more than one way, or the header is declared to hold something else.
    pub(crate) fn bearer(token: &Token, rules: &RequestRules) -> Result<Self, Error> {
        let holds = |template: &Template| template.slots().any(|slot| slot == "access_token");
        let headers = rules.headers.templates.iter().map(|(_, template)| template);
        let declared = rules.headers.templates.iter().any(|(name, _)| name == header::AUTHORIZATION)
            || rules.headers.fixed.contains_key(header::AUTHORIZATION);
        if declared || rules.params.iter().map(|(_, template)| template).chain(headers).any(holds) {
            return Ok(Self::default());
        }
        let text = Zeroizing::new(format!("{} {}", token.token_type(), token.access_token().expose()));
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| Error::new(ErrorKind::TokenResponse, "the access token cannot be sent in a header"))?;
        value.set_sensitive(true);
        Ok(Self { header: Some(value), params: Vec::new() })
    }
}

/// Adds the token and what is declared for every call. What the caller has set itself, header or parameter, stays.
pub(crate) fn add_token(
    request: &mut Request,
    token: &Token,
    rules: &RequestRules,
    values: &Values<'_>,
) -> Result<(), Error> {
    if let Some(bearer) = Proof::bearer(token, rules)?.header {
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    for (name, value) in &rules.headers.fixed {
        request.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    for (name, template) in &rules.headers.templates {
        if !request.headers().contains_key(name) {
            let value = values.header(name, template)?;
            request.headers_mut().insert(name, value);
        }
    }
    let mut added = Zeroizing::new(String::new());
    for (name, template) in rules.params.iter().filter(|(name, _)| !has_param(request, name)) {
        let value = values.fill(template)?;
        if value.is_empty() && template.plain().is_none() {
            continue;
        }
        // Room for both even if each byte must be escaped: growing would leave a copy of a secret behind.
        let mut more = Zeroizing::new(String::with_capacity(added.len() + 3 * (name.len() + value.len()) + 2));
        more.push_str(&added);
        form::pair(&mut more, name, &value);
        added = more;
    }
    if !added.is_empty() {
        *request.uri_mut() = with_query(request.uri(), &added)?;
    }
    Ok(())
}

fn has_param(request: &Request, name: &str) -> bool {
    let pairs = request.uri().query().unwrap_or_default().split('&');
    pairs.map(|pair| pair.split('=').next().unwrap_or_default()).any(|own| form::decode(own).as_deref() == Some(name))
}
