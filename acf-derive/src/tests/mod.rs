//! The whole macro without a compiler: source text in, problems or an expansion out.

mod attribute;
mod coverage;
mod differential;
mod expansion;
mod help;
mod messages;
mod reference;
mod robust;

use std::{path::Path, str::FromStr};

use proc_macro2::TokenStream;

use crate::{diag::Problem, run::run};

/// Stands for the keys of a sound declaration.
const KEYS: &str = "base_uri = \"https://x.example\", authorization_path = \"/a\", access_token_path = \"/t\", \
     client_auth = client_secret_post";

/// The same without `client_auth`.
const PATHS: &str = "base_uri = \"https://x.example\", authorization_path = \"/a\", access_token_path = \"/t\"";

/// Stands for the fields of a public client.
const PUBLIC: &str = "client_id: ClientId, redirect_uri: RedirectUri";

/// Stands for the fields of a sound declaration.
const FIELDS: &str = "client_id: ClientId, client_secret: ClientSecret, redirect_uri: RedirectUri";

/// A source text, in which `KEYS`, `FIELDS`, `PATHS` and `PUBLIC` stand for the above.
fn filled_in(source: &str) -> String {
    source.replace("KEYS", KEYS).replace("FIELDS", FIELDS).replace("PATHS", PATHS).replace("PUBLIC", PUBLIC)
}

/// The macro's two answers to a source text.
fn derive(source: &str) -> (Vec<Problem>, TokenStream) {
    let source = filled_in(source);
    run(TokenStream::from_str(&source).unwrap_or_else(|error| panic!("{source}: {error}")))
}

/// The source text that a problem underlines.
fn underlined(problem: &Problem) -> String {
    let span = problem.place.start.join(problem.place.end).unwrap_or_else(|| panic!("no place: {problem:?}"));
    span.source_text().unwrap_or_default()
}

/// Compares a text with the file of that name beside this one; with `UPDATE=1` in the environment, writes the file.
fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests").join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    for (line, (got, expected)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(got, expected, "{file}, line {}; UPDATE=1 accepts what is new", line + 1);
    }
    assert_eq!(text.lines().count(), expected.lines().count(), "{file}; UPDATE=1 accepts what is new");
}
