//! The grammars of OAuth 2.0 as `const` functions.
//!
//! A rule is written here once and serves three times: `acf-derive` applies it to the literals of a declaration,
//! the code it emits applies it to constants during compilation, and `acf-core` applies it to what arrives at run
//! time. All three therefore say the same thing about the same mistake.
//!
//! Every function takes the text, answers `Ok(())` or the first [`Violation`], and neither allocates nor panics.
//!
//! ```
//! use acf_rules::{Rule, uri};
//!
//! assert!(uri::base_uri("https://github.com").is_ok());
//! let violation = uri::base_uri("http://github.com").unwrap_err();
//! assert_eq!(violation.rule(), Rule::Insecure);
//! assert_eq!(
//!     violation.explain("base_uri", "http://github.com").to_string(),
//!     "`base_uri` must use https",
//! );
//! ```
#![no_std]

pub mod declaration;
pub mod language;
pub mod suggest;
pub mod text;
pub mod uri;
mod violation;

pub use violation::{Explanation, Rule, Violation};

/// What every rule answers.
pub type Checked = Result<(), Violation>;

/// The byte at `index`, or NUL past the end: NUL is legal in none of the grammars, so no caller has to tell the two
/// apart, and nothing here can index out of bounds.
#[expect(clippy::indexing_slicing, reason = "guarded on the same line; `get` is not const")]
const fn byte(bytes: &[u8], index: usize) -> u8 {
    if index < bytes.len() { bytes[index] } else { 0 }
}

/// Whether `bytes[at..]` begins with `prefix`, letters compared without case.
const fn starts_with(bytes: &[u8], at: usize, prefix: &str) -> bool {
    let prefix = prefix.as_bytes();
    let mut i = 0;
    while i < prefix.len() {
        if byte(bytes, at + i).to_ascii_lowercase() != byte(prefix, i) {
            return false;
        }
        i += 1;
    }
    true
}

/// Tables of texts and what a rule says of them.
#[cfg(test)]
mod tables {
    use super::{Checked, Rule, Violation};

    pub(crate) type Check = fn(&str) -> Checked;

    #[track_caller]
    pub(crate) fn accepted(cases: &[(Check, &[&str])]) {
        for (check, texts) in cases {
            for text in *texts {
                assert_eq!(check(text), Ok(()), "{text:?}");
            }
        }
    }

    /// Each with the rule that it breaks and where.
    #[track_caller]
    pub(crate) fn refused(cases: &[(Check, &str, Rule, usize)]) {
        for (check, text, rule, at) in cases {
            assert_eq!(check(text), Err(Violation::new(*rule, *at)), "{text:?}");
        }
    }
}
