//! How often a login's URL allocates, and how much an endless answer holds. In a binary of its own, because it counts for the
//! whole process.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use acf_core::{
    ClientAuth, Custom, Flow,
    http::{HttpClient, HttpErrorKind, Limits, Request, ReqwestClient},
};
use allocation_counter::AllocationInfo;
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

/// What the connection may hold beside the body: hyper reads into buffers of 400 KiB, which double while a part of one is in
/// use, such as a header. reqwest lets nobody set their size.
const CONNECTION: u64 = 1536 * 1024;

/// 1 GiB in every form, for each limit: read no further than the limit, and held with no more than the connection has and
/// what a large body takes while it grows. What is announced as too long is not read at all.
#[test]
fn an_endless_answer_is_held_to_its_limit() {
    const GIB: usize = 1 << 30;
    let mebibyte = vec![b' '; 1 << 20];
    let chunked = [b"100000\r\n".as_slice(), &mebibyte, b"\r\n"].concat();
    let chunks = "transfer-encoding: chunked\r\n";
    for (limit, small) in [(Limits::TOKEN.body, 2), (Limits::API.body, 512)] {
        let growing = if limit > 1 << 20 { limit / 2 } else { 0 };
        let most = (limit + growing) as u64 + CONNECTION;
        // The buffers fill with what is not body.
        let small = format!("{small:x}\r\n{}\r\n", " ".repeat(small)).repeat(2_000).into_bytes();
        for (what, headers, block, read, held) in [
            ("honest", format!("content-length: {GIB}\r\n"), &mebibyte, None, 128 * 1024),
            ("longer than announced", "content-length: 9\r\n".to_owned(), &mebibyte, Some(9), 128 * 1024),
            ("up to the limit", format!("content-length: {limit}\r\n"), &mebibyte, Some(limit), most),
            ("one byte more", format!("content-length: {}\r\n", limit + 1), &mebibyte, None, 128 * 1024),
            ("not announced", String::new(), &mebibyte, None, most),
            ("in chunks", chunks.to_owned(), &chunked, None, most),
            ("in small chunks", chunks.to_owned(), &small, None, most),
            ("behind a long head", format!("{chunks}x: {}\r\n", "y".repeat(400_000)), &small, None, most),
        ] {
            let (result, info, sent) = answered(&headers, block, GIB / block.len(), limit);
            let what = format!("{what}, for a limit of {limit}: {} bytes", info.bytes_max);
            match result {
                Ok(body) => assert_eq!(Some(body), read, "{what}"),
                Err(kind) => assert_eq!((kind, read), (HttpErrorKind::TooLarge, None), "{what}"),
            }
            assert!(info.bytes_max < held, "{what}");
            assert!(sent < 64 << 20, "{what}: the connection is closed, but {sent} were sent");
        }
    }
}

/// The length of an answer or why there is none, what was allocated for it, and what the server could send of so many
/// blocks.
fn answered(
    headers: &str,
    block: &[u8],
    blocks: usize,
    limit: usize,
) -> (Result<usize, HttpErrorKind>, AllocationInfo, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let client = ReqwestClient::new().unwrap();
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = format!("http://{address}/").parse().unwrap();
    let limits = Limits { body: limit, ..Limits::API };
    let mut result = None;
    std::thread::scope(|scope| {
        // A thread of its own: what it allocates is not counted.
        let server = scope.spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // A test that fails shall end.
            stream.set_write_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let _ = stream.write_all(format!("HTTP/1.1 200 X\r\nconnection: close\r\n{headers}\r\n").as_bytes());
            (0..blocks).take_while(|_| stream.write_all(block).is_ok()).count() * block.len()
        });
        let info = allocation_counter::measure(|| result = Some(runtime.block_on(client.send(request, limits))));
        // The connection ends with the runtime's next turn.
        drop(client);
        runtime.block_on(tokio::task::yield_now());
        let result = result.unwrap().map(|answer| answer.body().len()).map_err(|error| error.kind());
        (result, info, server.join().unwrap())
    })
}
