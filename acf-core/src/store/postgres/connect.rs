//! The pool of connections that a URL asks for, and their TLS.

use std::{
    io,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::{ClientConfig, pki_types::ServerName};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::{
    CancelToken, Config, NoTls, Socket,
    config::{Host, SslMode, SslNegotiation},
    tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream},
};
use tokio_rustls::{TlsConnector, client};

use crate::{
    error::Error,
    tls::{NO_ROOTS, Setup, Tls},
};

/// More than this share no more commits, and the server has to hold them all.
const CONNECTIONS: usize = 16;

/// A connection that was not used for so long is used no more: behind a firewall it may be dead, and nobody would know before
/// a login waits for it. To ask before each use instead would double the way.
const UNUSED: Duration = Duration::from_secs(60);

/// What is said of a URL that cannot be read. What the parser says may have a part of the password.
const UNREADABLE: &str = "the database URL cannot be read; this is one: \
     postgres://user:password@host:5432/database?sslmode=require";

/// Tells the server to stop what it does for a connection. That takes a connection of its own, with the same TLS.
pub(super) type Cancel = Box<dyn Fn(CancelToken) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

fn cancel<T: MakeTlsConnect<Socket, TlsConnect: Send, Stream: Send> + Clone + Send + Sync + 'static>(tls: T) -> Cancel
where
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    Box::new(move |token| {
        let tls = tls.clone();
        Box::pin(async move { drop(token.cancel_query(tls).await) })
    })
}

pub(super) fn pool(url: &str, roots: Option<&[u8]>) -> Result<(Pool, Cancel), Error> {
    let config = config(url)?;
    let setup = roots.map_or_else(|| Ok(Setup::default()), |pem| Setup::default().roots(pem))?;
    let method = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let (manager, cancel) = match config.get_ssl_mode() {
        SslMode::Disable => (Manager::from_config(config, NoTls, method), cancel(NoTls)),
        _ => {
            let mut tls = Tls::new(setup)?;
            if tls.no_roots {
                return Err(Error::configuration(NO_ROOTS));
            }
            if config.get_ssl_negotiation() == SslNegotiation::Direct {
                tls.config.alpn_protocols = vec![b"postgresql".to_vec()];
            }
            let connector = Connector(Arc::new(tls.config));
            (Manager::from_config(config, connector.clone(), method), cancel(connector))
        }
    };
    let pool = Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .pre_recycle(Hook::sync_fn(|_, metrics| match metrics.last_used() < UNUSED {
            true => Ok(()),
            false => Err(HookError::message("it was not used for long")),
        }))
        .build()
        .map_err(Error::store)?;
    Ok((pool, cancel))
}

/// What the URL says, and what it leaves open.
fn config(url: &str) -> Result<Config, Error> {
    // To `psql`, these check more than `require` does. Here nothing checks less.
    let (before, options) = url.split_at_checked(url.rfind('?').unwrap_or(0)).unwrap_or(("", url));
    let options = ["verify-full", "verify-ca"]
        .iter()
        .fold(options.to_owned(), |options, mode| options.replace(&format!("sslmode={mode}"), "sslmode=require"));
    let mut config: Config = format!("{before}{options}").parse().map_err(|_| Error::configuration(UNREADABLE))?;
    let mode = match config.get_ssl_mode() {
        SslMode::Disable => SslMode::Disable,
        // Nobody listens in between, and many a server has a certificate that nobody signed.
        SslMode::Prefer if is_here(&config) => SslMode::Disable,
        _ => SslMode::Require,
    };
    config.ssl_mode(mode);
    // A server that fell silent is given up, whether or not somebody waits for it.
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(4));
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(super::calls::LIMIT);
    }
    if config.get_keepalives_interval().is_none() && config.get_keepalives_retries().is_none() {
        config
            .keepalives_idle(Duration::from_secs(30))
            .keepalives_interval(Duration::from_secs(10))
            .keepalives_retries(3);
    }
    Ok(config)
}

/// Whether every host is this machine. What is connected to is the address; what is meant is the name.
fn is_here(config: &Config) -> bool {
    let named = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    named && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

#[derive(Clone)]
struct Connector(Arc<ClientConfig>);

struct Handshake {
    connector: TlsConnector,
    name: ServerName<'static>,
}

struct Stream(client::TlsStream<Socket>);

impl MakeTlsConnect<Socket> for Connector {
    type Stream = Stream;
    type TlsConnect = Handshake;
    type Error = rustls::pki_types::InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, Self::Error> {
        let name = ServerName::try_from(host.to_owned())?;
        Ok(Handshake { connector: Arc::clone(&self.0).into(), name })
    }
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move { self.connector.connect(self.name, socket).await.map(Stream) })
    }
}

impl TlsStream for Stream {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, session) = self.0.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        certificate
            .and_then(|certificate| end_point(certificate))
            .map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
    }
}

/// `tls-server-end-point` (RFC 5929 section 4.1): the certificate's digest, by the hash that its signature uses, or SHA-256 if
/// that one is older. `None` where it is not plain which: no binding is asked for then.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    const SEQUENCE: u8 = 0x30;
    const OBJECT_IDENTIFIER: u8 = 0x06;
    // 1.2.840.113549.1.1 and 1.2.840.10045.4.3
    const RSA: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
    let (whole, _) = value(SEQUENCE, certificate)?;
    let (_signed, rest) = value(SEQUENCE, whole)?;
    let (algorithm, _) = value(SEQUENCE, rest)?;
    let (algorithm, _) = value(OBJECT_IDENTIFIER, algorithm)?;
    match (algorithm.strip_prefix(&RSA), algorithm.strip_prefix(&ECDSA)) {
        (Some([4 | 5 | 11]), _) | (_, Some([2])) => Some(Sha256::digest(certificate).to_vec()),
        (Some([12]), _) | (_, Some([3])) => Some(Sha384::digest(certificate).to_vec()),
        (Some([13]), _) | (_, Some([4])) => Some(Sha512::digest(certificate).to_vec()),
        _ => None,
    }
}

/// The value of that type at the front of DER (X.690 section 8.1), and what follows it.
fn value(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = der.split_first_chunk()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length).filter(|_| found == tag)
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_spoken_to_in_clear() {
        use SslMode::{Disable, Require};
        for (url, expected) in [
            ("postgres://u:p@localhost/d", Disable),
            ("postgres://u:p@127.0.0.2:5433/d?sslmode=prefer", Disable),
            ("postgres://u:p@[::1]/d", Disable),
            ("host=/run/postgresql user=u", Disable),
            ("postgres://u:p@localhost/d?sslmode=require", Require),
            ("postgres://u:p@localhost/d?sslmode=verify-full", Require),
            ("postgres://u:p@db.example/d", Require),
            ("postgres://u:p@db.example/d?sslmode=prefer", Require),
            ("postgres://u:p@db.example/d?application_name=a&sslmode=verify-ca&connect_timeout=1", Require),
            ("host=db.example user=u sslmode=verify-full", Require),
            ("postgres://u:p@localhost.example/d", Require),
            ("postgres://u:p@10.0.0.1/d", Require),
            // One of them is elsewhere, or is said to be.
            ("postgres://u:p@localhost,db.example/d", Require),
            ("host=localhost hostaddr=192.0.2.1 user=u", Require),
            ("host=db.example hostaddr=127.0.0.1 user=u", Require),
            ("postgres://u:p@db.example/d?sslmode=disable", Disable),
        ] {
            assert_eq!(config(url).unwrap().get_ssl_mode(), expected, "{url}");
        }
    }

    #[test]
    fn what_is_bound_to_a_channel() {
        for (algorithm, length) in [
            (&rcgen::PKCS_ECDSA_P256_SHA256, Some(32)),
            (&rcgen::PKCS_ECDSA_P384_SHA384, Some(48)),
            (&rcgen::PKCS_ED25519, None),
        ] {
            let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
            let certificate = rcgen::CertificateParams::new(["a".repeat(200)]).unwrap().self_signed(&key).unwrap();
            let bound = end_point(certificate.der());
            assert_eq!(bound.as_ref().map(Vec::len), length, "{algorithm:?}");
            for end in 0..certificate.der().len() {
                assert_eq!(end_point(&certificate.der()[..end]), None, "cut off");
            }
        }
    }
}
