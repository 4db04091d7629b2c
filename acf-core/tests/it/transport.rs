//! The shipped transports against a server that means no good.

use std::time::{Duration, Instant};

use acf_core::{
    ErrorKind, Flow, HttpClient,
    http::{HttpErrorKind, Limits, Request, ReqwestClient},
};
use tokio::io::AsyncReadExt;

use crate::support::{Client, Server, TOKEN, answer, clients, json};

async fn finish_at(client: &Client, base_uri: String, limits: Limits) -> Result<acf_core::Token, acf_core::Error> {
    let provider = Server::issuing(TOKEN).await.provider().base_uri(base_uri).build().unwrap();
    let flow = Flow::builder(provider).http_client(client.clone()).limits(limits).build().unwrap();
    let request = flow.begin("u").await.unwrap();
    flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (target, clients) = (Server::issuing(TOKEN).await, clients());
    for status in [301, 302, 303, 307, 308] {
        for location in [target.url("/token"), "//evil.example/token".to_owned(), "/token2".to_owned()] {
            let server = Server::start(move |_| answer(status, &format!("location: {location}\r\n"), "")).await;
            for (sent, client) in (1..).zip(&clients) {
                let error = finish_at(client, server.url(""), Limits::TOKEN).await.unwrap_err();
                assert_eq!((error.kind(), error.status()), (ErrorKind::Response, Some(status)), "{}", client.name);
                assert_eq!(server.seen().len(), sent, "{}", client.name);
            }
        }
    }
    assert_eq!(target.seen().len(), 0);
}

#[tokio::test]
async fn answers_that_are_refused() {
    type Case = (&'static str, fn() -> Vec<u8>, ErrorKind);
    let cases: &[Case] = &[
        (
            "compressed",
            || answer(200, "content-type: application/json\r\ncontent-encoding: gzip\r\n", "x"),
            ErrorKind::Response,
        ),
        ("too large, announced", || json(200, &" ".repeat(300_000)), ErrorKind::Response),
        (
            "too large, not announced",
            || {
                let mut bytes =
                    b"HTTP/1.1 200 X\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n".to_vec();
                bytes.resize(400_000, b' ');
                bytes
            },
            ErrorKind::Response,
        ),
        (
            "shorter than announced",
            || b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{}".to_vec(),
            ErrorKind::Transport,
        ),
        ("nothing", Vec::new, ErrorKind::Transport),
        ("no HTTP", || b"hello\r\n\r\n".to_vec(), ErrorKind::Transport),
        ("empty", || json(200, ""), ErrorKind::Response),
        ("not found", || answer(404, "content-type: text/html\r\n", "<h1>Not found"), ErrorKind::Response),
    ];
    let clients = clients();
    for (name, bytes, kind) in cases {
        let bytes = *bytes;
        let server = Server::start(move |_| bytes()).await;
        for (sent, client) in (1..).zip(&clients) {
            let error = finish_at(client, server.url(""), Limits::TOKEN).await.unwrap_err();
            assert_eq!(error.kind(), *kind, "{}, {name}: {error}", client.name);
            assert_eq!(server.seen().len(), sent, "{}, {name}: sent once", client.name);
        }
    }
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let limits = Limits { deadline: Duration::from_millis(200), ..Limits::TOKEN };
    for client in &clients() {
        let began = Instant::now();
        let error = finish_at(client, format!("http://{address}"), limits).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{}", client.name);
        assert!(began.elapsed() < Duration::from_secs(5), "{}", client.name);
    }
}

#[tokio::test]
async fn a_body_that_is_taken_slowly_ends_at_the_deadline() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri: http::Uri = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut some = [0; 4096];
                while stream.read(&mut some).await.is_ok_and(|n| n > 0) {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            });
        }
    });
    let limits = Limits { deadline: Duration::from_millis(300), ..Limits::API };
    for client in &clients() {
        let mut request = Request::new(vec![0; 64 << 20]);
        (*request.method_mut(), *request.uri_mut()) = (http::Method::POST, uri.clone());
        let began = Instant::now();
        assert_eq!(client.send(request, limits).await.unwrap_err().kind(), HttpErrorKind::Timeout, "{}", client.name);
        assert!(began.elapsed() < Duration::from_secs(5), "{}", client.name);
    }
}

#[tokio::test]
async fn a_closed_port_means_that_nothing_was_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for client in &clients() {
        let error = finish_at(client, format!("http://{address}"), Limits::TOKEN).await.unwrap_err();
        let did = (error.kind(), error.next());
        assert_eq!(did, (ErrorKind::NotSent, acf_core::Next::Reauthorize), "{}", client.name);
    }
}

#[test]
fn an_identity_is_a_certificate_and_its_key() {
    let key = include_bytes!("../keys/rfc7515-a3-p256.pem");
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (pem, says) in [
        (key.to_vec(), "has no certificate"),
        (broken.to_vec(), "has no private key"),
        ([broken.as_slice(), key].concat(), "TLS cannot be set up"),
        (Vec::new(), "has no certificate"),
    ] {
        let error = ReqwestClient::with_identity(&pem).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(says), "{error}");
    }
}
