//! What is required of a client, what went wrong in others, and the tests that show it here. Documentation only; a test
//! checks that the tables are complete and that the tests they name exist.
//!
//! Where the standards leave it open, this is what is done, and why:
//!
//! | what comes | what is done | why |
//! |---|---|---|
//! | a callback with both `code` and `error` | it is refused, and its login is used up | its state was right, so only the provider or the person's own browser can have sent it; to keep the login would let a second try use the code |
//! | `expires_in` as text, `"3600"` | read as a number | widely used providers send it so, and it cannot mean anything else |
//! | `expires_in` with a fraction, `3599.5` | refused; `3600.0` is read | no provider is known that means one, and rounding would hide a broken answer |
//! | more scopes than were asked for | accepted, and visible in [`Token::scopes`](crate::Token::scopes) | RFC 6749 section 3.3 leaves it to the provider; whoever minds can compare |
//! | an answer without a content type | refused, unless `token_response(encoding = ..)` is declared | a login page is as good a text as any, and one line in the declaration says that it is meant so |
//! | a refresh whose answer was lost | not repeated while the access token is good, unless `refresh(rotates = .., reuse_grace = ..)` allow it | a strict provider takes the second time for theft and ends the grant |
//!
//! What is promised against whom is in `SECURITY.md`; how real providers deviate, in [`provider`](crate::provider).

#[doc = include_str!("requirements.md")]
pub mod requirements {}

#[doc = include_str!("advisories.md")]
pub mod advisories {}
