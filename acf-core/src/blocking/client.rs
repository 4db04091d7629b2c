use std::{io::Read, sync::Arc, time::Duration};

use async_trait::async_trait;
use http::{Method, Uri};
use ureq::{Agent, Body};

use super::connect::{Connect, Resolve};
use crate::{
    error::Error,
    http::{
        ClientBuilder, HttpClient, HttpError, HttpErrorKind, Limits, Request, Response, USER_AGENT, check_head,
        make_room, tls::Roots,
    },
};

/// An [`HttpClient`] that needs no runtime: `ureq` with rustls, the certificates of the operating system, no redirects, no
/// proxy from the environment. Cheap to clone; clones share their connections.
///
/// Its `send` blocks the thread that it is awaited on, which [`Wait`](super::Wait) expects. In async code it does not
/// belong on a thread of the runtime.
///
/// `ureq` is built without decompression and without cookies. Where another crate of the program switches the features
/// `gzip`, `brotli` or `cookies` of the same `ureq` on, it decompresses what a server compressed unasked (the limit of the
/// body then holds for what comes out) and returns cookies to the server that set them: it has no setting against that.
/// It writes what it receives to the log at level `trace`, tokens included: let no logger record `ureq_proto` at that level.
#[derive(Clone, Debug)]
pub struct UreqClient {
    agent: Agent,
    roots: Roots,
}

impl UreqClient {
    /// A client with settings that are safe for credentials.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up. On a machine without root
    /// certificates it can, but every call over https fails and says why.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// Begins a client that shows a certificate, or trusts further authorities, or both.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }
}

impl ClientBuilder<UreqClient> {
    /// Makes the client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up, as with a certificate and a
    /// key that do not belong together.
    pub fn build(self) -> Result<UreqClient, Error> {
        let tls = self.tls()?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            // Said out loud: without it a server may choose any encoding (RFC 9110 section 12.5.3).
            .accept_encoding("identity")
            .user_agent(USER_AGENT)
            .allow_non_standard_methods(true)
            .build();
        let connect = Connect { tls: Arc::new(tls.config) };
        let agent = Agent::with_parts(config, connect, Resolve::default());
        Ok(UreqClient { agent, roots: tls.roots })
    }
}

#[async_trait]
impl HttpClient for UreqClient {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        self.roots.check(request.uri())?;
        check_uri(request.uri())?;
        let answer = self.run(request, limits.deadline).map_err(failed)?;
        let (mut head, mut body) = answer.into_parts();
        // It leaves the whole address there.
        head.extensions.clear();
        check_head(&head.headers, body.content_length(), limits)?;
        let (mut bytes, mut reader) = (Vec::new(), body.as_reader());
        let mut some = vec![0; 16 * 1024];
        loop {
            let read = reader.read(&mut some).map_err(|error| failed(error.into()))?;
            if read == 0 {
                break;
            }
            make_room(&mut bytes, read, limits)?;
            bytes.extend_from_slice(some.get(..read).unwrap_or_default());
        }
        Ok(Response::from_parts(head, bytes.into()))
    }
}

impl UreqClient {
    fn run(&self, request: Request, deadline: Duration) -> Result<http::Response<Body>, ureq::Error> {
        // It adds this to the time of day, which must not overflow.
        let deadline = deadline.min(Duration::from_secs(365 * 24 * 60 * 60));
        let (parts, body) = request.into_parts();
        // An empty body is announced where the method expects one (RFC 9110 section 8.6), and is none elsewhere.
        if body.is_empty() && !matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) {
            let request = http::Request::from_parts(parts, ());
            return self.agent.run(self.agent.configure_request(request).timeout_global(Some(deadline)).build());
        }
        let request = http::Request::from_parts(parts, body);
        self.agent.run(self.agent.configure_request(request).timeout_global(Some(deadline)).build())
    }
}

/// An error about a URI would show it, with what is in its query.
fn check_uri(uri: &Uri) -> Result<(), HttpError> {
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(_)) => Ok(()),
        _ => Err(HttpError::new(HttpErrorKind::NotSent, "the address is no URL of http or https")),
    }
}

fn failed(error: ureq::Error) -> HttpError {
    match error {
        ureq::Error::Other(error) => match error.downcast() {
            // Made in `connect`.
            Ok(error) => *error,
            Err(error) => HttpError::new(HttpErrorKind::Transport, error),
        },
        ureq::Error::Timeout(_) => HttpError::new(HttpErrorKind::Timeout, error),
        _ => HttpError::new(HttpErrorKind::Transport, error),
    }
}
