//! The table of deviations in the docs: it is complete, and each of its examples compiles and makes a flow.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[rustfmt::skip]
mod declared;

use std::{fmt::Write, path::Path};

use acf_core::Flow;

const TABLE: &str = include_str!("../../src/provider/quirks.md");

/// A row: its number, how the deviation is said, and the example.
struct Row<'a> {
    number: usize,
    how: &'a str,
    example: &'a str,
}

fn rows() -> Vec<Row<'static>> {
    let cells = |line: &'static str| line.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>();
    TABLE
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| #"))
        .map(|line| {
            let cells = cells(line);
            let number = cells[0].parse().unwrap_or_else(|_| panic!("{line}"));
            Row {
                number,
                how: cells[2],
                example: cells.get(3).copied().unwrap_or_default().trim_end_matches('|').trim(),
            }
        })
        .collect()
}

#[test]
fn each_of_the_128_deviations_has_its_answer() {
    let rows = rows();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), (1..=128).collect::<Vec<_>>());
    let mut out_of_scope = 0;
    for row in &rows {
        match row.how {
            "attribute" | "hook" => assert!(row.example.starts_with('`'), "{}: no example", row.number),
            "always" => assert_eq!(row.example, "", "{}", row.number),
            how => {
                assert!(how.starts_with("out of scope: ") && how.len() > 30, "{}: {how}", row.number);
                out_of_scope += 1;
            }
        }
    }
    assert!(out_of_scope <= 10, "{out_of_scope} of 128 are out of scope");
}

/// The parts of a sound declaration, each left out where the example brings its own.
const USUAL: &[(&str, &str)] = &[
    ("base_uri", "base_uri = \"https://forge.example\""),
    ("authorization_", "authorization_path = \"/authorize\""),
    ("token_endpoint|access_token_path", "access_token_path = \"/token\""),
    ("client_auth", "client_auth = client_secret_post"),
];

fn declaration(row: &Row<'_>) -> String {
    let mut pieces = row.example.split('`').skip(1).step_by(2);
    let keys = pieces.next().unwrap();
    let top: Vec<&str> = top_level(keys);
    let has = |names: &str| {
        top.iter()
            .any(|key| names.split('|').any(|name| key.split(['=', '(']).next().unwrap().trim().starts_with(name)))
    };
    let usual: Vec<_> = USUAL.iter().filter(|(names, _)| !has(names)).map(|(_, text)| *text).collect();
    // Whole URLs need no base.
    let whole = has("authorization_endpoint") && has("token_endpoint");
    let usual = usual.into_iter().filter(|text| !(whole && text.starts_with("base_uri")));
    let all: Vec<_> = usual.chain([keys]).collect();
    let secret =
        !(keys.contains("client_auth = none") && !keys.contains("{client_secret}") && !keys.contains("refresh("))
            && row.number != 69;
    let mut text = format!("#[derive(Clone, OAuthProvider)]\n#[oauth({})]\n", all.join(", "));
    writeln!(text, "pub(crate) struct Quirk{} {{\n    client_id: ClientId,", row.number).unwrap();
    if secret {
        text.push_str("    client_secret: ClientSecret,\n");
    }
    text.push_str("    redirect_uri: RedirectUri,\n");
    let mut values = String::new();
    for field in pieces.filter(|piece| piece.contains(':')) {
        writeln!(text, "    {field},").unwrap();
        let (name, ty) = field.rsplit(']').next().unwrap().split_once(':').unwrap();
        let value = match ty.trim() {
            "String" => "\"acme\".to_owned()".to_owned(),
            ty if ty.starts_with("Option") => "None".to_owned(),
            _ => "\"acme\".parse().unwrap()".to_owned(),
        };
        write!(values, ", {}: {value}", name.trim()).unwrap();
    }
    text.push_str("}\n");
    if keys.split([',', ' ']).any(|word| word == "hooks") {
        writeln!(text, "impl Hooks for Quirk{} {{}}", row.number).unwrap();
    }
    let secret = if secret { ", client_secret: \"s\".parse().unwrap()" } else { "" };
    writeln!(
        text,
        "pub(crate) fn quirk{0}() -> Quirk{0} {{\n    Quirk{0} {{ client_id: \"id\".parse().unwrap(){secret}, redirect_uri: \
         \"https://app.example/cb\".parse().unwrap(){values} }}\n}}\n",
        row.number
    )
    .unwrap();
    text
}

/// The keys of a list, without what is in their parentheses.
fn top_level(keys: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start) = (0, false, 0);
    let mut found = Vec::new();
    for (at, c) in keys.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                found.push(keys[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(keys[start..].trim());
    found
}

fn file() -> String {
    let rows = rows();
    let said: Vec<_> = rows.iter().filter(|row| matches!(row.how, "attribute" | "hook")).collect();
    let mut text = String::from(
        "// Written by the test `declarations_are_current` out of quirks.md; UPDATE=1 writes it anew.\n\n\
         #[allow(unused_imports)]\n\
         use acf_core::{BaseUri, ClientId, ClientSecret, Hooks, Host, HostLabel, OAuthProvider, RedirectUri};\n\n\
         pub(crate) fn all() -> Vec<(usize, Box<dyn OAuthProvider>)> {\n    vec![\n",
    );
    for row in &said {
        writeln!(text, "        ({0}, Box::new(quirk{0}())),", row.number).unwrap();
    }
    text.push_str("    ]\n}\n\n");
    text.extend(said.iter().map(|row| declaration(row)));
    text
}

#[test]
fn declarations_are_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quirks/declared.rs");
    let text = file();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).unwrap();
        return;
    }
    assert!(std::fs::read_to_string(path).unwrap() == text, "UPDATE=1 writes declared.rs anew");
}

#[test]
fn each_example_makes_a_flow() {
    let mut all = declared::all();
    assert!(all.len() > 90, "{}", all.len());
    for (number, provider) in all.drain(..) {
        Flow::new(provider).unwrap_or_else(|error| panic!("{number}: {error}"));
    }
}
