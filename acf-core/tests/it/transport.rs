//! The default transport against a server that means no good.

use std::time::{Duration, Instant};

use acf_core::{
    ErrorKind, Flow, HttpClient, MemoryStore, Metadata, Next,
    http::{HttpError, HttpErrorKind, Limits, Request, ReqwestClient, Response, check_client},
};

use crate::support::{Server, TOKEN, answer, json, logged_in};

async fn finish_with(server: &Server, limits: Limits) -> Result<acf_core::Token, acf_core::Error> {
    let flow = Flow::builder(server.provider().build().unwrap()).limits(limits).build().unwrap();
    let request = flow.begin("u").await.unwrap();
    flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await
}

/// Whatever the request and wherever the redirect leads, what was sent in confidence goes nowhere else, and the next
/// request goes where the first one went.
#[tokio::test]
async fn redirects_are_not_followed() {
    const STEPS: [&str; 5] = ["token", "refresh", "revoke", "userinfo", "api"];
    let target = Server::issuing(TOKEN).await;
    let port = target.address.port();
    let places = [
        ("another port", target.url("/token")),
        ("another host", format!("http://localhost:{port}/token")),
        ("no scheme", format!("//127.0.0.1:{port}/token")),
        ("another scheme", format!("https://127.0.0.1:{port}/token")),
        ("the same place", "/token2".to_owned()),
        ("beside it", "token2".to_owned()),
    ];
    // Reading the certificates of the operating system takes a while.
    let client = ReqwestClient::new().unwrap();
    let builder = |server: &Server| {
        Flow::builder(server.provider().set("userinfo_path", "/me").build().unwrap()).http_client(client.clone())
    };
    for status in [301, 302, 303, 307, 308] {
        for (what, place) in &places {
            let (place, what) = (place.clone(), format!("{status} to {what}"));
            let away = Server::start(move |_| answer(status, &format!("location: {place}\r\n"), "")).await;
            let store = MemoryStore::new();
            let good = Server::issuing(TOKEN).await;
            logged_in(&builder(&good).state_store(store.clone()).build().unwrap()).await;
            let flow = builder(&away).state_store(store).build().unwrap();
            let session = flow.session("u").await.unwrap();
            for (before, step) in STEPS.into_iter().chain(["refresh"]).enumerate() {
                let refused = match step {
                    "token" => {
                        let request = flow.begin("u").await.unwrap();
                        flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.map(drop)
                    }
                    "refresh" => session.refresh().await.map(drop),
                    "revoke" => flow.revoke(&session.token().await.unwrap()).await,
                    "userinfo" => session.userinfo().await.map(drop),
                    _ => {
                        // What an API answers is the caller's.
                        let reply = session.post(away.url("/api")).body("b").send().await.unwrap();
                        assert_eq!(reply.status().as_u16(), status, "{what}");
                        assert_eq!(away.seen().len(), before + 1, "{what}, {step}");
                        continue;
                    }
                };
                let error = refused.unwrap_err();
                assert_eq!((error.kind(), error.status()), (ErrorKind::Response, Some(status)), "{what}, {step}");
                assert_eq!(away.seen().len(), before + 1, "{what}, {step}");
            }
        }
    }
    assert_eq!(target.seen().len(), 0);
}

/// What a client of one's own may do wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bad {
    Follows,
    Decompresses,
    KeepsCookies,
    SendsAgain,
    FailsForStatus,
    Unlimited,
    Patient,
    SaysNotSent,
}

struct Naughty(ReqwestClient, Option<Bad>, std::sync::Mutex<bool>);

#[async_trait::async_trait]
impl HttpClient for Naughty {
    async fn send(&self, mut request: Request, mut limits: Limits) -> Result<Response, HttpError> {
        let is = |bad| self.1 == Some(bad);
        if is(Bad::Unlimited) {
            limits.body = usize::MAX;
        }
        if is(Bad::Patient) {
            limits.deadline = Duration::from_secs(60);
        }
        if is(Bad::KeepsCookies) && *self.2.lock().unwrap() {
            request.headers_mut().insert("cookie", "a=b".parse().unwrap());
        }
        let mut answer = self.0.send(request.clone(), limits).await;
        if is(Bad::SendsAgain) && answer.is_err() {
            answer = self.0.send(request.clone(), limits).await;
        }
        let mut answer = match answer {
            Err(error) if is(Bad::SaysNotSent) => return Err(HttpError::new(HttpErrorKind::NotSent, error)),
            answer => answer?,
        };
        *self.2.lock().unwrap() |= answer.headers().contains_key("set-cookie");
        if is(Bad::Decompresses) && answer.headers().contains_key("content-encoding") {
            *answer.body_mut() = "{}".into();
        }
        if is(Bad::FailsForStatus) && !answer.status().is_success() {
            return Err(HttpError::new(HttpErrorKind::Transport, answer.status().to_string()));
        }
        if is(Bad::Follows)
            && let Some(place) = answer.headers().get("location")
        {
            let base = request.uri().to_string();
            let url = format!("{}{}", base.rsplit_once('/').unwrap().0, place.to_str().unwrap());
            *request.uri_mut() = url.parse().unwrap();
            return self.0.send(request, limits).await;
        }
        Ok(answer)
    }
}

#[tokio::test]
async fn a_client_of_ones_own_can_be_tried_out() {
    let good = ReqwestClient::new().unwrap();
    for (bad, says) in [
        (None, &[][..]),
        (Some(Bad::Follows), &["follows redirects (301, 302, 303, 307, 308)"]),
        (Some(Bad::Decompresses), &["decompresses"]),
        (Some(Bad::KeepsCookies), &["keeps cookies"]),
        (Some(Bad::SendsAgain), &["sends a request again"]),
        (Some(Bad::FailsForStatus), &["brings no answer where the server sent 400"]),
        (Some(Bad::Unlimited), &["bytes where the limit is 4096"]),
        (Some(Bad::Patient), &["`Timeout` at the deadline"]),
        (Some(Bad::SaysNotSent), &["says that nothing was sent", "`TooLarge`", "`Timeout`"]),
    ] {
        let client = Naughty(good.clone(), bad, std::sync::Mutex::default());
        let text = match check_client(&client).await {
            Ok(()) => String::new(),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Configuration);
                error.to_string()
            }
        };
        assert_eq!(text.lines().count(), says.len(), "{bad:?}: {text}");
        assert!(text.lines().zip(says).all(|(line, says)| line.contains(says)), "{bad:?}: {text}");
    }
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
    for (name, bytes, kind) in cases {
        let bytes = *bytes;
        let server = Server::start(move |_| bytes()).await;
        let error = finish_with(&server, Limits::TOKEN).await.unwrap_err();
        assert_eq!(error.kind(), *kind, "{name}: {error}");
        assert_eq!(server.seen().len(), 1, "{name}: sent once");
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
    let silent = Server::issuing(TOKEN).await;
    let provider = silent.provider().base_uri(format!("http://{address}")).build().unwrap();
    let limits = Limits { deadline: Duration::from_millis(200), ..Limits::TOKEN };
    let flow = Flow::builder(provider).limits(limits).build().unwrap();
    let request = flow.begin("u").await.unwrap();
    let began = Instant::now();
    let error = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_closed_port_means_that_nothing_was_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let server = Server::issuing(TOKEN).await;
    let flow = Flow::new(server.provider().base_uri(format!("http://{address}")).build().unwrap()).unwrap();
    let request = flow.begin("u").await.unwrap();
    let error = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap_err();
    assert_eq!((error.kind(), error.next()), (ErrorKind::NotSent, Next::Reauthorize));
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

#[tokio::test]
async fn a_client_for_public_addresses_does_not_connect_here() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let http = ReqwestClient::public_addresses_only().unwrap();
    // Each in every way in which a host can be written (RFC 3986 section 7.4).
    for host in [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
    ] {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = format!("http://{host}:{port}/").parse().unwrap();
        let error = http.send(request, Limits::TOKEN).await.unwrap_err();
        assert_eq!(error.kind(), HttpErrorKind::Blocked, "{host}: {error}");
    }
    for issuer in [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}/a")] {
        let error = Metadata::fetch(&issuer, &http).await.unwrap_err();
        assert_eq!((error.kind(), error.next()), (ErrorKind::Configuration, Next::FixConfiguration), "{error}");
        assert!(error.to_string().contains("not public"), "{error}");
    }
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody came");
}
