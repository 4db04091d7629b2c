//! How often a login's URL allocates, and how much an endless answer. In a binary of its own, because it counts for the
//! whole process.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use acf_core::{
    ClientAuth, Custom, Flow,
    http::{HttpClient, HttpError, HttpErrorKind, Limits, Request, ReqwestClient, Response},
};
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope, basic::BasicClient};

/// How often `work` allocates; what it returns is dropped outside the count.
fn allocations<T>(work: impl FnOnce() -> T) -> u64 {
    let mut made = None;
    let info = allocation_counter::measure(|| made = Some(work()));
    drop(made);
    info.count_total
}

#[test]
fn a_login_url_is_one_allocation() {
    let provider = Custom::builder("forge")
        .authorization_endpoint("https://forge.example/oauth/authorize")
        .token_endpoint("https://forge.example/oauth/token")
        .scope(["read", "write"])
        .client_auth(ClientAuth::None)
        .client_id("client-id-0123456789")
        .redirect_uri("https://app.example/oauth/callback");
    let flow = Flow::new(provider.build().unwrap()).unwrap();
    let ours = allocations(|| {
        let state = flow.make_state().unwrap();
        (flow.authorization_url(&state), state)
    });
    assert_eq!(ours, 1);

    let client = BasicClient::new(ClientId::new("client-id-0123456789".to_owned()))
        .set_auth_uri(AuthUrl::new("https://forge.example/oauth/authorize".to_owned()).unwrap())
        .set_redirect_uri(RedirectUrl::new("https://app.example/oauth/callback".to_owned()).unwrap());
    let theirs = allocations(|| {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client.authorize_url(CsrfToken::new_random);
        let request = request.add_scope(Scope::new("read".to_owned())).add_scope(Scope::new("write".to_owned()));
        (request.set_pkce_challenge(challenge).url(), verifier)
    });
    assert_eq!(theirs, 21, "the figure of the peer in the README is out of date");
}

/// What the connection holds beside the body: hyper reads into buffers of up to 400 KiB, whatever the limit.
const CONNECTION: u64 = 512 * 1024;

/// 1 GiB that nobody announced: read no further than the limit, and never held twice.
#[test]
fn an_endless_answer_holds_less_than_twice_the_limit() {
    endless(|request, limits| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = ReqwestClient::new().unwrap();
        let measured = measure(|| runtime.block_on(client.send(request, limits)));
        // The connection ends with the runtime's next turn.
        drop(client);
        runtime.block_on(tokio::task::yield_now());
        measured
    });
    #[cfg(feature = "blocking")]
    endless(|request, limits| {
        use acf_core::blocking::{UreqClient, Wait};
        let client = UreqClient::new().unwrap();
        measure(|| client.send(request, limits).wait())
    });
}

type Answer = Result<Response, HttpError>;

/// What comes of a call, and the most bytes that it held at once.
fn measure(call: impl FnOnce() -> Answer) -> (Answer, u64) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(call()));
    (result.unwrap(), info.bytes_max)
}

fn endless(send: impl Fn(Request, Limits) -> (Answer, u64)) {
    for body in [Limits::TOKEN.body, Limits::API.body] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // A thread of its own: what it allocates is not counted.
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 X\r\nconnection: close\r\n\r\n");
            let block = vec![b' '; 1 << 16];
            (0..1 << 14).take_while(|_| stream.write_all(&block).is_ok()).count() << 16
        });
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = format!("http://{address}/").parse().unwrap();
        let (answer, held) = send(request, Limits { body, ..Limits::API });
        assert_eq!(answer.unwrap_err().kind(), HttpErrorKind::TooLarge);
        let body = body as u64;
        assert!(held < (2 * body).max(body + CONNECTION), "{held} bytes for a limit of {body}");
        assert!(server.join().unwrap() < 64 << 20, "the connection is closed");
    }
}
