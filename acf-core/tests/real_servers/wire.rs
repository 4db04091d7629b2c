//! What goes over the wire.

use std::sync::{Arc, Mutex};

use acf_core::http::{HttpClient, HttpError, Limits, Request, ReqwestClient, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Method, header};
use serde_json::Value;

/// A request, and its answer, if there was one.
type Met = (Request, Option<Response>);

/// A transport that keeps what it sends and what comes back.
#[derive(Clone)]
pub(crate) struct Wire {
    http: ReqwestClient,
    seen: Arc<Mutex<Vec<Met>>>,
}

impl Wire {
    pub(crate) fn new() -> Self {
        Self { http: ReqwestClient::new().unwrap(), seen: Arc::default() }
    }

    /// How many requests left.
    pub(crate) fn sent(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The last request, and its answer.
    pub(crate) fn last(&self) -> (Request, Response) {
        let seen = self.seen.lock().unwrap();
        let (request, answer) = seen.last().unwrap();
        (request.clone(), answer.clone().unwrap())
    }
}

#[async_trait::async_trait]
impl HttpClient for Wire {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        let place = {
            let mut seen = self.seen.lock().unwrap();
            seen.push((request.clone(), None));
            seen.len() - 1
        };
        let answer = self.http.send(request, limits).await?;
        self.seen.lock().unwrap()[place].1 = Some(answer.clone());
        Ok(answer)
    }
}

/// A form, sent by nobody in particular.
pub(crate) async fn post(url: &str, form: &[(&str, &str)]) -> Response {
    let mut body = form_urlencoded::Serializer::new(String::new());
    let mut request = Request::new(body.extend_pairs(form).finish().into_bytes());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
    ReqwestClient::new().unwrap().send(request, Limits::API).await.unwrap()
}

/// A parameter of a form, or of the query of a URL.
pub(crate) fn param(text: &str, name: &str) -> Option<String> {
    let pairs = text.split_once('?').map_or(text, |(_, query)| query);
    form_urlencoded::parse(pairs.as_bytes()).find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

/// What a JSON Web Token says, unverified.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// A part of a JSON Web Token: its header, or its claims.
pub(crate) fn part(token: &str, index: usize) -> Value {
    let part = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap());
    serde_json::from_slice(&part.unwrap()).unwrap()
}
