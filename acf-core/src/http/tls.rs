//! What every transport has of TLS, and what is said where it fails.

use std::{error::Error as StdError, fmt, io, marker::PhantomData};

use http::uri::Scheme;
use rustls::ClientConfig;

use super::{HttpError, HttpErrorKind};
use crate::{
    error::Error,
    tls::{self, NO_ROOTS, Setup},
};

/// Sets up a transport: the certificate that it shows, and whom it trusts beside the operating system's authorities.
///
/// ```no_run
/// # fn example(identity: &[u8], authority: &[u8]) -> Result<(), acf_core::Error> {
#[cfg_attr(
    feature = "reqwest",
    doc = "let client = acf_core::http::ReqwestClient::builder().identity(identity)?.roots(authority)?.build()?;"
)]
#[cfg_attr(
    not(feature = "reqwest"),
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
    setup: Setup,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    pub(crate) fn new() -> Self {
        Self { setup: Setup::default(), client: PhantomData }
    }

    /// Shows a certificate to every server that asks for one: `client_auth = tls_client_auth` and
    /// `self_signed_tls_client_auth` (RFC 8705 section 2), and API calls with a token that is bound to it (section 3).
    ///
    /// `pem` holds the certificate, those that vouch for it, and the private key, in any order.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if one of the two is missing or cannot be read. The
    /// message holds nothing of the key. Whether they belong together is seen by `build`.
    pub fn identity(self, pem: &[u8]) -> Result<Self, Error> {
        Ok(Self { setup: self.setup.identity(pem)?, ..self })
    }

    /// Trusts further authorities beside those of the operating system: for a provider in a network of one's own, whose
    /// certificates no public authority signs. `pem` holds their certificates.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there is no certificate in it or one cannot be
    /// read.
    #[cfg(not(target_os = "android"))]
    pub fn roots(self, pem: &[u8]) -> Result<Self, Error> {
        Ok(Self { setup: self.setup.roots(pem)?, ..self })
    }

    pub(crate) fn tls(self) -> Result<Tls, Error> {
        let tls::Tls { config, no_roots } = tls::Tls::new(self.setup)?;
        Ok(Tls { config, roots: Roots(no_roots) })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("setup", &self.setup).finish_non_exhaustive()
    }
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
    /// Refuses what cannot come to anything without roots, and says why.
    pub(crate) fn check(self, uri: &http::Uri) -> Result<(), HttpError> {
        if self.0 && uri.scheme() != Some(&Scheme::HTTP) {
            return Err(HttpError::new(HttpErrorKind::Tls, NO_ROOTS));
        }
        Ok(())
    }
}

/// An error before anything was sent. What TLS had to say is deep inside of it.
pub(crate) fn before_sending(error: impl StdError + Send + Sync + 'static) -> HttpError {
    match said(&error) {
        Some(said) => HttpError::new(HttpErrorKind::Tls, said),
        None => HttpError::new(HttpErrorKind::NotSent, error),
    }
}

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
