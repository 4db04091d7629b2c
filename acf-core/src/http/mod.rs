//! The transport seam: one small trait over the types of the `http` crate.
//!
//! Everything this library sends goes through an [`HttpClient`]. [`ReqwestClient`] is the default, and
//! [`UreqClient`](crate::blocking::UreqClient) is for programs without async; a program with its own client (a proxy, a
//! test double, another runtime) implements the trait and hands it to
//! [`FlowBuilder::http_client`](crate::FlowBuilder::http_client).

#[cfg(feature = "reqwest")]
mod address;
mod check;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(any(feature = "reqwest", feature = "blocking", feature = "redis"))]
#[cfg_attr(
    not(any(feature = "reqwest", feature = "blocking")),
    allow(unreachable_pub, reason = "only what a transport is set up with is public")
)]
pub(crate) mod tls;

use std::{error::Error as StdError, fmt, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;

pub use self::check::check_client;
#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestClient;
#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub use self::tls::ClientBuilder;
use crate::error::{Error, ErrorKind};

/// A request: method, URI, headers, and the whole body.
pub type Request = http::Request<Vec<u8>>;

/// An answer with its whole body.
pub type Response = http::Response<Bytes>;

/// The bounds of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For the whole call, from connecting to the last byte of the body.
    pub deadline: Duration,
    /// The largest body in bytes. Of a longer one nothing is read where its length is announced, and otherwise no more than
    /// this and what one read brings.
    ///
    /// This is not all that an answer can make this process hold. [`ReqwestClient`] keeps up to 1.5 MiB for the connection,
    /// if the server sets out to fill its buffers, whose size reqwest does not let one choose; and the room for a body of
    /// more than 1 MiB is at times half as much again, while it grows.
    pub body: usize,
}

impl Limits {
    /// For calls that carry credentials: 10 seconds, 256 KiB.
    pub const TOKEN: Self = Self { deadline: Duration::from_secs(10), body: 256 * 1024 };
    /// For calls to an API with a token: 30 seconds, 8 MiB.
    pub const API: Self = Self { deadline: Duration::from_secs(30), body: 8 * 1024 * 1024 };
}

/// Sends a request and brings back the answer, whatever its status.
///
/// An implementation must not follow redirects (they would carry credentials to another address), must not decompress
/// (a small answer could become a large one), must not keep cookies, must check TLS certificates, and must keep to the
/// limits it is given. [`check_client`] tries most of that out.
#[async_trait]
pub trait HttpClient: Send + Sync + 'static {
    /// Sends one request, once.
    ///
    /// # Errors
    /// [`HttpError`], which says whether the request may have left.
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError>;
}

/// The transport of a flow, for a hook that makes calls of its own.
pub struct Exchange<'a> {
    pub(crate) client: &'a dyn HttpClient,
    pub(crate) limits: Limits,
}

impl Exchange<'_> {
    /// Sends a request, once, within the limits of token requests. https only, but for this machine.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for an address that is neither; whatever the connection brings.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        check_address(request.uri())?;
        self.client.send(request, self.limits).await.map_err(|error| error.during("a further request"))
    }
}

/// Whether an address that a hook or a caller chose may be sent credentials: https, or this machine.
pub(crate) fn check_address(uri: &http::Uri) -> Result<(), Error> {
    let url = uri.to_string();
    // The query may hold a credential: it is not shown.
    let shown = url.split('?').next().unwrap_or_default();
    acf_rules::uri::endpoint(&url).map_err(|violation| Error::violation("url", shown, violation))
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// What the shipped transports call themselves.
#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) const USER_AGENT: &str = concat!("acf/", env!("CARGO_PKG_VERSION"));

/// Refuses an answer whose head alone shows that it cannot be read.
#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) fn check_head(headers: &http::HeaderMap, announced: Option<u64>, limits: Limits) -> Result<(), HttpError> {
    use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
    // One of the two is a lie, and what stands between here and the server may believe the other (RFC 9112 section 6.3).
    if headers.contains_key(TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH) {
        return Err(HttpError::new(HttpErrorKind::Transport, "the answer announces two lengths"));
    }
    match announced.is_some_and(|announced| announced > limits.body as u64) {
        true => Err(too_large(limits)),
        false => Ok(()),
    }
}

/// Makes room for so many bytes more, up to the limit.
#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) fn make_room(body: &mut Vec<u8>, more: usize, limits: Limits) -> Result<(), HttpError> {
    let length = body.len() + more;
    if length > limits.body {
        return Err(too_large(limits));
    }
    if length > body.capacity() {
        // Twice as much each time, and from half of the limit on all that may come: what is copied is held twice. A small
        // limit is not worth the copies.
        let twice = 2 * length;
        let room = if limits.body > 1 << 20 && twice <= limits.body / 2 { twice } else { limits.body };
        body.reserve_exact(room - body.len());
    }
    Ok(())
}

#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) fn too_large(limits: Limits) -> HttpError {
    HttpError::new(HttpErrorKind::TooLarge, format!("more than {} bytes", limits.body))
}

/// Why there is no answer. It holds no part of the request.
#[derive(Debug)]
pub struct HttpError {
    kind: HttpErrorKind,
    source: Box<dyn StdError + Send + Sync>,
}

/// What is known about a request without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// No connection was made: nothing left this machine.
    NotSent,
    /// No connection was made, because TLS with the server cannot be set up: mostly because of its certificate. Nothing
    /// left this machine.
    Tls,
    /// The client does not connect to that address. Nothing left this machine.
    Blocked,
    /// The deadline passed. The request may have left.
    Timeout,
    /// The answer is larger than the limit.
    TooLarge,
    /// Anything else. The request may have left.
    Transport,
    /// The client cannot work where it is used, and its message says what it needs. Nothing left this machine.
    Unusable,
}

impl HttpError {
    /// An error with its cause. The cause must not hold secrets: no URL with a query, no body.
    pub fn new(kind: HttpErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, source: source.into() }
    }

    /// What is known.
    pub const fn kind(&self) -> HttpErrorKind {
        self.kind
    }

    pub(crate) fn during(self, what: &str) -> Error {
        let (kind, text) = match self.kind {
            HttpErrorKind::NotSent => (ErrorKind::NotSent, "no connection"),
            HttpErrorKind::Tls => (ErrorKind::Tls, "the server cannot be trusted"),
            HttpErrorKind::Blocked => (ErrorKind::Configuration, "the server is not connected to"),
            HttpErrorKind::Timeout => (ErrorKind::Timeout, "no answer within the deadline"),
            HttpErrorKind::TooLarge => (ErrorKind::Response, "the answer is larger than the limit"),
            HttpErrorKind::Transport => (ErrorKind::Transport, "the connection failed; the request may have arrived"),
            HttpErrorKind::Unusable => (ErrorKind::Configuration, "the HTTP client cannot be used here"),
        };
        // The reason is worth its place: "the certificate has expired" is what helps.
        let text = match kind {
            ErrorKind::Tls | ErrorKind::Configuration => format!("{what}: {text}: {}", self.source),
            _ => format!("{what}: {text}"),
        };
        Error::new(kind, text).with_source(self.source)
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.source, f)
    }
}

impl StdError for HttpError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.as_ref() as _)
    }
}
