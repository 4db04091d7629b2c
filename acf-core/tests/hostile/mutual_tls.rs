//! RFC 8705: the client says who it is with a certificate, to servers made on the spot that demand one.

use std::{net::SocketAddr, sync::Arc};

use acf_core::{Custom, ErrorKind, Flow, Token};
use rustls::{RootCertStore, pki_types::CertificateDer, server::WebPkiClientVerifier};

use crate::{
    server::STORED,
    support::{Client, clients_with, logged_in},
    tls::{Asked, Authority, NAMES, NOW, serve, shown},
};

const WORDS: [&str; 2] = ["tls_client_auth", "self_signed_tls_client_auth"];

/// Asks for a certificate that this one vouches for, or is; and demands it, or takes none as well.
fn asks(trusted: &CertificateDer<'static>, demands: bool) -> Asked {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), ring);
    if demands { builder.build().unwrap() } else { builder.allow_unauthenticated().build().unwrap() }
}

fn provider(address: SocketAddr, word: &str) -> Custom {
    let provider = Custom::builder("forge").set("client_auth", word).base_uri(format!("https://{address}"));
    let provider = provider.authorization_path("/authorize").access_token_path("/token").client_id("id");
    provider.redirect_uri("https://app.example/callback").build().unwrap()
}

fn flow(client: &Client, address: SocketAddr, word: &str) -> Flow {
    Flow::builder(provider(address, word)).http_client(client.clone()).build().unwrap()
}

#[tokio::test]
async fn the_certificate_comes_with_token_requests_and_calls() {
    let (ours, theirs) = (Authority::new("of the server"), Authority::new("of its clients"));
    for word in WORDS {
        // Vouched for by an authority (section 2.1), or by itself (section 2.2).
        let by = (word == WORDS[0]).then_some(&theirs);
        let identity = shown(by, &["client.example"], NOW);
        let trusted = by.map_or(identity.0.clone(), Authority::certificate);
        for client in clients_with(Some(&identity.pem()), Some(&ours.pem)) {
            let (address, requests) = serve(shown(Some(&ours), NAMES, NOW), asks(&trusted, true)).await;
            // A token that is bound to the certificate is of use with it alone (section 3).
            let session = logged_in(&flow(&client, address, word)).await;
            session.refresh().await.unwrap();
            session.get(format!("https://{address}/me")).send().await.unwrap();
            let expected = vec![Some(identity.0.clone()); 3];
            assert_eq!(*requests.lock().unwrap(), expected, "{}: {word}", client.name);
        }
    }
}

#[tokio::test]
async fn without_the_right_certificate_no_request_is_read() {
    let (ours, theirs) = (Authority::new("of the server"), Authority::new("of its clients"));
    let stranger = shown(Some(&Authority::new("another")), &["client.example"], NOW).pem();
    let (address, requests) = serve(shown(Some(&ours), NAMES, NOW), asks(&theirs.certificate(), true)).await;
    for identity in [None, Some(stranger.as_str())] {
        for client in clients_with(identity, Some(&ours.pem)) {
            let result = flow(&client, address, WORDS[0]).refresh(&Token::from_json(STORED).unwrap()).await;
            // The server says so after its handshake, when the request may have left (RFC 8446 section 4.4.2.4).
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Transport, "{}", client.name);
        }
    }
    assert_eq!(requests.lock().unwrap().len(), 0);
}

/// What the documentation of `ClientBuilder::identity` says: a client, and not a host, decides who sees it.
#[tokio::test]
async fn another_host_sees_the_certificate_by_the_same_client_alone() {
    let (ours, theirs) = (Authority::new("of the server"), Authority::new("of its clients"));
    let identity = shown(Some(&theirs), &["client.example"], NOW);
    let with = clients_with(Some(&identity.pem()), Some(&ours.pem));
    let without = clients_with(None, Some(&ours.pem));
    for (with, without) in with.iter().zip(&without) {
        let (address, _) = serve(shown(Some(&ours), NAMES, NOW), asks(&theirs.certificate(), true)).await;
        let (other, seen) = serve(shown(Some(&ours), NAMES, NOW), asks(&theirs.certificate(), false)).await;
        let session = logged_in(&flow(with, address, WORDS[0])).await;
        flow(without, other, WORDS[0]).refresh(&Token::from_json(STORED).unwrap()).await.unwrap();
        assert_eq!(*seen.lock().unwrap(), [None], "{}", with.name);
        session.get(format!("https://{other}/api")).send().await.unwrap();
        assert_eq!(*seen.lock().unwrap(), [None, Some(identity.0.clone())], "{}", with.name);
    }
}
