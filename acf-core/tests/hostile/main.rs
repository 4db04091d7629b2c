//! Hostile input, line by line of the project's list: bytes in, and out come the kind of an error or an exact token, the
//! number of token requests, and what is left in the store. Each line is one row, over every store.
#![cfg(all(feature = "reqwest", feature = "sqlite"))]
#![allow(missing_docs, unreachable_pub, dead_code, reason = "tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod answers;
mod callback;
mod cancel;
#[path = "../it/documents.rs"]
mod documents;
mod mutual_tls;
mod oauth2_probe;
mod promises;
mod properties;
mod response;
mod scenarios;
#[cfg(feature = "encrypted")]
mod sealed;
mod seeds;
mod server;
#[path = "../it/support.rs"]
mod support;
mod tls;
mod transport;
mod world;

/// Every line of the list that is about callbacks and token answers has one row, and only one.
#[test]
fn every_line_has_exactly_one_row() {
    let rows = |rows: Vec<u32>| {
        let mut sorted = rows.clone();
        sorted.sort_unstable();
        assert_eq!(rows, sorted, "in order");
        rows
    };
    assert_eq!(rows(callback::rows().iter().map(|row| row.id).collect()), (1..=49).collect::<Vec<_>>());
    assert_eq!(rows(response::rows().iter().map(|row| row.id).collect()), (75..=108).collect::<Vec<_>>());
}
