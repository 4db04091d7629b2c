//! `attributes.md`, the reference in the documentation, is written from the table of keys: the prose is in
//! `tests/attributes.md`.

use std::fmt::Write;

use acf_rules::language::{FIELD, Key, Kind, STRUCT};

use super::{derive, golden};

const PROSE: &str = include_str!("attributes.md");

fn table(text: &mut String, keys: &[Key], name: impl Fn(&Key) -> String) {
    text.push_str("| key | meaning | example |\n|---|---|---|\n");
    for key in keys {
        for part in [key.meaning, key.example] {
            assert!(!part.contains(['|', '\n']), "{part} would break the table");
        }
        writeln!(text, "| `{}` | {} | `{}` |", name(key), key.meaning, key.example).unwrap();
    }
}

/// A heading and a table for each group, those inside behind it.
fn groups(text: &mut String, keys: &[Key], around: &str) {
    for group in keys {
        let Kind::Group(inner) = group.kind else { continue };
        let (open, close) = if around.is_empty() { (String::new(), "") } else { (format!("{around}("), ")") };
        let (first, rest) = group.meaning.split_at(1);
        let first = first.to_uppercase();
        writeln!(text, "### `{open}{}(..){close}`\n\n{first}{rest}.\n", group.name).unwrap();
        table(text, inner, |key| format!("{}({})", group.name, key.name));
        text.push('\n');
        groups(text, inner, group.name);
    }
}

#[test]
fn the_reference_is_written_from_the_table() {
    let (mut of_struct, mut of_groups, mut of_field) = (String::new(), String::new(), String::new());
    table(&mut of_struct, STRUCT, |key| key.name.to_owned());
    groups(&mut of_groups, STRUCT, "");
    table(&mut of_field, FIELD, |key| key.name.to_owned());
    let text = PROSE
        .replace("[[struct]]", of_struct.trim_end())
        .replace("[[groups]]", of_groups.trim_end())
        .replace("[[field]]", of_field.trim_end());
    golden("../attributes.md", &text);
}

/// A declaration around the example of a key that stands in these groups.
fn around(key: &Key, groups: &[&str]) -> String {
    let example = if key.name == "ok" { format!("path = \"/ok\", {}", key.example) } else { key.example.to_owned() };
    let example = groups.iter().rev().fold(example, |text, group| format!("{group}({text})"));
    let others = [
        ("base_uri", "base_uri = \"https://x.example\""),
        ("authorization_path", "authorization_path = \"/a\""),
        ("access_token_path", "access_token_path = \"/{tenant}/t\""),
        ("client_auth", "client_auth = client_secret_basic"),
        ("revocation_path", "revocation_path = \"/r\""),
        ("userinfo_path", "userinfo_path = \"/u\""),
        ("issuer", "issuer = \"https://x.example\""),
    ];
    // The example takes the place of what says the same.
    let same = |other: &str| {
        let replaced = match key.name {
            "authorization_endpoint" => "authorization_path",
            "token_endpoint" => "access_token_path",
            "revocation_endpoint" => "revocation_path",
            "userinfo_endpoint" => "userinfo_path",
            name => name,
        };
        groups.is_empty() && other == replaced
    };
    let others: Vec<_> = others.into_iter().filter(|(name, _)| !same(name)).map(|(_, text)| text).collect();
    let others = others.join(", ");
    let tenant = if key.name == "placeholders" || key.name.ends_with("token_path") || key.name == "token_endpoint" {
        ""
    } else {
        "tenant: String,"
    };
    let fields: String = ["client_id", "client_secret", "redirect_uri"]
        .into_iter()
        .filter(|role| !(groups.is_empty() && key.name == *role))
        .map(|role| format!("{role}: A, "))
        .collect();
    format!("#[oauth({example}, {others})] struct X {{ {fields} {tenant} }}")
}

fn each(keys: &'static [Key], groups: &[&str]) {
    for key in keys {
        let source = around(key, groups);
        let (problems, _) = derive(&source);
        assert!(problems.is_empty(), "{source}: {problems:?}");
        if let Kind::Group(inner) = key.kind {
            each(inner, &[groups, &[key.name]].concat());
        }
    }
}

#[test]
fn each_example_is_right() {
    each(STRUCT, &[]);
    for key in FIELD {
        let method = if key.name == "signing_key" { "private_key_jwt" } else { "client_secret_basic" };
        let secret = if key.name == "signing_key" { "" } else { "client_secret" };
        let fields: String = ["client_id", secret, "redirect_uri", "tenant"]
            .iter()
            .filter(|role| !role.is_empty() && **role != key.name && !(key.name == "param" && **role == "tenant"))
            .map(|role| format!("{role}: B, "))
            .collect();
        let source = format!(
            "#[oauth(base_uri = \"https://x.example\", authorization_path = \"/a\", access_token_path = \"/t\", \
             refresh_path = \"/{{tenant}}\", client_auth = {method})] struct X {{ {} a: A, {fields} }}",
            key.example,
        );
        let (problems, _) = derive(&source);
        assert!(problems.is_empty(), "{source}: {problems:?}");
    }
}

#[test]
fn no_word_means_two_things() {
    fn look(keys: &[Key]) {
        let mut words: Vec<_> = keys.iter().flat_map(|key| key.aliases.iter().chain([&key.name])).collect();
        let all = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), all, "{words:?}");
        for key in keys {
            if let Kind::Group(inner) = key.kind {
                look(inner);
            }
        }
    }
    look(STRUCT);
    look(FIELD);
}
