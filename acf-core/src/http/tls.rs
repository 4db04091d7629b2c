//! TLS, the same for every transport: rustls on ring, and the certificates of the operating system.

#[cfg(any(feature = "reqwest", feature = "blocking"))]
use std::{error::Error as StdError, io};
use std::{fmt, marker::PhantomData, sync::Arc};

#[cfg(any(feature = "reqwest", feature = "blocking"))]
use http::uri::Scheme;
use rustls::{
    ClientConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

#[cfg(any(feature = "reqwest", feature = "blocking"))]
use super::{HttpError, HttpErrorKind};
use crate::error::Error;

/// Sets up a transport: the certificate that it shows, and whom it trusts beside the operating system's authorities.
///
/// ```no_run
/// # fn example(identity: &[u8], authority: &[u8]) -> Result<(), acf_core::Error> {
#[cfg_attr(not(any(feature = "reqwest", feature = "blocking")), doc = "let client = (identity, authority);")]
#[cfg_attr(
    feature = "reqwest",
    doc = "let client = acf_core::http::ReqwestClient::builder().identity(identity)?.roots(authority)?.build()?;"
)]
#[cfg_attr(
    all(feature = "blocking", not(feature = "reqwest")),
    doc = "let client = acf_core::blocking::UreqClient::builder().identity(identity)?.roots(authority)?.build()?;"
)]
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
///
/// A client shows its certificate to every server that asks for one: the provider, and any API that a session of the flow
/// calls. Give a certificate to the flow of one provider alone, and let the others share another client.
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder<C> {
    identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
    roots: Vec<CertificateDer<'static>>,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    pub(crate) const fn new() -> Self {
        Self { identity: None, roots: Vec::new(), client: PhantomData }
    }

    /// Shows a certificate to every server that asks for one: `client_auth = tls_client_auth` and
    /// `self_signed_tls_client_auth` (RFC 8705 section 2), and API calls with a token that is bound to it (section 3).
    ///
    /// `pem` holds the certificate, those that vouch for it, and the private key, in any order.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if one of the two is missing or cannot be read. The
    /// message holds nothing of the key. Whether they belong together is seen by `build`.
    pub fn identity(mut self, pem: &[u8]) -> Result<Self, Error> {
        let chain = certificates(pem, "the PEM of the client's identity")?;
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| Error::configuration("the PEM of the client's identity has no private key"))?;
        self.identity = Some((chain, key));
        Ok(self)
    }

    /// Trusts further authorities beside those of the operating system: for a provider in a network of one's own, whose
    /// certificates no public authority signs. `pem` holds their certificates.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there is no certificate in it or one cannot be
    /// read.
    #[cfg(not(target_os = "android"))]
    pub fn roots(mut self, pem: &[u8]) -> Result<Self, Error> {
        self.roots.extend(certificates(pem, "the PEM of further roots")?);
        Ok(self)
    }

    pub(crate) fn tls(self) -> Result<Tls, Error> {
        let failed = |error: rustls::Error| Error::configuration(SETUP).with_source(error);
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&ring))
            .with_safe_default_protocol_versions()
            .map_err(failed)?;
        // Without root certificates nobody can be trusted, but this machine can still be spoken to in clear.
        let further = !self.roots.is_empty();
        let (builder, no_roots) = match verifier(self.roots, ring) {
            Ok(verifier) => (builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)), false),
            Err(error) if further => return Err(failed(error)),
            Err(_) => (builder.with_root_certificates(rustls::RootCertStore::empty()), true),
        };
        let config = match self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(failed)?,
        };
        Ok(Tls { config, roots: Roots(no_roots) })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("roots", &self.roots.len()).finish_non_exhaustive()
    }
}

/// What is said where the two parts of an identity do not belong together, or the operating system has no TLS.
pub(crate) const SETUP: &str = "TLS cannot be set up";

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::configuration(format!("{what} has a certificate that cannot be read")))?;
    match read.is_empty() {
        true => Err(Error::configuration(format!("{what} has no certificate"))),
        false => Ok(read),
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

/// How a transport speaks TLS.
pub(crate) struct Tls {
    pub(crate) config: ClientConfig,
    pub(crate) roots: Roots,
}

/// Whether this machine has no root certificates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Roots(bool);

impl Roots {
    /// Says why nobody can be trusted.
    pub(crate) const fn present(self) -> Result<(), &'static str> {
        match self.0 {
            true => {
                Err("this machine has no root certificates (package `ca-certificates`), so no server can be trusted")
            }
            false => Ok(()),
        }
    }

    /// Refuses what cannot come to anything without roots, and says why.
    #[cfg(any(feature = "reqwest", feature = "blocking"))]
    pub(crate) fn check(self, uri: &http::Uri) -> Result<(), HttpError> {
        match uri.scheme() == Some(&Scheme::HTTP) {
            true => Ok(()),
            false => self.present().map_err(|why| HttpError::new(HttpErrorKind::Tls, why)),
        }
    }
}

/// An error before anything was sent. What TLS had to say is deep inside of it.
#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) fn before_sending(error: impl StdError + Send + Sync + 'static) -> HttpError {
    match said(&error) {
        Some(said) => HttpError::new(HttpErrorKind::Tls, said),
        None => HttpError::new(HttpErrorKind::NotSent, error),
    }
}

#[cfg(any(feature = "reqwest", feature = "blocking"))]
fn said(error: &(dyn StdError + 'static)) -> Option<rustls::Error> {
    if let Some(found) = error.downcast_ref::<rustls::Error>() {
        return Some(found.clone());
    }
    match error.downcast_ref::<io::Error>() {
        // It names as its source that of what it holds, and not what it holds.
        Some(error) => error.get_ref().and_then(|held| said(held)),
        None => error.source().and_then(said),
    }
}
