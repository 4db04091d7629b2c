//! A request before it is encoded, and its encoding.

use std::fmt;

use acf_rules::language::{Method, Post};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use zeroize::Zeroizing;

use super::{Proof, Values};
use crate::{error::Error, form, http::Request, provider::RequestRules};

/// A request before it is encoded, as [`Hooks::prepare`](crate::Hooks::prepare) may change it.
pub struct Draft {
    method: Method,
    post: Post,
    endpoint: Uri,
    params: Vec<(String, Zeroizing<String>)>,
    headers: HeaderMap,
}

impl Draft {
    /// A request of that shape: `own` parameters by their names in the RFC, those of the caller, what is declared unless
    /// the caller says otherwise, then the proof.
    pub(crate) fn new(
        rules: &RequestRules,
        endpoint: Uri,
        own: &[(&str, &str)],
        more: &[(String, String)],
        proof: Proof,
        values: &Values<'_>,
    ) -> Result<Self, Error> {
        let mut draft = Self {
            method: rules.method,
            post: rules.post,
            endpoint,
            params: Vec::with_capacity(own.len() + more.len() + proof.params.len() + rules.params.len()),
            headers: HeaderMap::with_capacity(4 + rules.headers.fixed.len()),
        };
        // GitHub, among others, answers with a form unless it is asked for JSON.
        draft.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in &rules.headers.fixed {
            draft.headers.insert(name, value.clone());
        }
        for (name, template) in &rules.headers.templates {
            draft.headers.insert(name, values.header(name, template)?);
        }
        if let Some(authorization) = proof.header {
            draft.headers.insert(header::AUTHORIZATION, authorization);
        }
        for (name, value) in own {
            let value = match (*name, &rules.grant_type) {
                ("grant_type", Some(grant_type)) => grant_type,
                _ => *value,
            };
            draft.push(rules, name, Zeroizing::new(value.to_owned()));
        }
        draft.params.extend(more.iter().map(|(name, value)| (name.clone(), Zeroizing::new(value.clone()))));
        for (name, template) in rules.params.iter().filter(|(name, _)| more.iter().all(|(own, _)| own != name)) {
            let value = values.fill(template)?;
            // What turns out to be empty is left out (RFC 6749 section 3.2); what is declared to be empty is not.
            if !value.is_empty() || template.plain().is_some() {
                draft.params.push((name.clone(), value));
            }
        }
        for (name, value) in proof.params {
            // A declared parameter of that name says the same.
            if draft.param(name).is_none() {
                draft.push(rules, name, value);
            }
        }
        Ok(draft)
    }

    fn push(&mut self, rules: &RequestRules, name: &str, value: Zeroizing<String>) {
        if let Some(name) = rules.names.name(name) {
            self.params.push((name.to_owned(), value));
        }
    }

    /// The first parameter of that name.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Every parameter, in the order in which they are sent.
    pub fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Sets a parameter: the one that is there, or a new one at the end.
    pub fn set_param(&mut self, name: &str, value: impl Into<String>) {
        let value = Zeroizing::new(value.into());
        match self.params.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = value,
            None => self.params.push((name.to_owned(), value)),
        }
    }

    /// Leaves a parameter out.
    pub fn remove_param(&mut self, name: &str) {
        self.params.retain(|(own, _)| own != name);
    }

    /// Sets a header.
    pub fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }

    /// Where the request goes.
    pub const fn endpoint(&self) -> &Uri {
        &self.endpoint
    }

    /// Sends the request elsewhere. Credentials go with it: never use what a callback names unless it is on a list of
    /// one's own.
    pub fn set_endpoint(&mut self, endpoint: Uri) {
        self.endpoint = endpoint;
    }

    pub(crate) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The encoded request.
    pub(crate) fn into_request(self) -> Result<Request, Error> {
        let pairs = self.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        encode(self.method, self.post, &self.endpoint, pairs, "", self.headers)
    }
}

/// Shows names only.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("endpoint", &self.endpoint.host())
            .field("params", &self.params.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Encodes a request. `tail` is a form already, each pair preceded by `&`.
pub(crate) fn encode<'a>(
    method: Method,
    post: Post,
    endpoint: &Uri,
    pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    tail: &str,
    mut headers: HeaderMap,
) -> Result<Request, Error> {
    let mut request = Request::default();
    let in_query = method == Method::Get || post == Post::Query;
    *request.uri_mut() = if in_query && pairs.clone().next().is_some() {
        let form = form_of(pairs, tail);
        with_query(endpoint, &form)?
    } else {
        if !in_query {
            let (content_type, mut body) = match post {
                Post::Json => ("application/json", json(pairs)),
                _ => ("application/x-www-form-urlencoded", form_of(pairs, tail)),
            };
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            *request.body_mut() = std::mem::take(&mut *body).into_bytes();
        }
        endpoint.clone()
    };
    *request.method_mut() = match method {
        Method::Get => http::Method::GET,
        Method::Put => http::Method::PUT,
        Method::Delete => http::Method::DELETE,
        _ => http::Method::POST,
    };
    *request.headers_mut() = headers;
    Ok(request)
}

/// An address with further parameters in its query.
pub(super) fn with_query(uri: &Uri, form: &str) -> Result<Uri, Error> {
    let url = Zeroizing::new(uri.to_string());
    let mark = if url.contains('?') { '&' } else { '?' };
    let url = Zeroizing::new(format!("{}{mark}{form}", *url));
    url.parse().map_err(|_| Error::configuration("the request is too long for a URL"))
}

/// A form: these parameters and, already encoded, those that every request has.
fn form_of<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone, tail: &str) -> Zeroizing<String> {
    // Room for everything even if each byte must be escaped, so that no half-written secret is left behind by growing.
    let room: usize = pairs.clone().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
    let mut form = Zeroizing::new(String::with_capacity(room + tail.len()));
    for (name, value) in pairs {
        form::pair(&mut form, name, value);
    }
    form.push_str(tail);
    form
}

fn json<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Zeroizing<String> {
    let mut body = Zeroizing::new(String::from("{"));
    for (name, value) in pairs {
        let comma = if body.len() > 1 { "," } else { "" };
        let (name, value) = (quoted(name), Zeroizing::new(quoted(value)));
        *body = format!("{}{comma}{name}:{}", *body, *value);
    }
    body.push('}');
    body
}

/// A JSON string.
fn quoted(text: &str) -> String {
    // A string always has a JSON form.
    serde_json::to_string(text).unwrap_or_default()
}
