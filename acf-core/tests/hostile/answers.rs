//! The answers of the lines H-50 to H-68, made up byte by byte.

use std::time::Duration;

use acf_core::ErrorKind;

use crate::{
    server::{Act, Case},
    support::{TOKEN, answer, json},
};

pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

pub fn redirects(other: &str) -> Vec<Case> {
    let port = other.rsplit(':').next().unwrap();
    let places = [
        format!("{other}/token"),
        format!("http://localhost:{port}/token"),
        format!("//127.0.0.1:{port}/token"),
        "//evil.example/token".to_owned(),
        "/token2".to_owned(),
        "token2".to_owned(),
    ];
    let case = |status: u16, place: &String| {
        // The body is a token all the same: it is not looked at.
        let bytes = answer(status, &format!("location: {place}\r\ncontent-type: application/json\r\n"), TOKEN);
        Case::bytes(place, bytes, ErrorKind::Response, Some(status))
    };
    [301, 302, 303, 307, 308]
        .into_iter()
        .flat_map(|status| places.iter().map(move |place| case(status, place)))
        .collect()
}

pub fn odd_redirects(_: &str) -> Vec<Case> {
    let head = "location: /token\r\ncontent-type: application/json\r\n";
    let mut cases: Vec<_> = [300, 302, 305, 399]
        .map(|status| Case::bytes("back to itself", answer(status, head, TOKEN), ErrorKind::Response, Some(status)))
        .into();
    cases.push(Case::bytes(
        "not modified",
        "HTTP/1.1 304 X\r\nconnection: close\r\n\r\n",
        ErrorKind::Response,
        Some(304),
    ));
    cases
}

pub fn endless_information(_: &str) -> Vec<Case> {
    ["100 Continue", "103 Early Hints\r\nlink: </x>"]
        .map(|text| {
            let acts = vec![Act::Repeat(format!("HTTP/1.1 {text}\r\n\r\n").into(), usize::MAX, ms(2))];
            Case::new(text, acts, ErrorKind::Timeout, None)
        })
        .into()
}

pub fn nothing(_: &str) -> Vec<Case> {
    vec![
        Case::bytes("204", "HTTP/1.1 204 X\r\nconnection: close\r\n\r\n", ErrorKind::Response, Some(204)),
        Case::bytes("205", answer(205, "", ""), ErrorKind::Response, Some(205)),
        Case::bytes("200", json(200, ""), ErrorKind::Response, Some(200)),
        Case::bytes("200, one space", json(200, " "), ErrorKind::Response, Some(200)),
        Case::bytes("400 without type and body", answer(400, "", ""), ErrorKind::Response, Some(400)),
        Case::bytes("no bytes at all", "", ErrorKind::Transport, None),
    ]
}

/// An answer whose length is whatever these headers say.
pub fn with(headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 X\r\ncontent-type: application/json\r\n{headers}\r\n{body}").into()
}

pub fn shorter_than_announced(_: &str) -> Vec<Case> {
    let more = TOKEN.len() + 1;
    ["", &TOKEN[..20], TOKEN]
        .map(|body| {
            Case::bytes("truncated", with(&format!("content-length: {more}\r\n"), body), ErrorKind::Transport, None)
        })
        .into()
}

pub fn cut_chunks(_: &str) -> Vec<Case> {
    let (size, chunked) = (TOKEN.len(), "transfer-encoding: chunked\r\n");
    [
        format!("{:x}\r\n{TOKEN}", size + 9),
        format!("{size:x}\r\n{TOKEN}"),
        format!("{size:x}\r\n{TOKEN}\r\n"),
        format!("{size:x}\r\n{TOKEN}\r\n0"),
        format!("{size:x}\r\n{TOKEN}xx0\r\n\r\n"),
        format!("0x{size:x}\r\n{TOKEN}\r\n0\r\n\r\n"),
        format!("-{size:x}\r\n{TOKEN}\r\n0\r\n\r\n"),
    ]
    .map(|body| Case::bytes(&body, with(chunked, &body), ErrorKind::Transport, None))
    .into()
}

pub fn two_lengths(_: &str) -> Vec<Case> {
    let size = TOKEN.len();
    let chunks = format!("{size:x}\r\n{TOKEN}\r\n0\r\n\r\n");
    let (length, chunked) = (format!("content-length: {size}\r\n"), "transfer-encoding: chunked\r\n");
    vec![
        Case::bytes("both", with(&format!("{length}{chunked}"), &chunks), ErrorKind::Transport, None),
        Case::bytes("both, the other way", with(&format!("{chunked}{length}"), &chunks), ErrorKind::Transport, None),
        Case::bytes("two", with(&format!("{length}content-length: 2\r\n"), TOKEN), ErrorKind::Transport, None),
        Case::bytes("a list", with("content-length: 2, 3\r\n", TOKEN), ErrorKind::Transport, None),
        Case::bytes("negative", with("content-length: -1\r\n", TOKEN), ErrorKind::Transport, None),
        Case::bytes("with a sign", with(&length.replace(": ", ": +"), TOKEN), ErrorKind::Transport, None),
        Case::bytes("no number", with("content-length: x\r\n", TOKEN), ErrorKind::Transport, None),
    ]
}

pub fn chunks_beyond_counting(_: &str) -> Vec<Case> {
    ["ffffffffffffffff", "fffffffffffffffff", "8000000000000000", "10000000000000000"]
        .map(|size| {
            let body = format!("{size}\r\n{TOKEN}");
            Case::bytes(size, with("transfer-encoding: chunked\r\n", &body), ErrorKind::Transport, None)
        })
        .into()
}

pub fn slow_heads(_: &str) -> Vec<Case> {
    let head = with(&"x: y\r\n".repeat(60), TOKEN);
    vec![
        Case::new("silence", vec![Act::Hold], ErrorKind::Timeout, None),
        Case::new("a head, byte by byte", vec![Act::Drip(head, ms(20))], ErrorKind::Timeout, None),
        Case::new("half a head", vec![Act::Send(b"HTTP/1.1 200 X\r\nx: ".into()), Act::Hold], ErrorKind::Timeout, None),
        Case::new("no body", vec![Act::Send(with("content-length: 9\r\n", "{")), Act::Hold], ErrorKind::Timeout, None),
    ]
}

pub fn compressed(_: &str) -> Vec<Case> {
    ["gzip", "br", "zstd", "deflate", "GZIP", "x-gzip", "gzip, gzip", "identity, gzip"]
        .map(|coding| {
            let headers = format!("content-type: application/json\r\ncontent-encoding: {coding}\r\n");
            Case::bytes(coding, answer(200, &headers, TOKEN), ErrorKind::Response, Some(200))
        })
        .into()
}

pub fn large_heads(_: &str) -> Vec<Case> {
    vec![
        Case::bytes("100 000 headers", with(&"x: y\r\n".repeat(100_000), TOKEN), ErrorKind::Transport, None),
        Case::bytes("1 MiB", with(&format!("x: {}\r\n", "y".repeat(1 << 20)), TOKEN), ErrorKind::Transport, None),
        Case::bytes(
            "a name of 1 MiB",
            with(&format!("{}: y\r\n", "x".repeat(1 << 20)), TOKEN),
            ErrorKind::Transport,
            None,
        ),
    ]
}

pub fn broken_headers(_: &str) -> Vec<Case> {
    ["x: a\rb\r\n", "x: a\0b\r\n", "x: a\r\n b\r\n", "x\0: a\r\n", "x y: a\r\n", ": a\r\n", "x\r\n", "x : a\r\n"]
        .map(|header| {
            let headers = format!("content-length: {}\r\n{header}", TOKEN.len());
            Case::bytes(header, with(&headers, TOKEN), ErrorKind::Transport, None)
        })
        .into()
}

/// HTTP/2 is never offered (see the test of TLS), so its frames are no answer.
pub fn another_protocol(_: &str) -> Vec<Case> {
    let settings = b"\0\0\0\x04\0\0\0\0\0".to_vec();
    let goaway = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01".to_vec();
    let reset = b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08".to_vec();
    vec![
        Case::bytes("settings", settings.clone(), ErrorKind::Transport, None),
        Case::bytes("goaway", [settings.clone(), goaway].concat(), ErrorKind::Transport, None),
        Case::bytes("reset", [settings, reset].concat(), ErrorKind::Transport, None),
        Case::bytes("HTTP/2 in words", format!("HTTP/2 200 X\r\n\r\n{TOKEN}"), ErrorKind::Transport, None),
        Case::bytes("HTTP/0.9", TOKEN, ErrorKind::Transport, None),
        Case::bytes("mail", "220 mail.example ESMTP\r\n", ErrorKind::Transport, None),
    ]
}

pub fn pages(_: &str) -> Vec<Case> {
    let case = |status, names| Case::new("a page", vec![Act::Echo(status, names)], ErrorKind::Response, Some(status));
    [500, 502, 503, 504].into_iter().flat_map(|status| [case(status, true), case(status, false)]).collect()
}
