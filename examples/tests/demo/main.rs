//! `acf` from the outside: the built program, driven by a browser without a screen and by a shell without a person.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it is"
)]

mod attacks;
mod issuer;
mod login;
mod stored;
mod support;
mod terminal;
mod trouble;
mod two_instances;
mod web;
