//! `SECURITY.md` promises nothing that no test shows.

use std::{fs, path::Path};

/// Everything in a file of Rust below a folder.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *all += &fs::read_to_string(path).unwrap();
        }
    }
}

#[test]
fn each_promise_names_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // The published crate has neither this file nor the other crates.
    let Ok(text) = fs::read_to_string(root.join("SECURITY.md")) else { return };
    let mut all = String::new();
    for folder in ["acf-core/src", "acf-core/tests", "acf-derive/tests"] {
        sources(&root.join(folder), &mut all);
    }
    let promised = text.split_once("## What is promised").unwrap().1.split_once("\n## ").unwrap().0;
    let rows: Vec<_> = promised.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() >= 10, "{}", rows.len());
    for row in rows {
        let tests = row.trim_end_matches(['|', ' ']).rsplit(" | ").next().unwrap();
        let names: Vec<_> = tests.split(", ").map(|name| name.trim_matches('`')).collect();
        for name in names {
            assert!(all.contains(&format!("fn {name}()")), "{row}: there is no test {name}");
        }
    }
}
