//! Any answer of a token endpoint: never a panic, a token that can be sent and stored, and no secret in an error.
//!
//! The first byte chooses status and content type.
//!
//! `cd acf-core && cargo +nightly fuzz run -s none token_response`

#![no_main]

use acf_core::{Token, fuzzing::Reader};
use libfuzzer_sys::fuzz_target;

/// Sent in confidence. A body that has it may repeat it everywhere.
const SECRET: &str = "s3cr/t";

const STATUS: [u16; 8] = [200, 200, 200, 400, 201, 302, 401, 500];
const CONTENT_TYPE: [&str; 4] =
    ["application/json", "application/json;charset=UTF-8", "text/html", "application/x-www-form-urlencoded"];

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else { return };
    let status = STATUS[usize::from(first % 8)];
    let content_type = CONTENT_TYPE[usize::from(first / 8 % 4)];
    for reader in Reader::all() {
        match reader.token(status, content_type, body, SECRET) {
            Ok(token) => {
                let access = token.access_token().expose();
                assert!(!access.is_empty() && access.bytes().all(|b| b.is_ascii_graphic()));
                assert_eq!(token.token_type(), "Bearer");
                for other in [token.refresh_token(), token.id_token()].into_iter().flatten() {
                    assert!(!other.expose().is_empty() && other.expose().bytes().all(|b| b.is_ascii_graphic()));
                }
                let again = Token::from_json(&token.expose_json()).expect("what was written reads back");
                assert!(again == token, "{token:?}\n{again:?}");
            }
            Err(error) => {
                let text = error.to_string();
                let shown = format!("{text} {error:?}");
                assert!(!shown.contains(SECRET) && !shown.contains("s3cr%2Ft"), "{shown}");
                assert!(!text.chars().any(|c| c.is_control() || c == '\u{202E}'), "{text:?}");
                assert!(shown.len() < 16 * 1024, "{}", shown.len());
            }
        }
    }
});
