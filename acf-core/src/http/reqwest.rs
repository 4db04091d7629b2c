use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use rustls_platform_verifier::BuilderVerifierExt;

use super::{HttpClient, HttpError, HttpErrorKind, Limits, Request, Response};
use crate::error::Error;

/// The default [`HttpClient`]: `reqwest` with rustls, the certificates of the operating system, no redirects, no
/// decompression, no proxy from the environment, no cookies. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct ReqwestClient {
    client: reqwest::Client,
    urls: Arc<Mutex<Vec<(http::Uri, reqwest::Url)>>>,
}

impl ReqwestClient {
    /// A client with settings that are safe for credentials.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up, as on a machine without
    /// root certificates.
    pub fn new() -> Result<Self, Error> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            Error::configuration("TLS cannot be set up; are root certificates installed?").with_source(error)
        };
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| failed(error.into()))?
            .with_no_client_auth();
        // Named one by one: another crate of the program may have switched the feature of any of them on.
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // Setting it for each request costs an allocation; most requests have this one.
            .timeout(Limits::TOKEN.deadline)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .user_agent(concat!("acf/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(|client| Self { client, urls: Arc::default() })
            .map_err(|error| failed(error.into()))
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        let (parts, body) = request.into_parts();
        let mut request = reqwest::Request::new(parts.method, self.url(&parts.uri)?);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = Some(body.into());
        if limits.deadline != Limits::TOKEN.deadline {
            *request.timeout_mut() = Some(limits.deadline);
        }
        let mut response = self.client.execute(request).await.map_err(failed)?;

        let too_large = || HttpError::new(HttpErrorKind::TooLarge, format!("more than {} bytes", limits.body));
        if response.content_length().is_some_and(|announced| announced > limits.body as u64) {
            return Err(too_large());
        }
        let mut body = Bytes::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > limits.body {
                return Err(too_large());
            }
            // Nearly every answer is one chunk.
            body = if body.is_empty() { chunk } else { [body, chunk].concat().into() };
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

impl ReqwestClient {
    /// reqwest wants a `Url`, which takes a while to parse. A flow has few addresses, and their parsed forms are kept.
    fn url(&self, uri: &http::Uri) -> Result<reqwest::Url, HttpError> {
        let mut urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, url)) = urls.iter().find(|(known, _)| known == uri) {
            return Ok(url.clone());
        }
        let url: reqwest::Url =
            uri.to_string().parse().map_err(|_| HttpError::new(HttpErrorKind::NotSent, "the address is no URL"))?;
        // API calls have any number of addresses; those with a query are not worth a place.
        if uri.query().is_none() {
            urls.truncate(7);
            urls.insert(0, (uri.clone(), url.clone()));
        }
        Ok(url)
    }
}

fn failed(error: reqwest::Error) -> HttpError {
    let kind = if error.is_connect() {
        HttpErrorKind::NotSent
    } else if error.is_timeout() {
        HttpErrorKind::Timeout
    } else {
        HttpErrorKind::Transport
    };
    HttpError::new(kind, error.without_url())
}
