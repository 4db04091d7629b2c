//! TLS, the same for everything that speaks it: rustls on ring, and the certificates of the operating system.

use std::{fmt, sync::Arc};

use rustls::{
    ClientConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use crate::error::Error;

/// What is said where the two parts of an identity do not belong together, or the operating system has no TLS.
pub(crate) const SETUP: &str = "TLS cannot be set up";

/// What is said where [`Tls::no_roots`].
pub(crate) const NO_ROOTS: &str =
    "this machine has no root certificates (package `ca-certificates`), so no server can be trusted";

/// What is shown and whom is trusted, beside what the operating system says.
#[derive(Default)]
pub(crate) struct Setup {
    /// A certificate, those that vouch for it, and its key.
    identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
    roots: Vec<CertificateDer<'static>>,
}

impl Setup {
    #[cfg(any(feature = "reqwest", feature = "blocking", feature = "redis"))]
    pub(crate) fn identity(mut self, pem: &[u8]) -> Result<Self, Error> {
        let chain = certificates(pem, "the PEM of the client's identity")?;
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| Error::configuration("the PEM of the client's identity has no private key"))?;
        self.identity = Some((chain, key));
        Ok(self)
    }

    pub(crate) fn roots(mut self, pem: &[u8]) -> Result<Self, Error> {
        self.roots.extend(certificates(pem, "the PEM of further roots")?);
        Ok(self)
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("roots", &self.roots.len()).finish_non_exhaustive()
    }
}

/// How TLS is spoken.
pub(crate) struct Tls {
    pub(crate) config: ClientConfig,
    /// Whether this machine has no root certificates.
    pub(crate) no_roots: bool,
}

impl Tls {
    pub(crate) fn new(Setup { identity, roots }: Setup) -> Result<Self, Error> {
        let failed = |error: rustls::Error| Error::configuration(SETUP).with_source(error);
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&ring))
            .with_safe_default_protocol_versions()
            .map_err(failed)?;
        // Without root certificates nobody can be trusted, but this machine can still be spoken to in clear.
        let further = !roots.is_empty();
        let (builder, no_roots) = match verifier(roots, ring) {
            Ok(verifier) => (builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)), false),
            Err(error) if further => return Err(failed(error)),
            Err(_) => (builder.with_root_certificates(rustls::RootCertStore::empty()), true),
        };
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(failed)?,
        };
        Ok(Self { config, no_roots })
    }
}

/// The certificates of a PEM, of which there must be one.
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
