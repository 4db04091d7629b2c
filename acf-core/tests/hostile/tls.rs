//! H-53: a server that cannot prove who it is gets nothing. The certificates are made on the spot.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use acf_core::{
    Error, ErrorKind, Flow, Next, Token,
    http::{Limits, ReqwestClient},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    server::{STORED, shows_nothing},
    support::{Client, Server, TOKEN, clients, clients_with, json},
};

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = pem(params.self_signed(&key).unwrap().der());
        Self { pem, issuer: Issuer::new(params, key) }
    }
}

/// What a server shows.
struct Shown(CertificateDer<'static>, KeyPair);

fn pem(der: &CertificateDer<'_>) -> String {
    let lines: Vec<_> = BASE64_STANDARD
        .encode(der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn shown(authority: Option<&Authority>, names: &[&str], years: (i32, i32)) -> Shown {
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

/// A token endpoint over TLS, which counts the requests it could read.
async fn serve(shown: Shown) -> (SocketAddr, Arc<AtomicUsize>) {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(shown.1.serialize_der()).unwrap();
    let builder = rustls::ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_no_client_auth().with_single_cert(vec![shown.0], key).unwrap();
    // Offered, and never taken: there is no HTTP/2 here, and none of its frames (H-68).
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, requests) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            assert_ne!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
            let mut chunk = [0; 4096];
            if stream.read(&mut chunk).await.is_ok_and(|n| n > 0) {
                counted.fetch_add(1, Ordering::SeqCst);
                drop(stream.write_all(&json(200, TOKEN)).await);
                drop(stream.shutdown().await);
            }
        }
    });
    (address, requests)
}

async fn refresh(client: &Client, base_uri: &str) -> Result<Token, Error> {
    let server = Server::issuing(TOKEN).await;
    let provider = server.provider().base_uri(base_uri).build().unwrap();
    let limits = Limits { deadline: Duration::from_secs(3), ..Limits::TOKEN };
    let flow = Flow::builder(provider).http_client(client.clone()).limits(limits).build().unwrap();
    flow.refresh(&Token::from_json(STORED).unwrap()).await
}

const NAMES: &[&str] = &["localhost", "127.0.0.1"];
const NOW: (i32, i32) = (2020, 2100);

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
        let (address, requests) = serve(certificate).await;
        for (met, client) in (1..).zip(&trusting) {
            let what = format!("{}, {what}", client.name);
            let result = refresh(client, &format!("https://{host}:{}", address.port())).await;
            let read = if says.is_none() { met } else { 0 };
            assert_eq!(requests.load(Ordering::SeqCst), read, "{what}: who is not trusted is told nothing");
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
    let (address, requests) = serve(shown(Some(&ours), NAMES, NOW)).await;
    for client in &clients() {
        let error = refresh(client, &format!("https://{address}")).await.unwrap_err();
        let did = (error.kind(), requests.load(Ordering::SeqCst));
        assert_eq!(did, (ErrorKind::Tls, 0), "{}: {error}", client.name);
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
