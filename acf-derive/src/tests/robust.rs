//! No input panics, and none is answered with nothing.

use std::str::FromStr;

use proc_macro2::TokenStream;

use crate::{diag::Problem, run::run};

/// Pieces of which declarations are made, right and wrong ones.
const PIECES: &[&str] = &[
    "oauth",
    "base_uri",
    "authorization_path",
    "access_token_path",
    "scope",
    "post",
    "json",
    "client_auth",
    "none",
    "authorize",
    "params",
    "token",
    "headers",
    "token_response",
    "error",
    "path",
    "refresh",
    "margin",
    "revoke",
    "method",
    "userinfo",
    "api",
    "callback",
    "capture",
    "form_post",
    "rename",
    "omit",
    "keep",
    "raw",
    "hooks",
    "pkce",
    "off",
    "placeholders",
    "opaque_redirect_uri",
    "signing_key",
    "jwks_uri",
    "grants",
    "preset",
    "30",
    "30u8",
    "0x",
    "r#\"x\"#",
    "\"\\u{110000}\"",
    "\"\\",
    "->",
    "where",
    "const",
    "pub",
    "expires",
    "crate",
    "param",
    "skip",
    "client_id",
    "client_secret",
    "redirect_uri",
    "name",
    "r#type",
    "Self",
    "self",
    "true",
    "struct",
    "X",
    "T",
    "'a",
    "String",
    "u8",
    "\"https://x.example\"",
    "\"/a\"",
    "\"\"",
    "\"{a}\"",
    "\"{\"",
    "\"é \"",
    "b\"x\"",
    "c\"x\"",
    "'c'",
    "b'c'",
    "1",
    "1.5",
    "\"x\"suffix",
    "=",
    "=",
    "=",
    ",",
    ",",
    ",",
    ":",
    "::",
    "-",
    "+",
    "<",
    ">",
    "&",
    "!",
    ".",
    "#",
    "$",
    ";",
    "?",
    "env!(\"X\")",
    "A::B",
    "::A",
    "A::",
    "A::<B, C>::D",
    "(",
    "(",
    ")",
    ")",
    "[",
    "]",
    "{",
    "}",
    "()",
    "#[oauth]",
];

/// A linear congruential generator (Knuth's MMIX constants): the same cases on every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pieces(&mut self) -> String {
        let count = self.below(24);
        (0..count).map(|_| PIECES[self.below(PIECES.len())]).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn random_tokens() {
    let mut random = Random(1);
    let (mut read, mut sound) = (0, 0);
    for _ in 0..12_000 {
        let (struct_keys, field_keys, field) = (random.pieces(), random.pieces(), random.pieces());
        let source = match random.below(8) {
            0 => struct_keys,
            1 => format!("#[oauth({struct_keys})] enum X {{ {field} }}"),
            2 => format!("#[oauth {struct_keys}] struct X {{ #[oauth {field_keys}] a: u8 }}"),
            3 => format!("struct X<{field}> {{ #[oauth({field_keys})] a: u8 }}"),
            4 => format!("#[oauth(scope({struct_keys}), authorize(params({field_keys})))] struct X {{ a: u8 }}"),
            5 => format!("#[oauth({struct_keys})] struct X {{ {field} }}"),
            _ => format!("#[oauth({struct_keys})] struct X {{ #[oauth({field_keys})] client_id: u8, b: u8 }}"),
        };
        let Ok(stream) = TokenStream::from_str(&source) else { continue };
        read += 1;
        let (problems, implementation) = run(stream);
        sound += usize::from(problems.is_empty() && !implementation.to_string().contains("compile_error"));
        let errors: TokenStream = problems.iter().map(Problem::to_compile_error).collect();
        assert_eq!(errors.to_string().matches("compile_error").count(), problems.len());
        assert!(!implementation.is_empty(), "{source}");
    }
    assert!(read > 2_000, "only {read} could be read");
    assert_eq!(sound, 0, "random tokens cannot be a provider: something went unsaid");
}
