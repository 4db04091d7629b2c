//! H-50 to H-74: the HTTP layer of the token endpoint. Each line is a row: what the server does, and what comes of it.

use std::{collections::BTreeMap, sync::atomic::Ordering, time::Duration};

use acf_core::{Custom, ErrorKind, Flow, Next, http::Limits};
use tokio::{io::AsyncReadExt, net::TcpListener, task::JoinSet};

use crate::{
    answers::*,
    server::{Act, Case, Scripted, meet},
    support::{Client, Server, TOKEN, answer, clients, json, logged_in, param, read},
};

enum Line {
    /// Each of the answers ends a login and a refresh with the given error, within the deadline. One request is sent to
    /// the server and none to another one; the token store is unchanged.
    Answers(fn(&str) -> Vec<Case>),
    /// Shown by the test of this name, here or in `tls.rs`.
    Test(&'static str),
    /// Does not apply, and why.
    Not(&'static str),
}
use Line::{Answers, Not, Test};

const LINES: &[(u16, Line)] = &[
    (50, Answers(redirects)),
    (51, Answers(odd_redirects)),
    (52, Test("addresses_in_clear_are_refused_before_anything_is_sent")),
    (53, Test("servers_that_cannot_prove_who_they_are")),
    (54, Answers(endless_information)),
    (
        55,
        Answers(|_| {
            vec![Case::bytes(
                "101",
                answer(101, "upgrade: x\r\nconnection: upgrade\r\n", ""),
                ErrorKind::Response,
                Some(101),
            )]
        }),
    ),
    (56, Answers(nothing)),
    (
        57,
        Answers(|_| {
            [201, 202, 203, 206]
                .map(|s| Case::bytes("another success", json(s, TOKEN), ErrorKind::Response, Some(s)))
                .into()
        }),
    ),
    (58, Answers(shorter_than_announced)),
    (59, Answers(cut_chunks)),
    (60, Answers(two_lengths)),
    (61, Answers(chunks_beyond_counting)),
    (
        62,
        Answers(|_| {
            vec![Case::new(
                "a byte every 20 ms",
                vec![Act::Drip(json(200, &" ".repeat(9_000)), ms(20))],
                ErrorKind::Timeout,
                None,
            )]
        }),
    ),
    (63, Answers(slow_heads)),
    (64, Test("an_endless_body_is_left_at_the_limit")),
    (65, Answers(compressed)),
    (66, Answers(large_heads)),
    (67, Answers(broken_headers)),
    (68, Answers(another_protocol)),
    (69, Test("what_is_known_of_a_connection_that_fails")),
    (70, Test("how_long_to_wait_is_read_and_capped")),
    (71, Answers(pages)),
    (72, Test("cookies_are_not_kept")),
    (
        73,
        Not(
            "addresses come from declarations, never from an answer: there is no dynamic issuer whose DNS could be turned \
        against this network",
        ),
    ),
    (74, Test("hosts_in_disguise_are_not_this_machine")),
];

#[test]
fn each_line_occurs_once() {
    assert_eq!(LINES.iter().map(|(line, _)| *line).collect::<Vec<_>>(), (50..=74).collect::<Vec<_>>());
    let tests = [include_str!("transport.rs"), include_str!("tls.rs")].concat();
    for (line, how) in LINES {
        match how {
            Answers(cases) => assert!(!cases("http://other").is_empty(), "H-{line}"),
            Test(name) => assert_eq!(tests.matches(&format!("fn {name}()")).count(), 1, "H-{line}: {name}"),
            Not(why) => assert!(why.len() > 30, "H-{line}: {why}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_ends_as_its_line_says() {
    // A second server, to which no answer may send anything.
    let other = Server::issuing(TOKEN).await;
    // Each is shared by all cases, because reading the certificates of the operating system takes a while.
    for client in clients() {
        let mut met = JoinSet::new();
        let mut cases = BTreeMap::new();
        for (line, how) in LINES {
            if let Answers(answers) = how {
                for case in answers(&other.url("")) {
                    *cases.entry(*line).or_insert(0) += 1;
                    met.spawn(meet(client.clone(), *line, case));
                }
            }
        }
        while let Some(result) = met.join_next().await {
            if let Err(failed) = result {
                std::panic::resume_unwind(failed.into_panic());
            }
        }
        assert_eq!(other.seen().len(), 0, "{}: credentials went on", client.name);
        assert!(cases.values().sum::<usize>() >= 60, "{cases:?}");
    }
}

#[tokio::test]
async fn addresses_in_clear_are_refused_before_anything_is_sent() {
    let server = Server::issuing(TOKEN).await;
    let keys =
        ["authorization_endpoint", "token_endpoint", "refresh_endpoint", "revocation_endpoint", "userinfo_endpoint"];
    for key in keys {
        let error = server.provider().set(key, "http://as.example/x").build().unwrap_err();
        assert_eq!((error.kind(), error.next()), (ErrorKind::Configuration, Next::FixConfiguration), "{key}");
        assert!(error.to_string().contains("must use https"), "{error}");
    }
    let session = logged_in(&server.flow()).await;
    let error = session.get("http://as.example/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(server.seen().len(), 1, "the login");
}

#[tokio::test]
async fn an_endless_body_is_left_at_the_limit() {
    for client in clients() {
        leaves_an_endless_body(client).await;
    }
}

async fn leaves_an_endless_body(client: Client) {
    let gib = 1 << 30;
    let block = vec![b' '; 64 * 1024];
    let chunk = [b"10000\r\n".as_slice(), &block, b"\r\n"].concat();
    for (what, headers, block) in [
        ("announced", format!("content-length: {gib}\r\n"), &block),
        ("announced beyond counting", format!("content-length: {}\r\n", u64::MAX - 2), &block),
        ("not announced", "connection: close\r\n".to_owned(), &block),
        ("in chunks", "transfer-encoding: chunked\r\n".to_owned(), &chunk),
    ] {
        let endless = Act::Repeat(block.clone(), gib / block.len(), Duration::ZERO);
        let server = Scripted::start(vec![Act::Send(with(&headers, "")), endless]).await;
        let provider = Server::issuing(TOKEN).await.provider().base_uri(format!("http://{}", server.address));
        let flow = Flow::builder(provider.build().unwrap())
            .http_client(client.clone())
            .limits(Limits { body: 256 * 1024, ..Limits::TOKEN })
            .build();
        let (flow, state) = (flow.as_ref().unwrap(), flow.as_ref().unwrap().begin("u").await.unwrap().state);
        let error = flow.finish("u", &format!("code=c&state={}", state.as_str())).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().contains("larger")),
            (ErrorKind::Response, true),
            "{}, {what}: {error}",
            client.name
        );
        // What the sockets hold is gone; the rest is never sent.
        tokio::time::sleep(ms(100)).await;
        let sent = server.sent.load(Ordering::SeqCst);
        assert!(sent < 32 << 20, "{}, {what}: {sent} bytes were sent", client.name);
        tokio::time::sleep(ms(50)).await;
        assert_eq!(server.sent.load(Ordering::SeqCst), sent, "{}, {what}: the connection is closed", client.name);
    }
    // A body longer than its length is its beginning, and no JSON.
    meet(client, 64, Case::bytes("longer", with("content-length: 9\r\n", TOKEN), ErrorKind::Response, Some(200))).await;
}

#[tokio::test]
async fn what_is_known_of_a_connection_that_fails() {
    for client in clients() {
        knows_how_a_connection_failed(&client).await;
    }
}

async fn knows_how_a_connection_failed(client: &Client) {
    // Nobody listens: nothing was sent.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(refresh_at(client, &format!("http://{closed}")).await, (ErrorKind::NotSent, Next::Retry));
    // Closed with bytes unread, which is a reset: the request may have left.
    for read in [0, 1, 20] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepted = tokio::spawn(async move {
            let mut accepted = 0;
            while let Ok(Ok((mut stream, _))) = tokio::time::timeout(ms(500), listener.accept()).await {
                accepted += 1;
                stream.readable().await.unwrap();
                let mut some = vec![0; read];
                drop(stream.read_exact(&mut some).await);
            }
            accepted
        });
        assert_eq!(
            refresh_at(client, &format!("http://{address}")).await,
            (ErrorKind::Transport, Next::Retry),
            "{}, {read}",
            client.name
        );
        assert_eq!(accepted.await.unwrap(), 1, "{}, {read}: not sent a second time", client.name);
    }
    // On a connection that was kept open, which the server closes when the second request has arrived.
    let kept =
        format!("HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{TOKEN}", TOKEN.len());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = tokio::spawn(async move {
        let mut requests = 0;
        while let Ok(Ok((mut stream, _))) = tokio::time::timeout(ms(500), listener.accept()).await {
            for reply in [kept.as_str(), ""] {
                requests += usize::from(read(&mut stream).await.is_some());
                tokio::io::AsyncWriteExt::write_all(&mut stream, reply.as_bytes()).await.unwrap();
            }
        }
        requests
    });
    let flow = flow_at(client, &format!("http://{address}")).await;
    let session = logged_in(&flow).await;
    assert_eq!(session.refresh().await.unwrap_err().kind(), ErrorKind::Transport);
    assert_eq!(seen.await.unwrap(), 2, "{}: each request arrived once", client.name);
}

async fn flow_at(client: &Client, base_uri: &str) -> Flow {
    let provider = Server::issuing(TOKEN).await.provider().base_uri(base_uri);
    Flow::builder(provider.build().unwrap()).http_client(client.clone()).build().unwrap()
}

async fn refresh_at(client: &Client, base_uri: &str) -> (ErrorKind, Next) {
    let token = acf_core::Token::from_json(crate::server::STORED).unwrap();
    let error = flow_at(client, base_uri).await.refresh(&token).await.unwrap_err();
    (error.kind(), error.next())
}

#[tokio::test]
async fn how_long_to_wait_is_read_and_capped() {
    for status in [429, 503] {
        for (header, seconds) in [
            ("10", Some(10)),
            (" 10 ", Some(10)),
            ("0", Some(0)),
            ("99999999999", Some(3600)),
            ("99999999999999999999999999", None),
            ("-1", None),
            ("1.5", None),
            ("Fri, 31 Dec 1999 23:59:59 GMT", None),
            ("soon", None),
            ("", None),
        ] {
            let server = Server::start(move |_| answer(status, &format!("retry-after: {header}\r\n"), "")).await;
            let flow = server.flow();
            let request = flow.begin("u").await.unwrap();
            let error = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap_err();
            assert_eq!(error.retry_after(), seconds.map(Duration::from_secs), "{header}");
            assert_eq!((error.status(), error.next()), (Some(status), Next::Reauthorize), "{header}");
            assert_eq!(server.seen().len(), 1, "a code is not sent again");
            let token = acf_core::Token::from_json(crate::server::STORED).unwrap();
            assert_eq!(flow.refresh(&token).await.unwrap_err().next(), Next::Retry, "{header}");
        }
    }
}

#[tokio::test]
async fn cookies_are_not_kept() {
    for client in clients() {
        let cookie = "content-type: application/json\r\nset-cookie: a=b; path=/\r\n";
        let server = Server::start(move |_| answer(200, cookie, TOKEN)).await;
        let session = logged_in(&flow_at(&client, &server.url("")).await).await;
        session.refresh().await.unwrap();
        session.get(server.url("/me")).send().await.unwrap();
        assert_eq!(server.seen().len(), 3);
        for seen in server.seen() {
            assert_eq!(seen.header("cookie"), None, "{}", client.name);
            let coding = seen.header("accept-encoding");
            assert_eq!(coding, Some("identity"), "{}: what is compressed is not read", client.name);
            assert!(seen.header("user-agent").unwrap().starts_with("acf/"), "{}", client.name);
        }
    }
}

#[tokio::test]
async fn hosts_in_disguise_are_not_this_machine() {
    const GOOD: &str = "https://as.example/token";
    // Plain http is for this machine, and only by its plain names.
    for host in ["127.0.0.1", "127.0.0.1:80", "[::1]:80", "localhost"] {
        assert!(named(&format!("http://{host}/token"), GOOD).is_ok(), "{host}");
    }
    for host in [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "localhost.",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.2",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "ⅼocalhost",
        "localhost@evil.example",
        "evil.example#@localhost",
        "１２７.0.0.1",
        "xn--localhost-",
        "127。0。0。1",
        "localhost%00.evil.example",
        "localhost\\.evil.example",
    ] {
        let url = format!("http://{host}/token");
        assert_eq!(named(&url, GOOD).unwrap_err().kind(), ErrorKind::Configuration, "{host}");
        assert_eq!(named(GOOD, &url).unwrap_err().kind(), ErrorKind::Configuration, "{host}");
    }
    // With https, what is no ASCII or has an empty label is nobody's host; two spellings of one issuer are two issuers.
    for host in ["evil.example.", "mäil.example", "evil..example", ".example", "a%2eexample", "user@a.example", ""] {
        let url = format!("https://{host}/token");
        assert_eq!(named(&url, GOOD).unwrap_err().kind(), ErrorKind::Configuration, "{host}");
        assert_eq!(named(GOOD, &url).unwrap_err().kind(), ErrorKind::Configuration, "{host}");
    }
    let flow = Flow::new(named(GOOD, "https://as.example").unwrap()).unwrap();
    for issuer in [
        "https://AS.example",
        "https://as.example/",
        "https://as.example:443",
        "https://as.example.",
        "https://a%73.example",
    ] {
        let request = flow.begin("u").await.unwrap();
        let encoded: String = form_urlencoded::byte_serialize(issuer.as_bytes()).collect();
        let callback = format!("code=c&state={}&iss={encoded}", param(&request.url, "state").unwrap());
        assert_eq!(flow.finish("u", &callback).await.unwrap_err().kind(), ErrorKind::IssuerMismatch, "{issuer}");
    }
}

fn named(token_endpoint: &str, issuer: &str) -> Result<Custom, acf_core::Error> {
    let provider = Custom::builder("forge").authorization_endpoint("https://as.example/authorize").issuer(issuer);
    let provider = provider.token_endpoint(token_endpoint).client_auth(acf_core::ClientAuth::None).client_id("id");
    provider.redirect_uri("https://app.example/callback").build()
}
