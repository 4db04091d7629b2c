use std::{
    error::Error as StdError,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, TRANSFER_ENCODING};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls_platform_verifier::Verifier;

use super::{HttpClient, HttpError, HttpErrorKind, Limits, Request, Response};
use crate::error::Error;

/// The default [`HttpClient`]: `reqwest` with rustls, the certificates of the operating system, no redirects, no
/// decompression, no proxy from the environment, no cookies. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct ReqwestClient {
    client: reqwest::Client,
    /// Whether this machine has no root certificates.
    no_roots: bool,
    urls: Arc<Mutex<Vec<(http::Uri, reqwest::Url)>>>,
}

impl ReqwestClient {
    /// A client with settings that are safe for credentials.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up. On a machine without root
    /// certificates it can, but every call over https fails and says why.
    pub fn new() -> Result<Self, Error> {
        Self::build(None, Vec::new())
    }

    /// A client that shows a certificate to every server that asks for one: `client_auth = tls_client_auth` (RFC 8705).
    ///
    /// `pem` holds the certificate, those that vouch for it, and the private key, in any order.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if one of the two is missing or they do not belong
    /// together, and as [`new`](Self::new). The message holds nothing of the key.
    pub fn with_identity(pem: &[u8]) -> Result<Self, Error> {
        let unusable = |what: &str| Error::configuration(format!("the PEM of the client's identity {what}"));
        let chain: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| unusable("has a certificate that cannot be read"))?;
        if chain.is_empty() {
            return Err(unusable("has no certificate"));
        }
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| unusable("has no private key"))?;
        Self::build(Some((chain, key)), Vec::new())
    }

    /// A client that trusts further authorities beside those of the operating system: for a provider in a network of
    /// one's own, whose certificates no public authority signs. `pem` holds their certificates.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there is no certificate in it or one cannot be
    /// read, and as [`new`](Self::new).
    #[cfg(not(target_os = "android"))]
    pub fn with_roots(pem: &[u8]) -> Result<Self, Error> {
        let roots: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| Error::configuration("the PEM of further roots has a certificate that cannot be read"))?;
        if roots.is_empty() {
            return Err(Error::configuration("the PEM of further roots has no certificate"));
        }
        Self::build(None, roots)
    }

    fn build(
        identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Result<Self, Error> {
        let failed =
            |error: Box<dyn StdError + Send + Sync>| Error::configuration("TLS cannot be set up").with_source(error);
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(Arc::clone(&ring))
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.into()))?;
        // Without root certificates nobody can be trusted, but this machine can still be spoken to in clear.
        let further = !roots.is_empty();
        let (builder, no_roots) = match verifier(roots, ring) {
            Ok(verifier) => (builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)), false),
            Err(error) if further => return Err(failed(error.into())),
            Err(_) => (builder.with_root_certificates(rustls::RootCertStore::empty()), true),
        };
        let tls = match identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| failed(error.into()))?,
        };
        // Named one by one: another crate of the program may have switched the feature of any of them on.
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // Setting it for each request costs an allocation; most requests have this one.
            .timeout(Limits::TOKEN.deadline)
            .redirect(reqwest::redirect::Policy::none())
            // Without the zero, a copy of each request would be kept for a retry that never comes.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            // Said out loud: without it a server may choose any encoding (RFC 9110 section 12.5.3).
            .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]))
            .user_agent(concat!("acf/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(|client| Self { client, no_roots, urls: Arc::default() })
            .map_err(|error| failed(error.into()))
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        let request = self.request(request, limits)?;
        let mut response = self.client.execute(request).await.map_err(failed)?;
        // One of the two is a lie, and what stands between here and the server may believe the other (RFC 9112 section 6.3).
        if response.headers().contains_key(TRANSFER_ENCODING) && response.headers().contains_key(CONTENT_LENGTH) {
            return Err(HttpError::new(HttpErrorKind::Transport, "the answer announces two lengths"));
        }

        let too_large = || HttpError::new(HttpErrorKind::TooLarge, format!("more than {} bytes", limits.body));
        if response.content_length().is_some_and(|announced| announced > limits.body as u64) {
            return Err(too_large());
        }
        // Nearly every answer is one chunk, which is then not copied.
        let mut body = response.chunk().await.map_err(failed)?.unwrap_or_default();
        let mut grown = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            let length = grown.len().max(body.len()) + chunk.len();
            if length > limits.body {
                return Err(too_large());
            }
            if length > grown.capacity() {
                // Twice as much each time; from a quarter on as much as may come, so that the old room and the new one are
                // at most one and a half. A small limit is not worth the copies.
                let all = limits.body <= 1 << 20 || length > limits.body / 4;
                let room = if all { limits.body } else { 2 * length };
                grown.reserve_exact(room - grown.len());
            }
            if grown.is_empty() {
                grown.extend_from_slice(&std::mem::take(&mut body));
            }
            grown.extend_from_slice(&chunk);
        }
        if !grown.is_empty() {
            body = grown.into();
        }
        if body.len() > limits.body {
            return Err(too_large());
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

impl ReqwestClient {
    /// The request as reqwest has it.
    fn request(&self, request: Request, limits: Limits) -> Result<reqwest::Request, HttpError> {
        let (parts, body) = request.into_parts();
        if self.no_roots && parts.uri.scheme() != Some(&http::uri::Scheme::HTTP) {
            let why = "this machine has no root certificates (package `ca-certificates`), so no server can be trusted";
            return Err(HttpError::new(HttpErrorKind::Tls, why));
        }
        let mut request = reqwest::Request::new(parts.method, self.url(&parts.uri)?);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = Some(body.into());
        if limits.deadline != Limits::TOKEN.deadline {
            *request.timeout_mut() = Some(limits.deadline);
        }
        Ok(request)
    }

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

/// The verifier of the operating system, with what else is trusted.
fn verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<rustls::crypto::CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    #[cfg(not(target_os = "android"))]
    if !roots.is_empty() {
        return Verifier::new_with_extra_roots(roots, provider);
    }
    #[cfg(target_os = "android")]
    drop(roots);
    Verifier::new(provider)
}

fn failed(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    if error.is_connect() {
        return match tls(&error) {
            Some(error) => HttpError::new(HttpErrorKind::Tls, error),
            None => HttpError::new(HttpErrorKind::NotSent, error),
        };
    }
    let kind = if error.is_timeout() { HttpErrorKind::Timeout } else { HttpErrorKind::Transport };
    HttpError::new(kind, error)
}

/// What TLS had to say, deep inside.
fn tls(error: &(dyn StdError + 'static)) -> Option<rustls::Error> {
    if let Some(found) = error.downcast_ref::<rustls::Error>() {
        return Some(found.clone());
    }
    match error.downcast_ref::<io::Error>() {
        // It names as its source that of what it holds, and not what it holds.
        Some(error) => error.get_ref().and_then(|held| tls(held)),
        None => error.source().and_then(tls),
    }
}
