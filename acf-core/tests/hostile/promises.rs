//! What `SECURITY.md` promises and what `acf_core::conformance` lists is shown by tests that exist, and nothing is missing
//! from the lists.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Every requirement, by what its identifier begins with.
const REQUIREMENTS: &[(&str, &str)] = &[
    (
        "6749",
        "2.3-1 2.3-2 2.3.1-1 2.3.1-2 2.3.1-3 2.3.1-4 3.1-1 3.1-2 3.1-3 3.1-4 3.1.1-1 3.1.2-1 3.1.2.5-1 3.2-1 3.2-2 3.3-1 \
         3.3-2 4.1.1-1 4.1.1-2 4.1.2-1 4.1.2-2 4.1.2-3 4.1.2-4 4.1.2.1-1 4.1.2.1-2 4.1.3-1 4.1.4-1 5.1-1 5.1-2 5.2-1 5.2-2 \
         5.2-3 6-1 6-2 6-3 7.1-1 10.3-1 10.5-1 10.6-1 10.9-1 10.12-1 10.13-1 10.14-1 10.15-1 10.16-1",
    ),
    ("6750", "2-1 2.1-1 2.3-1 3-1 3.1-1 3.1-2 5.3-1 5.3-2"),
    ("7636", "4.1-1 4.2-1 4.3-1 4.4-1 7.1-1 7.2-1"),
    ("8252", "5-1 6-1 7.3-1 8.3-1 8.5-1 8.10-1"),
    ("9207", "2.4-1 2.4-2 2.4-3 2.4-4"),
    (
        "9700",
        "2.1-1 2.1-2 2.1-3 2.1.1-1 2.1.1-2 2.1.2-1 2.2.2-1 2.3-1 2.4-1 2.6-1 4.1-1 4.2.4-1 4.3.1-1 4.4.2-1 4.4.2-2 4.5.3-1 \
         4.7.1-1 4.8.2-1 4.9/4.10-1 4.11.1-1 4.12-1 4.13-1 4.14.2-1 4.15-1",
    ),
    ("BBA-BFF", "1 2 3 4 5 6 7 8 9"),
];

/// The cells of each row of the tables in a text, without their heads.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let mut rows = Vec::new();
    let mut before = "";
    for line in text.lines() {
        let in_a_table = |line: &str| line.starts_with("| ");
        if in_a_table(line) && (in_a_table(before) || before.starts_with("|-")) {
            rows.push(line.trim_matches(['|', ' ']).split(" | ").map(str::trim).collect());
        }
        before = line;
    }
    rows
}

/// The files of the functions that are tests, by their names.
fn tests(root: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    fn collect(folder: &Path, found: &mut BTreeMap<String, Vec<PathBuf>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let mut marked = false;
                for line in text.lines().map(str::trim) {
                    marked |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
                    let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
                    if let Some((name, _)) = name.and_then(|name| name.split_once("()")).filter(|_| marked) {
                        found.entry(name.to_owned()).or_default().push(path.clone());
                        marked = false;
                    }
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    for folder in ["acf-core/src", "acf-core/tests", "acf-core/rules/src", "acf-derive", "acf-providers", "examples"] {
        collect(&root.join(folder), &mut found);
    }
    found
}

/// Each row names tests, one of each name, and may add a remark behind `; `; or it has a reason in their place.
fn assert_shown(rows: &[Vec<&str>], tests: &BTreeMap<String, Vec<PathBuf>>) {
    for row in rows {
        let shown = *row.last().unwrap();
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}: a cell is empty");
        if !shown.starts_with('`') {
            assert!(shown.len() > 30, "{row:?}: that is no reason");
            continue;
        }
        for name in shown.split("; ").next().unwrap().split(", ") {
            let name = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).unwrap_or_default();
            let (module, name) = name.rsplit_once("::").unwrap_or(("", name));
            let inside = |path: &&PathBuf| {
                let stem = path.with_extension("");
                module.is_empty() || stem.components().any(|part| part.as_os_str() == module)
            };
            let found = tests.get(name).map_or(0, |paths| paths.iter().filter(inside).count());
            assert_eq!(found, 1, "{row:?}: there are {found} tests `{module}::{name}`");
        }
    }
}

/// `None` in the published crate, which has not the other ones.
fn root() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join("SECURITY.md").exists().then_some(root)
}

#[test]
fn each_promise_names_its_tests() {
    let Some(root) = root() else { return };
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let promised = text.split_once("## What is promised").unwrap().1.split_once("\n## ").unwrap().0;
    let rows = rows(promised);
    assert!(rows.len() >= 10, "{}", rows.len());
    assert_shown(&rows, &tests(&root));
}

#[test]
fn each_requirement_is_shown_or_has_its_reason() {
    let rows = rows(include_str!("../../src/conformance/requirements.md"));
    let mut ids = Vec::new();
    for row in &rows {
        assert_eq!(row.len(), 3, "{row:?}");
        let linked = row[0].strip_prefix('[').and_then(|cell| cell.split_once("]("));
        let Some((id, url)) = linked else {
            ids.push(row[0]);
            continue;
        };
        let rfc = id.split('-').next().unwrap();
        assert!(url.starts_with(&format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-")), "{row:?}");
        ids.push(id);
    }
    let wanted: Vec<_> = REQUIREMENTS
        .iter()
        .flat_map(|(rfc, lines)| lines.split_whitespace().map(move |line| format!("{rfc}-{line}")))
        .collect();
    assert_eq!(ids, wanted);
    if let Some(root) = root() {
        assert_shown(&rows, &tests(&root));
    }
}

#[test]
fn each_advisory_is_shown_or_has_its_reason() {
    let rows = rows(include_str!("../../src/conformance/advisories.md"));
    let wanted: Vec<_> = (1..=17).chain(23..=45).chain(55..=70).map(|number| format!("V-{number:02}")).collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), wanted);
    for row in &rows {
        assert_eq!(row.len(), 4, "{row:?}");
        // What is an identifier is a link to the place that it names.
        for word in row[1].split([' ', ',', ';']).filter(|word| !word.is_empty()) {
            let linked = word.strip_prefix('[').and_then(|word| word.strip_suffix(')')?.split_once("]("));
            let (id, url) = linked.unwrap_or((word, ""));
            let expected = match id.split('-').next().unwrap() {
                "CVE" => format!("https://www.cve.org/CVERecord?id={id}"),
                "GHSA" => format!("https://github.com/advisories/{id}"),
                "RUSTSEC" => format!("https://rustsec.org/advisories/{id}.html"),
                "PYSEC" => format!("https://osv.dev/vulnerability/{id}"),
                _ => String::new(),
            };
            assert_eq!(url, expected, "{row:?}");
        }
    }
    if let Some(root) = root() {
        assert_shown(&rows, &tests(&root));
    }
}
