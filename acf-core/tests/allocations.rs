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
/// What the connection may hold beside the body: hyper reads into buffers of 400 KiB, which double while a part of one is in
/// use, such as a header. reqwest lets nobody set their size.
const CONNECTION: u64 = 1536 * 1024;

/// What a connection has in any case, that of ureq 256 KiB, and the place for a small body.
const BUFFERS: u64 = 640 * 1024;

/// 1 GiB in every form, for each limit: read no further than the limit, and held with no more than the connection has and
/// what a large body takes while it grows. What is announced as too long is not read at all.
#[test]
fn an_endless_answer_is_held_to_its_limit() {
    const GIB: usize = 1 << 30;
    let mebibyte = vec![b' '; 1 << 20];
    let chunked = [b"100000\r\n".as_slice(), &mebibyte, b"\r\n"].concat();
    let chunks = "transfer-encoding: chunked\r\n";
    let asynchronous = |request: Request, limits| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = ReqwestClient::new().unwrap();
        let measured = measure(|| runtime.block_on(client.send(request, limits)));
        // The connection ends with the runtime's next turn.
        drop(client);
        runtime.block_on(tokio::task::yield_now());
        measured
    };
    #[cfg(feature = "blocking")]
    let blocking = |request: Request, limits| {
        use acf_core::blocking::{UreqClient, Wait};
        let client = UreqClient::new().unwrap();
        measure(|| client.send(request, limits).wait())
    };
    let clients: &[&Send<'_>] = &[
        &asynchronous,
        #[cfg(feature = "blocking")]
        &blocking,
    ];
    for (send, (limit, small)) in
        clients.iter().flat_map(|send| [(Limits::TOKEN.body, 2), (Limits::API.body, 512)].map(|limit| (send, limit)))
    {
        let growing = if limit > 1 << 20 { limit / 2 } else { 0 };
        let most = (limit + growing) as u64 + CONNECTION;
        // The buffers fill with what is not body.
        let small = format!("{small:x}\r\n{}\r\n", " ".repeat(small)).repeat(2_000).into_bytes();
        for (what, headers, block, read, held) in [
            ("honest", format!("content-length: {GIB}\r\n"), &mebibyte, None, BUFFERS),
            ("longer than announced", "content-length: 9\r\n".to_owned(), &mebibyte, Some(9), BUFFERS),
            ("up to the limit", format!("content-length: {limit}\r\n"), &mebibyte, Some(limit), most),
            ("one byte more", format!("content-length: {}\r\n", limit + 1), &mebibyte, None, BUFFERS),
            ("not announced", String::new(), &mebibyte, None, most),
            ("in chunks", chunks.to_owned(), &chunked, None, most),
            ("in small chunks", chunks.to_owned(), &small, None, most),
            ("behind a long head", format!("{chunks}x: {}\r\n", "y".repeat(400_000)), &small, None, most),
        ] {
            let (result, held_most, sent) = answered(send, &headers, block, GIB / block.len(), limit);
            let what = format!("{what}, for a limit of {limit}: {held_most} bytes");
            match result {
                Ok(body) => assert_eq!(Some(body), read, "{what}"),
                // ureq takes no head of that length.
                Err(HttpErrorKind::Transport) => assert!(headers.len() > 400_000, "{what}"),
                Err(kind) => assert_eq!((kind, read), (HttpErrorKind::TooLarge, None), "{what}"),
            }
            assert!(held_most < held, "{what}");
            assert!(sent < 64 << 20, "{what}: the connection is closed, but {sent} were sent");
        }
    }
}

type Answer = Result<Response, HttpError>;
type Send<'a> = dyn Fn(Request, Limits) -> (Answer, u64) + 'a;

/// What comes of a call, and the most bytes that it held at once.
fn measure(call: impl FnOnce() -> Answer) -> (Answer, u64) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(call()));
    (result.unwrap(), info.bytes_max)
}

/// The length of an answer or why there is none, what was held of it, and what the server could send of so many blocks.
fn answered(
    send: &Send<'_>,
    headers: &str,
    block: &[u8],
    blocks: usize,
    limit: usize,
) -> (Result<usize, HttpErrorKind>, u64, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = format!("http://{address}/").parse().unwrap();
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
        let (answer, held) = send(request, Limits { body: limit, ..Limits::API });
        let answer = answer.map(|answer| answer.body().len()).map_err(|error| error.kind());
        (answer, held, server.join().unwrap())
    })
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
