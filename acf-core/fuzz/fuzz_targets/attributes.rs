//! Any tokens in `#[oauth(..)]`, on a struct and on its fields: never a panic, and each problem is an error of its own.
//!
//! `cd acf-core && cargo +nightly fuzz run attributes`

#![no_main]
#![allow(dead_code, missing_docs)]

use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

// A macro crate exports nothing but its macros: its sources are the target.
#[path = "../../../acf-derive/src/diag.rs"]
mod diag;
#[path = "../../../acf-derive/src/emit.rs"]
mod emit;
#[path = "../../../acf-derive/src/expand.rs"]
mod expand;
#[path = "../../../acf-derive/src/fallback.rs"]
mod fallback;
#[path = "../../../acf-derive/src/item.rs"]
mod item;
#[path = "../../../acf-derive/src/literal.rs"]
mod literal;
#[path = "../../../acf-derive/src/model.rs"]
mod model;
#[path = "../../../acf-derive/src/parse.rs"]
mod parse;
#[path = "../../../acf-derive/src/run.rs"]
mod run;
#[path = "../../../acf-derive/src/tokens.rs"]
mod tokens;
#[path = "../../../acf-derive/src/unknown.rs"]
mod unknown;
#[path = "../../../acf-derive/src/validate.rs"]
mod validate;
#[path = "../../../acf-derive/src/value.rs"]
mod value;

fuzz_target!(|source: &str| {
    let (keys, field) = source.split_once('\u{1f}').unwrap_or((source, "client_id"));
    let item = format!("#[oauth({keys})] struct X {{ #[oauth({field})] a: A, client_id: B, redirect_uri: C }}");
    for source in [source, item.as_str()] {
        let Ok(tokens) = TokenStream::from_str(source) else { continue };
        let (problems, implementation) = run::run(tokens);
        let errors: TokenStream = problems.iter().map(diag::Problem::to_compile_error).collect();
        assert_eq!(errors.to_string().matches("compile_error").count(), problems.len());
        assert!(!implementation.is_empty());
    }
});
