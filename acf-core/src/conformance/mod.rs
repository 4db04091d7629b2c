//! What is required of a client, what went wrong in others, and the tests that show it here. Documentation only; a test
//! checks that the tables are complete and that the tests they name exist.
//!
//! What is promised against whom is in `SECURITY.md`; how real providers deviate, in [`provider`](crate::provider).

#[doc = include_str!("requirements.md")]
pub mod requirements {}

#[doc = include_str!("advisories.md")]
pub mod advisories {}
