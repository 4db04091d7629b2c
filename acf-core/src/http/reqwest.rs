use std::{
    error::Error as StdError,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{
    ClientBuilder, HttpClient, HttpError, HttpErrorKind, Limits, Request, Response, USER_AGENT,
    address::{NotPublic, is_public, public},
    check_head, make_room,
    tls::{self, Roots},
    too_large,
};
use crate::{error::Error, lock::lock};

/// The default [`HttpClient`]: `reqwest` with rustls, the certificates of the operating system, no redirects, no
/// decompression, no proxy from the environment, no cookies. Cheap to clone; clones share their connections.
///
/// It needs a runtime of tokio, and says so where there is none; without one, use `blocking::UreqClient`.
#[derive(Clone, Debug)]
pub struct ReqwestClient {
    client: reqwest::Client,
    roots: Roots,
    /// Whether it connects to public addresses only.
    public_only: bool,
    urls: Arc<Mutex<Vec<(http::Uri, reqwest::Url)>>>,
}

impl ReqwestClient {
    /// A client with settings that are safe for credentials.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up. On a machine without root
    /// certificates it can, but every call over https fails and says why.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A client that connects to public addresses only: for addresses that users type in, above all an issuer whose
    /// [`Metadata`](crate::Metadata) are fetched. Loopback, private and link-local networks, the metadata services of clouds,
    /// and every other address that is not given out to the public (IANA's registries of special-purpose addresses) are
    /// refused before a connection is made, with [`HttpErrorKind::Blocked`]; this machine as well.
    ///
    /// It looks at what is connected to, after the name was resolved: a name that changes its address gains nothing.
    ///
    /// ```
    /// # async fn example(typed_in: &str) -> Result<(), acf_core::Error> {
    /// use acf_core::{Metadata, http::ReqwestClient};
    ///
    /// let metadata = Metadata::fetch(typed_in, &ReqwestClient::public_addresses_only()?).await?;
    /// # let _ = metadata;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn public_addresses_only() -> Result<Self, Error> {
        Self::builder().build_for(true)
    }

    /// Begins a client that shows a certificate, or trusts further authorities, or both.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    /// A client with [`ClientBuilder::identity`].
    ///
    /// # Errors
    /// As there, and as [`new`](Self::new).
    pub fn with_identity(pem: &[u8]) -> Result<Self, Error> {
        Self::builder().identity(pem)?.build()
    }

    /// A client with [`ClientBuilder::roots`].
    ///
    /// # Errors
    /// As there, and as [`new`](Self::new).
    #[cfg(not(target_os = "android"))]
    pub fn with_roots(pem: &[u8]) -> Result<Self, Error> {
        Self::builder().roots(pem)?.build()
    }
}

impl ClientBuilder<ReqwestClient> {
    /// Makes the client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up, as with a certificate and a
    /// key that do not belong together.
    pub fn build(self) -> Result<ReqwestClient, Error> {
        self.build_for(false)
    }

    fn build_for(self, public_only: bool) -> Result<ReqwestClient, Error> {
        let tls = self.tls()?;
        let roots = tls.roots;
        let builder = match public_only {
            true => reqwest::Client::builder().dns_resolver(Public),
            false => reqwest::Client::builder(),
        };
        // Named one by one: another crate of the program may have switched the feature of any of them on.
        builder
            .tls_backend_preconfigured(tls.config)
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
            .user_agent(USER_AGENT)
            .build()
            .map(|client| ReqwestClient { client, roots, public_only, urls: Arc::default() })
            .map_err(|error| Error::configuration(crate::tls::SETUP).with_source(error))
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        // Outside of one it would panic, deep inside.
        if tokio::runtime::Handle::try_current().is_err() {
            let why = "`ReqwestClient` needs a runtime of tokio; where there is none, use `blocking::UreqClient` \
                (feature `blocking`)";
            return Err(HttpError::new(HttpErrorKind::Unusable, why));
        }
        let request = self.request(request, limits)?;
        let mut response = self.client.execute(request).await.map_err(failed)?;
        check_head(response.headers(), response.content_length(), limits)?;
        // Nearly every answer is one chunk, which is then not copied.
        let mut body = response.chunk().await.map_err(failed)?.unwrap_or_default();
        let mut grown = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            make_room(&mut grown, body.len() + chunk.len(), limits)?;
            if grown.is_empty() {
                grown.extend_from_slice(&std::mem::take(&mut body));
            }
            grown.extend_from_slice(&chunk);
        }
        if !grown.is_empty() {
            body = grown.into();
        }
        if body.len() > limits.body {
            return Err(too_large(limits));
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
        self.roots.check(&parts.uri)?;
        let url = self.url(&parts.uri)?;
        // An address needs no resolver.
        if self.public_only && literal(&url).is_some_and(|address| !is_public(address)) {
            return Err(HttpError::new(HttpErrorKind::Blocked, NotPublic));
        }
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = Some(body.into());
        if limits.deadline != Limits::TOKEN.deadline {
            *request.timeout_mut() = Some(limits.deadline);
        }
        Ok(request)
    }

    /// reqwest wants a `Url`, which takes a while to parse. A flow has few addresses, and their parsed forms are kept.
    fn url(&self, uri: &http::Uri) -> Result<reqwest::Url, HttpError> {
        let mut urls = lock(&self.urls);
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

/// The address that stands in a URL instead of a name: a `Url` has it in its usual form, however it was written.
fn literal(url: &reqwest::Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

/// The resolver of the operating system, without what is not public.
struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is that of the URL, whatever stands here.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(public(found)?.into_iter()) as Addrs)
        })
    }
}

fn failed(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    if error.is_connect() {
        if is_blocked(&error) {
            return HttpError::new(HttpErrorKind::Blocked, NotPublic);
        }
        return tls::before_sending(error);
    }
    let kind = if error.is_timeout() { HttpErrorKind::Timeout } else { HttpErrorKind::Transport };
    HttpError::new(kind, error)
}

/// Whether the resolver had nothing but addresses that are not public.
fn is_blocked(error: &(dyn StdError + 'static)) -> bool {
    error.is::<NotPublic>() || error.source().is_some_and(is_blocked)
}
