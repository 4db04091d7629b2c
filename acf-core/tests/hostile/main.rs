//! What means harm: the lines of the list of hostile inputs, each one row of a table.
#![cfg(feature = "reqwest")]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod answers;
mod oauth2_probe;
mod security_md;
mod server;
#[path = "../it/support.rs"]
mod support;
mod tls;
mod transport;
