use std::sync::Arc;

use async_trait::async_trait;
use rustls_platform_verifier::BuilderVerifierExt;

use super::{HttpClient, HttpError, HttpErrorKind, Limits, Request, Response};
use crate::error::Error;

/// The default [`HttpClient`]: `reqwest` with rustls, the certificates of the operating system, no redirects, no
/// decompression, no proxy from the environment, no cookies. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct ReqwestClient(reqwest::Client);

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
            .map(Self)
            .map_err(|error| failed(error.into()))
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        // `without_url`: a URL may carry what nobody should read in a log.
        let mut request = reqwest::Request::try_from(request)
            .map_err(|error| HttpError::new(HttpErrorKind::NotSent, error.without_url()))?;
        *request.timeout_mut() = Some(limits.deadline);
        let mut response = self.0.execute(request).await.map_err(failed)?;

        let too_large = || HttpError::new(HttpErrorKind::TooLarge, format!("more than {} bytes", limits.body));
        let announced = response.content_length().unwrap_or(0);
        if announced > limits.body as u64 {
            return Err(too_large());
        }
        let mut answer = Response::new(Vec::with_capacity(usize::try_from(announced).unwrap_or(0)));
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if answer.body().len() + chunk.len() > limits.body {
                return Err(too_large());
            }
            answer.body_mut().extend_from_slice(&chunk);
        }
        Ok(answer)
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
