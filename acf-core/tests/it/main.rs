//! Behaviour of the flow as a program sees it, over real sockets on loopback.
#![allow(missing_docs, unreachable_pub, reason = "tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod assertions;
mod begin;
mod canary;
mod discovery;
mod documents;
mod finish;
mod grants;
mod hooks;
mod refresh;
mod requests;
mod session;
mod shapes;
mod stores;
mod support;
mod templates;
mod transport;
mod userinfo;
