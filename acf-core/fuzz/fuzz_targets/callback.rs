//! Any callback, and any fragment: never a panic, nothing that is refused tells a secret, and what is accepted can be sent on.
//!
//! `cd acf-core && cargo +nightly fuzz run -s none callback`

#![no_main]

use acf_core::{ErrorKind, fuzzing::Reader};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "c0de+secret";

fuzz_target!(|text: &str| {
    for reader in Reader::all() {
        if let Ok((state, code)) = reader.callback(text) {
            assert!((1..=512).contains(&state.len()));
            let code = code.unwrap_or_default();
            assert!(code.len() <= 8 * 1024);
            assert!(!state.chars().chain(code.chars()).any(char::is_control));
        }
        match reader.fragment(text) {
            Ok((state, token)) => {
                assert!((1..=512).contains(&state.len()));
                assert!(token.is_none_or(|token| token.refresh_token().is_none() && token.token_type() == "Bearer"));
            }
            Err(error) => {
                assert!(matches!(
                    error.kind(),
                    ErrorKind::Callback | ErrorKind::StateMissing | ErrorKind::TokenResponse
                ));
                assert!(!error.to_string().chars().any(char::is_control));
            }
        }
        // The same behind a code and a state: whatever follows may end the callback, and shows neither.
        if text.len() < 4096 && !text.contains("c0de") {
            let name = ["code", "auth_code"];
            for name in name {
                let whole = format!("{name}={SECRET}&state={SECRET}&{text}");
                match reader.callback(&whole) {
                    // Of a URL, only what stands behind its `?` are parameters.
                    Ok((state, _)) => assert!(state == "c0de secret" || text.contains('?'), "{whole}"),
                    Err(error) => {
                        assert!(matches!(error.kind(), ErrorKind::Callback | ErrorKind::StateMissing));
                        let shown = format!("{error} {error:?}");
                        assert!(!shown.contains(SECRET) && !shown.contains("c0de secret"), "{shown}");
                        assert!(!error.to_string().chars().any(char::is_control));
                    }
                }
            }
        }
    }
});
