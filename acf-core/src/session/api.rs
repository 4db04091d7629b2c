//! Calls to an API.

use std::fmt;

use acf_rules::uri;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use super::Session;
use crate::{
    error::{Error, ErrorKind},
    events,
    http::{Limits, Request, Response},
};

/// A call that is about to be made.
#[must_use = "nothing is sent before `send`"]
pub struct ApiRequest<'a> {
    session: &'a Session,
    url: String,
    request: Result<Request, Error>,
    limits: Limits,
}

impl<'a> ApiRequest<'a> {
    pub(super) fn new(session: &'a Session, method: Method, url: String) -> Self {
        let mut request = Request::new(Vec::new());
        *request.method_mut() = method;
        Self { session, url, request: Ok(request), limits: Limits::API }
    }

    /// Sets a header. `Authorization` is the session's own and refused.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let parsed = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
        if let Ok(request) = &mut self.request {
            match parsed {
                (Ok(name), Ok(value)) if name != header::AUTHORIZATION => {
                    drop(request.headers_mut().insert(name, value))
                }
                _ => self.request = Err(Error::configuration(format!("header `{name}` cannot be set"))),
            }
        }
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        if let Ok(request) = &mut self.request {
            *request.body_mut() = body.into();
        }
        self
    }

    /// Sets the body to JSON, and its content type.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.header("content-type", "application/json").body(body),
            Err(error) => {
                self.request = Err(Error::configuration("the body has no JSON form").with_source(error));
                self
            }
        }
    }

    /// Sets the deadline and the largest answer; [`Limits::API`] unless set.
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sends the call. Whatever the API answers is an [`ApiResponse`], also an error status; redirects are not followed,
    /// since the token would go with them.
    ///
    /// An API that accepts the token no longer (status 401, RFC 6750 section 3.1) is asked once more with a refreshed one,
    /// if there is one to be had and the flow does not [refresh by hand](crate::FlowBuilder::refresh_by_hand).
    ///
    /// # Errors
    /// [`ErrorKind::TokenExpired`], [`ErrorKind::NoToken`]; [`ErrorKind::Configuration`] for a URL that is neither https
    /// nor on this machine; and whatever the connection brings.
    pub async fn send(self) -> Result<ApiResponse, Error> {
        let mut request = self.request?;
        if let Err(violation) = uri::endpoint(&self.url) {
            // The query may hold a credential: it is not shown.
            let shown = self.url.split('?').next().unwrap_or_default();
            return Err(Error::violation("url", shown, violation));
        }
        let unsendable = |error| Error::configuration("the URL cannot be requested").with_source(error);
        *request.uri_mut() = self.url.parse().map_err(unsendable)?;
        let token = self.session.token().await?;
        let flow = &self.session.flow;
        let again = self.session.can_renew(&token).then(|| request.clone());
        let response = flow.call_api(request, &token, self.limits).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && let Some(request) = again
            // What keeps it from being refreshed comes up with the next call; here the API has spoken.
            && let Ok(token) = Box::pin(self.session.renew(&token)).await
        {
            events::refused_call(request.uri());
            return flow.call_api(request, &token, self.limits).await.map(ApiResponse);
        }
        Ok(ApiResponse(response))
    }
}

impl fmt::Debug for ApiRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest").field("session", &self.session).finish_non_exhaustive()
    }
}

/// What an API answered. `Debug` shows the status only.
pub struct ApiResponse(Response);

impl ApiResponse {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        self.status().is_success()
    }

    /// A header, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        self.0.body()
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.0.body()).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Response`] if it is something else.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(self.0.body()).map_err(|error| {
            Error::new(ErrorKind::Response, format!("the API answered {} without the expected JSON", self.status()))
                .with_source(error)
        })
    }
}

impl fmt::Debug for ApiResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiResponse").field("status", &self.status()).finish_non_exhaustive()
    }
}
