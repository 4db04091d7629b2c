//! `diagnostics.md` says of each mistake of the catalogue where it is shown, or why it is not.

const PAGE: &str = include_str!("diagnostics.md");

#[test]
fn each_mistake_of_the_catalogue_has_its_case_or_its_reason() {
    let mut expected = 1..=140;
    for line in PAGE.lines().skip_while(|line| !line.starts_with("|---")).skip(1) {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, place, sentence] = cells.as_slice() else { panic!("{line}") };
        assert_eq!(number.parse(), Ok(expected.next().expect("a row too many")), "{line}");
        let shown = match *place {
            "grammar.txt" => include_str!("grammar.txt").to_owned(),
            "rules.txt" => include_str!("rules.txt").to_owned(),
            "left out" => {
                assert!(sentence.len() > 5, "{line}");
                continue;
            }
            file => {
                let path = format!("{}/tests/{file}.stderr", env!("CARGO_MANIFEST_DIR"));
                std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{line}: {error}"))
            }
        };
        assert!(shown.contains(sentence), "{line}");
    }
    assert_eq!(expected.next(), None, "a row too few");
}
