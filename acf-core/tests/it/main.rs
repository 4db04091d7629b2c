//! Behaviour of the flow as a program sees it, over real sockets on loopback.
#![allow(missing_docs, unreachable_pub, reason = "tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod assertions;
mod begin;
#[cfg(feature = "blocking")]
mod blocking;
mod canary;
mod connections;
mod device;
mod discovery;
mod documents;
#[cfg(feature = "tracing")]
mod events;
mod finish;
mod grants;
mod hooks;
#[cfg(feature = "legacy-grants")]
mod implicit;
mod outage;
mod refresh;
mod requests;
#[cfg(feature = "encrypted")]
mod sealed;
mod session;
mod shapes;
mod store_checks;
mod stores;
mod support;
mod templates;
mod transport;
mod userinfo;
