//! How often a login's URL allocates, and how much an endless answer, an endless text or endless logins. In a binary of its
//! own, because it counts for the whole process.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::{
    future::IntoFuture,
    io::{Read, Write},
    net::TcpListener,
};

use acf_core::{
    ClientAuth, Custom, Flow, MemoryStore, RedirectUri,
    http::{HttpClient, HttpErrorKind, Limits, Request, ReqwestClient},
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
    let provider = custom().scope(["read", "write"]);
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
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
        let client = ReqwestClient::new().unwrap();
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = format!("http://{address}/").parse().unwrap();
        let mut result = None;
        let limits = Limits { body, ..Limits::API };
        let info = allocation_counter::measure(|| result = Some(runtime.block_on(client.send(request, limits))));
        assert_eq!(result.unwrap().unwrap_err().kind(), HttpErrorKind::TooLarge);
        let body = body as u64;
        assert!(info.bytes_max < (2 * body).max(body + CONNECTION), "{} bytes for a limit of {body}", info.bytes_max);
        // The connection ends with the runtime's next turn.
        drop(client);
        runtime.block_on(tokio::task::yield_now());
        assert!(server.join().unwrap() < 64 << 20, "the connection is closed");
    }
}

fn custom() -> acf_core::CustomBuilder {
    Custom::builder("forge")
        .authorization_endpoint("https://forge.example/oauth/authorize")
        .token_endpoint("https://forge.example/oauth/token")
        .client_auth(ClientAuth::None)
        .client_id("client-id-0123456789")
        .redirect_uri("https://app.example/oauth/callback")
}

/// Logins that nobody finishes hold what the capacity allows, however many there are; those that are over hold nothing.
#[test]
fn a_flood_of_logins_holds_no_more_than_the_capacity() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for denied in [false, true] {
        let builder = Flow::builder(custom().build().unwrap());
        let flow = builder.state_store(MemoryStore::with_capacity(1_000)).build().unwrap();
        let begin = |count| {
            let logins = async {
                for _ in 0..count {
                    let request = flow.begin("u").await.unwrap();
                    if denied {
                        let callback = format!("error=access_denied&state={}", request.state.as_str());
                        assert!(flow.finish("u", &callback).await.is_err());
                    }
                }
            };
            allocation_counter::measure(|| runtime.block_on(logins)).bytes_max
        };
        let filled = begin(10_000);
        assert!(filled < 1_000 * 1024, "{filled} bytes for a thousand logins");
        // The table grows once more at some time, for the gaps between its rows.
        let more = begin(20_000);
        assert!(more < 600 * 1024, "{more} bytes more for twenty thousand");
    }
}

/// A text that was made to be slow to check costs what its length does: the checks read it once, and an error does not
/// repeat it.
#[test]
fn a_redirect_uri_without_end_is_read_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let flow = Flow::new(custom().build().unwrap()).unwrap();
    for (start, again) in
        [("https://app.example/", "a/"), ("https://", "a."), ("https://app.example/?", "%2f"), ("", "a+")]
    {
        let check = |length: usize| {
            let text: String = start.chars().chain(again.chars().cycle()).take(length).collect();
            let mut errors = Vec::with_capacity(2);
            let info = allocation_counter::measure(|| {
                errors.push(RedirectUri::try_from(text.as_str()).unwrap_err());
                errors.push(runtime.block_on(flow.begin("u").redirect_uri(text.as_str()).into_future()).unwrap_err());
            });
            assert!(errors.iter().all(|error| error.to_string().len() < 512), "{start}{again}..");
            info
        };
        let (once, twice) = (check(64 * 1024), check(128 * 1024));
        assert_eq!(once.count_total, twice.count_total, "{start}{again}..");
        assert!(twice.bytes_total <= 2 * once.bytes_total, "{start}{again}..");
        assert!(once.bytes_total < 4 * 64 * 1024, "{start}{again}..: {} bytes", once.bytes_total);
    }
}
