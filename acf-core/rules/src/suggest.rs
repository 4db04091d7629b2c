//! The nearest known word to a misspelt one.

/// No word of the language is longer; of a longer one only this much is compared.
const LONGEST: usize = 64;

/// The candidate that `word` most likely means, if one is near enough: one slip in a short word, up to three in a long one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.len() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words (optimal string
/// alignment), without regard to case.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (cut(a), cut(b));
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let mut before = [0_usize; LONGEST + 1];
    let mut above = [0_usize; LONGEST + 1];
    above.iter_mut().enumerate().for_each(|(j, cell)| *cell = j);
    let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
    for (i, x) in a.iter().enumerate() {
        let mut row = [0_usize; LONGEST + 1];
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (j, y) in b.iter().enumerate() {
            let mut best =
                (at(&above, j) + usize::from(!x.eq_ignore_ascii_case(y))).min(at(&above, j + 1) + 1).min(left + 1);
            let is = |byte: Option<&u8>, other: &u8| byte.is_some_and(|byte| byte.eq_ignore_ascii_case(other));
            if i > 0 && j > 0 && is(a.get(i - 1), y) && is(b.get(j - 1), x) {
                best = best.min(at(&before, j - 1) + 1);
            }
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = best;
            }
            left = best;
        }
        before = core::mem::replace(&mut above, row);
    }
    at(&above, b.len())
}

fn cut(word: &str) -> &[u8] {
    let bytes = word.as_bytes();
    bytes.get(..LONGEST).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("cleint_id", "client_id", 1),
            ("kitten", "sitting", 3),
            ("Scope", "scope", 0),
            ("scop", "scope", 1),
            ("ca", "abc", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
        let long = "a".repeat(200);
        assert_eq!(distance(&long, &long), 0);
    }

    #[test]
    fn only_near_words_are_suggested() {
        let words = ["scope", "post", "authorization_path", "authorization_endpoint"];
        assert_eq!(nearest("scop", words), Some("scope"));
        assert_eq!(nearest("authorisation_path", words), Some("authorization_path"));
        assert_eq!(nearest("x", words), None);
        assert_eq!(nearest("timeout", words), None);
    }
}
