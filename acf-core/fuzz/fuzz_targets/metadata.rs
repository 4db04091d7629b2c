//! Any document of an issuer: never a panic, endpoints that can be used where it is believed, a provider by the rules of a
//! declaration or none, and nothing in it that the document smuggled there.
//!
//! `cd acf-core && cargo +nightly fuzz run -s none metadata`

#![no_main]

use acf_core::{Credentials, Endpoint, ErrorKind, Metadata};
use acf_rules::{declaration, uri};
use libfuzzer_sys::fuzz_target;

/// The one that the seeds name.
const ISSUER: &str = "https://login.example";

fuzz_target!(|document: &[u8]| {
    let metadata = match Metadata::from_json(ISSUER, document) {
        Ok(metadata) => metadata,
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Response | ErrorKind::IssuerMismatch), "{error}");
            assert!(!error.to_string().chars().any(|c| c.is_control() || c == '\u{202E}'), "{error:?}");
            return;
        }
    };
    for endpoint in Endpoint::ALL {
        for url in [metadata.endpoint(*endpoint), metadata.mtls_endpoint(*endpoint)].into_iter().flatten() {
            assert!(uri::endpoint(url).is_ok() && !url.contains(['{', '}']), "{url}");
            assert!(url[..6].eq_ignore_ascii_case("https:"), "{url}");
        }
    }
    let public = Credentials::new("id").redirect_uri("https://app.example/callback");
    let confidential = public.clone().client_secret("s3cret".parse().expect("a secret"));
    for credentials in [public, confidential] {
        match metadata.provider(credentials).and_then(|builder| builder.build()) {
            Err(error) => assert_eq!(error.kind(), ErrorKind::Configuration, "{error}"),
            Ok(custom) => {
                let text = custom.definition().to_string();
                assert_eq!(declaration::read(&text).count(), text.lines().count(), "{text}");
                assert_eq!(text.matches("\nissuer=").count(), 1, "{text}");
                assert!(text.contains(&format!("\nissuer={ISSUER}\n")), "{text}");
                // A line for each key, and none that begins something else.
                let attribute = custom.definition().attribute();
                assert!(attribute.lines().count() <= text.lines().count() + 2, "{attribute}");
            }
        }
    }
});
