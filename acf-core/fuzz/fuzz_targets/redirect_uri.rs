//! Any text as a redirect URI or an endpoint: what is accepted means the same to the parser that browsers and HTTP
//! clients have.
//!
//! `cd acf-core && cargo +nightly fuzz run -s none redirect_uri`

#![no_main]

use acf_rules::uri;
use libfuzzer_sys::fuzz_target;
use url::{Host, Url};

fuzz_target!(|text: &str| {
    let scheme = text.split(':').next().unwrap_or_default();
    let web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    if uri::redirect_uri(text).is_ok() {
        if web {
            same_place(text);
        } else if let Ok(url) = Url::parse(text) {
            assert!(url.scheme().contains('.') && url.fragment().is_none(), "{text}");
        }
    }
    if !text.contains('{') {
        if uri::endpoint(text).is_ok() {
            same_place(text);
        }
        if uri::base_uri(text).is_ok() {
            same_place(text);
            assert!(uri::endpoint(text).is_ok() && uri::endpoint(&format!("{text}/token")).is_ok(), "{text}");
        }
    }
});

/// WHATWG's parser finds no other scheme, host or credentials in it, and plain http reaches this machine alone.
fn same_place(text: &str) {
    // A host that this parser refuses (a number that is no address, say) is reached by nobody.
    let Ok(url) = Url::parse(text) else { return };
    assert!(matches!(url.scheme(), "https" | "http"), "{text}");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{text}");
    let authority = text.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    let authority = authority.split(['/', '?']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    if let Some(Host::Domain(domain)) = url.host() {
        assert_eq!(domain, host.to_ascii_lowercase(), "{text}");
    }
    if url.scheme() == "http" {
        let here = match url.host() {
            Some(Host::Domain(domain)) => domain == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        assert!(here, "{text}");
    }
}
