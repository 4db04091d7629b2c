//! H-53: a server that cannot prove who it is gets nothing. The certificates are made on the spot.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use acf_core::{
    Error, ErrorKind, Flow, Next, Token,
    http::{Limits, ReqwestClient},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    answers::with,
    server::{STORED, shows_nothing},
    support::{Client, Server, TOKEN, clients, clients_with, json, read},
};

pub struct Authority {
    pub pem: String,
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { pem: pem("CERTIFICATE", &certificate), certificate, issuer: Issuer::new(params, key) }
    }

    pub fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.clone()
    }
}

/// What a server, or a client, shows.
pub struct Shown(pub CertificateDer<'static>, KeyPair);

impl Shown {
    /// Both parts, as a client is given them.
    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.0) + &pem("PRIVATE KEY", &self.1.serialize_der())
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let lines: Vec<_> = BASE64_STANDARD
        .encode(der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

pub fn shown(authority: Option<&Authority>, names: &[&str], years: (i32, i32)) -> Shown {
    let key = KeyPair::generate().unwrap();
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, "a server");
    (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
    let certificate = match authority {
        Some(authority) => params.signed_by(&key, &authority.issuer).unwrap(),
        None => params.self_signed(&key).unwrap(),
    };
    Shown(certificate.der().clone(), key)
}

/// Whom a server asks for a certificate.
pub type Asked = Arc<dyn ClientCertVerifier>;

/// The certificates that came with the requests that a server could read.
pub type Requests = Arc<Mutex<Vec<Option<CertificateDer<'static>>>>>;

/// A token endpoint over TLS, which answers everything with a token.
pub async fn serve(shown: Shown, asked: Asked) -> (SocketAddr, Requests) {
    serve_bytes(shown, asked, json(200, TOKEN), true).await
}

/// The same with other bytes, and an end that says that it is the end, or does not.
async fn serve_bytes(shown: Shown, asked: Asked, bytes: Vec<u8>, says_end: bool) -> (SocketAddr, Requests) {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(shown.1.serialize_der()).unwrap();
    let builder = rustls::ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_client_cert_verifier(asked).with_single_cert(vec![shown.0], key).unwrap();
    // Offered, and never taken: there is no HTTP/2 here, and none of its frames (H-68).
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, requests) = (listener.local_addr().unwrap(), Requests::default());
    let seen = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            assert_ne!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
            let certificate = stream.get_ref().1.peer_certificates().map(|chain| chain[0].clone());
            if read(&mut stream).await.is_some() {
                seen.lock().unwrap().push(certificate);
                drop(stream.write_all(&bytes).await);
                if says_end {
                    drop(stream.shutdown().await);
                } else {
                    drop(stream.flush().await);
                    drop(stream.get_mut().0.shutdown().await);
                }
            }
        }
    });
    (address, requests)
}

pub fn nobody() -> Asked {
    WebPkiClientVerifier::no_client_auth()
}

async fn refresh(client: &Client, base_uri: &str) -> Result<Token, Error> {
    let server = Server::issuing(TOKEN).await;
    let provider = server.provider().base_uri(base_uri).build().unwrap();
    let limits = Limits { deadline: Duration::from_secs(3), ..Limits::TOKEN };
    let flow = Flow::builder(provider).http_client(client.clone()).limits(limits).build().unwrap();
    flow.refresh(&Token::from_json(STORED).unwrap()).await
}

pub const NAMES: &[&str] = &["localhost", "127.0.0.1"];
pub const NOW: (i32, i32) = (2020, 2100);

#[tokio::test]
async fn servers_that_cannot_prove_who_they_are() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let trusting = clients_with(None, Some(&ours.pem));
    for (what, certificate, host, says) in [
        ("good, by name", shown(Some(&ours), NAMES, NOW), "localhost", None),
        ("good, by address", shown(Some(&ours), NAMES, NOW), "127.0.0.1", None),
        ("unknown authority", shown(Some(&other), NAMES, NOW), "localhost", Some("UnknownIssuer")),
        ("self-signed", shown(None, NAMES, NOW), "localhost", Some("UnknownIssuer")),
        ("another name", shown(Some(&ours), &["as.example"], NOW), "localhost", Some("not valid for name")),
        ("a name for an address", shown(Some(&ours), &["localhost"], NOW), "127.0.0.1", Some("not valid for name")),
        ("part of the name", shown(Some(&ours), &["*.localhost"], NOW), "localhost", Some("not valid for name")),
        ("expired", shown(Some(&ours), NAMES, (2000, 2001)), "localhost", Some("expired")),
        ("not valid yet", shown(Some(&ours), NAMES, (2090, 2091)), "localhost", Some("not valid yet")),
    ] {
        let (address, requests) = serve(certificate, nobody()).await;
        for (met, client) in (1..).zip(&trusting) {
            let what = format!("{}, {what}", client.name);
            let result = refresh(client, &format!("https://{host}:{}", address.port())).await;
            let read = if says.is_none() { met } else { 0 };
            assert_eq!(requests.lock().unwrap().len(), read, "{what}: who is not trusted is told nothing");
            match (result, says) {
                (Ok(_), None) => {}
                (Err(error), Some(says)) => {
                    let did = (error.kind(), error.next());
                    assert_eq!(did, (ErrorKind::Tls, Next::FixConfiguration), "{what}: {error:?}");
                    assert!(error.to_string().contains(says), "{what}: {error}");
                    shows_nothing(&what, &error);
                }
                (result, _) => panic!("{what}: {result:?}"),
            }
        }
    }
    // What one client was told to trust no other one trusts.
    let (address, requests) = serve(shown(Some(&ours), NAMES, NOW), nobody()).await;
    for client in &clients() {
        let error = refresh(client, &format!("https://{address}")).await.unwrap_err();
        let did = (error.kind(), requests.lock().unwrap().len());
        assert_eq!(did, (ErrorKind::Tls, 0), "{}: {error}", client.name);
    }
}

/// Without a length an answer ends with the connection, and TLS says whether that was the server's wish (RFC 8446 section
/// 6.1): somebody between the two can close the connection early, too.
#[tokio::test]
async fn an_answer_that_the_network_ends_is_none() {
    let ours = Authority::new("ours");
    let bytes = with("connection: close\r\n", TOKEN);
    for client in clients_with(None, Some(&ours.pem)) {
        for (says_end, kind) in [(true, None), (false, Some(ErrorKind::Transport))] {
            let shown = shown(Some(&ours), NAMES, NOW);
            let (address, _) = serve_bytes(shown, nobody(), bytes.clone(), says_end).await;
            let result = refresh(&client, &format!("https://{address}")).await;
            assert_eq!(result.err().map(|error| error.kind()), kind, "{}: {says_end}", client.name);
        }
    }
}

/// TLS 1.0 and 1.1, which no server of rustls speaks, and what is no TLS: written out.
#[tokio::test]
async fn handshakes_that_come_to_nothing() {
    let old = |minor: u8| {
        let hello = [&[2, 0, 0, 38, 3, minor][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
        [&[22, 3, minor, 0, 42][..], &hello].concat()
    };
    let clients = clients();
    for (what, bytes, kind) in [
        ("TLS 1.0", old(1), ErrorKind::Tls),
        ("TLS 1.1", old(2), ErrorKind::Tls),
        ("no version in common", vec![21, 3, 1, 0, 2, 2, 70], ErrorKind::Tls),
        ("no TLS", json(200, TOKEN), ErrorKind::Tls),
        ("nothing", Vec::new(), ErrorKind::NotSent),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut hello = [0; 4096];
                drop(stream.read(&mut hello).await);
                stream.write_all(&bytes).await.unwrap();
                drop(stream.shutdown().await);
                // Read to the end, so that closing is no reset.
                drop(stream.read(&mut hello).await);
            }
        });
        for client in &clients {
            let error = refresh(client, &format!("https://{address}")).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{}, {what}: {error}: {error:?}", client.name);
        }
    }
}

#[test]
fn further_roots_are_certificates() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (pem, says) in [("", "has no certificate"), ("no PEM", "has no certificate"), (broken, "TLS cannot be set up")]
    {
        let error = ReqwestClient::with_roots(pem.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(says), "{error}");
    }
}
