//! `attributes.md` and the table of keys say the same.

use crate::keys::{FIELD, Key, Kind, STRUCT};

const REFERENCE: &str = include_str!("../attributes.md");

/// The first and the last cell of each row between two headings.
fn rows(from: &str, to: &str) -> Vec<(String, String)> {
    let section = REFERENCE.split(from).nth(1).unwrap().split(to).next().unwrap();
    let cell = |cell: &str| cell.trim().trim_matches('`').to_owned();
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split(" | ").collect();
            (cell(cells[0]), cell(cells.last().unwrap()))
        })
        .collect()
}

fn sorted(mut rows: Vec<(String, String)>) -> Vec<(String, String)> {
    rows.sort();
    rows
}

fn named(keys: &[Key]) -> Vec<(String, String)> {
    keys.iter().map(|key| (key.name.to_owned(), key.example.to_owned())).collect()
}

#[test]
fn each_key_of_the_table_is_in_the_reference_and_no_other() {
    assert_eq!(sorted(rows("## On the struct", "Inside")), sorted(named(STRUCT)));
    assert_eq!(sorted(rows("## On a field", "## Placeholders")), sorted(named(FIELD)));
    let groups = STRUCT.iter().flat_map(|group| match group.kind {
        Kind::Group(keys) => {
            keys.iter().map(|key| (format!("{}({})", group.name, key.name), key.example.to_owned())).collect()
        }
        _ => Vec::new(),
    });
    assert_eq!(sorted(rows("Inside", "## On a field")), sorted(groups.collect()));
}

#[test]
fn each_example_is_right() {
    for key in STRUCT {
        let base = [
            ("base_uri", "base_uri = \"https://x.example\""),
            ("authorization", "authorization_path = \"/a\""),
            ("token", "access_token_path = \"/t\""),
            ("client_auth", "client_auth = client_secret_basic"),
        ];
        // The example takes the place of what says the same.
        let same = |name: &str| match name {
            "token" => matches!(key.name, "access_token_path" | "token_endpoint"),
            name => key.name.starts_with(name),
        };
        let others: Vec<_> = base.iter().filter(|(name, _)| !same(name)).map(|(_, text)| *text).collect();
        let source = format!("#[oauth({}, {})] struct X {{ FIELDS }}", key.example, others.join(", "));
        let (problems, _) = super::derive(&source);
        assert!(problems.is_empty(), "{source}: {problems:?}");
    }
    for key in FIELD {
        let source = format!(
            "#[oauth(KEYS, refresh_path = \"/{{tenant}}\")] struct X {{ {} a: A, {} }}",
            key.example,
            ["client_id", "client_secret", "redirect_uri", "tenant"]
                .iter()
                .filter(|role| **role != key.name && !(key.name == "param" && **role == "tenant"))
                .map(|role| format!("{role}: B, "))
                .collect::<String>()
        );
        let (problems, _) = super::derive(&source);
        assert!(problems.is_empty(), "{source}: {problems:?}");
    }
}

#[test]
fn no_word_means_two_things() {
    for keys in [STRUCT, FIELD] {
        let mut words: Vec<_> = keys.iter().flat_map(|key| key.aliases.iter().chain([&key.name])).collect();
        let all = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), all, "{words:?}");
    }
}
