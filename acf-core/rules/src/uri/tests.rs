extern crate std;
use super::*;
use crate::tables::{self, Check};
use std::vec::Vec;

const LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const LONG_AND_WRONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaéé";

#[test]
fn accepted() {
    let cases: &[(Check, &[&str])] = &[
        (
            base_uri,
            &[
                "https://github.com",
                "https://a.example:8443/realms/x",
                "http://127.0.0.1:9000",
                "http://[::1]:9000",
                "http://localhost",
                "https://{shop}.myshopify.com",
                "https://ca-{environment}.adyen.com",
                "https://{host}/api",
                "https://login.microsoftonline.com/{tenant}",
            ],
        ),
        (
            endpoint,
            &[
                "https://a.example/oauth?v=5.1",
                "https://a.example",
                "https://{shop}.example/x",
                "https://a.example/b?next=//c/../d",
            ],
        ),
        (path, &["/oauth", "/oauth/access_token/json", "/{tenant}/oauth2", "/a?b=c", "/", "/.well-known/x", "/a..b"]),
        (issuer, &["https://accounts.google.com", "https://github.com/login/oauth", "https://a.example/"]),
        (
            redirect_uri,
            &[
                "https://app.example/callback?x=1",
                "http://127.0.0.1:8000/callback",
                "http://[::1]/cb",
                "http://localhost:3000/cb",
                "org.example.app:/callback",
                "com.example.app://callback",
            ],
        ),
        (resource, &["https://api.example/a?b", "http://api.example", "urn:example:api", "api://1b2c/x"]),
        (host, &["example.com", "127.0.0.1:80", "[::1]:80", "a-b.example:8443"]),
        (host_label, &["shop", "a-1"]),
        (page, &["https://forge.example/docs?x#oauth"]),
        (canonical, &["https://{Shop}.x.example:8443/A", "https://a.example:1443", "http://localhost:443"]),
    ];
    tables::accepted(cases);
}

#[test]
fn refused() {
    let long = std::format!("https://a.example/{}", "a/".repeat(32 * 1024));
    let cases: &[(Check, &str, Rule, usize)] = &[
        (resource, "", Rule::Empty, 0),
        (resource, "a/b", Rule::NoScheme, 0),
        (resource, "https://x.org#f", Rule::Fragment, 13),
        (resource, "https://x.org/{a}", Rule::UriCharacter, 14),
        (resource, "urn:", Rule::NoHost, 3),
        (resource, "urn:a b", Rule::UriCharacter, 5),
        (base_uri, "", Rule::Empty, 0),
        (base_uri, "login.x.org", Rule::NoScheme, 0),
        (canonical, "https://Login.x.org", Rule::UpperCase, 8),
        (canonical, "HTTPS://login.x.org", Rule::UpperCase, 0),
        (canonical, "https://x.org:443/a", Rule::DefaultPort, 13),
        (base_uri, "localhost:8080", Rule::NoScheme, 0),
        (base_uri, "ftp://x.org", Rule::Scheme, 0),
        (base_uri, "http://x.org", Rule::Insecure, 0),
        (base_uri, "http://localhost.x.org", Rule::Insecure, 0),
        (base_uri, "http://127.0.0.1.x.org", Rule::Insecure, 0),
        (base_uri, "https:///a", Rule::NoHost, 8),
        (base_uri, "https://", Rule::NoHost, 8),
        (base_uri, "https://u@x.org", Rule::Userinfo, 9),
        (base_uri, "https://u:p@x.org", Rule::Userinfo, 11),
        (base_uri, "https://x.org?a=b", Rule::Query, 13),
        (base_uri, "https://x.org#a", Rule::Fragment, 13),
        (base_uri, "https://x.org/", Rule::TrailingSlash, 13),
        (base_uri, "https://x.org:0", Rule::Port, 14),
        (base_uri, "https://x.org:70000", Rule::Port, 14),
        (base_uri, "https://x.org:http", Rule::Port, 14),
        (base_uri, "https://é.org", Rule::HostCharacter, 8),
        (base_uri, "https://x .org", Rule::HostCharacter, 9),
        (base_uri, "https://x..org", Rule::HostCharacter, 9),
        (base_uri, "https://x.org/a b", Rule::UriCharacter, 15),
        (base_uri, "https://x.org/%zz", Rule::PercentEscape, 14),
        (base_uri, "https://<tenant>.org", Rule::Unfilled, 8),
        (base_uri, "https://YOUR_DOMAIN", Rule::Unfilled, 8),
        (base_uri, "https://x.org/{", Rule::Brace, 14),
        (base_uri, "https://x.org/{}", Rule::Brace, 14),
        (base_uri, "https://x.org/a}", Rule::Brace, 15),
        (base_uri, "https://x.org/../y", Rule::DotSegment, 13),
        (endpoint, "/oauth", Rule::NoScheme, 0),
        (endpoint, "https://x.org/a#b", Rule::Fragment, 15),
        // What must not reach the program that opens browsers.
        (endpoint, "file:///bin/sh", Rule::Scheme, 0),
        (endpoint, "javascript:alert(1)", Rule::Scheme, 0),
        (endpoint, "ms-msdt:/id", Rule::Scheme, 0),
        (endpoint, "$(touch x)", Rule::NoScheme, 0),
        (endpoint, "-https://x.org", Rule::NoScheme, 0),
        (endpoint, "https://x.org/`id`", Rule::UriCharacter, 14),
        (endpoint, "https://$(id).x.org", Rule::HostCharacter, 8),
        (endpoint, "https://x.org//a", Rule::EmptySegment, 13),
        (path, "", Rule::Empty, 0),
        (path, "oauth", Rule::RelativePath, 0),
        (path, "https://x.org/oauth", Rule::AbsoluteUrl, 0),
        (path, "/a/../b", Rule::DotSegment, 2),
        (path, "/a//b", Rule::EmptySegment, 2),
        (path, "/a#b", Rule::Fragment, 2),
        (path, "/a b", Rule::UriCharacter, 2),
        (issuer, "http://x.org", Rule::Insecure, 0),
        (issuer, "https://x.org?a", Rule::Query, 13),
        (redirect_uri, "/cb", Rule::NoScheme, 0),
        (redirect_uri, "https://a.example/cb#x", Rule::Fragment, 20),
        (redirect_uri, "javascript:alert(1)", Rule::Scheme, 0),
        (redirect_uri, "data:text/html,x", Rule::Scheme, 0),
        (redirect_uri, "https://u:p@a.example/cb", Rule::Userinfo, 11),
        (redirect_uri, "http://a.example/cb", Rule::Insecure, 0),
        (redirect_uri, "https://*.a.example/cb", Rule::Wildcard, 8),
        (redirect_uri, "urn:ietf:wg:oauth:2.0:oob", Rule::OutOfBand, 0),
        (redirect_uri, "oob", Rule::OutOfBand, 0),
        (redirect_uri, "myapp:/cb", Rule::PrivateScheme, 0),
        (redirect_uri, "https://{x}.example/cb", Rule::UriCharacter, 8),
        (redirect_uri, &long, Rule::TooLong, 2048),
        (host, "a.example/x", Rule::HostCharacter, 9),
        (host, "u@a.example", Rule::HostCharacter, 1),
        (host_label, "a.b", Rule::HostCharacter, 1),
        (host, "YOUR_DOMAIN", Rule::Unfilled, 0),
        (host_label, "my-TODO", Rule::Unfilled, 3),
        (host_label, LONG, Rule::TooLong, 63),
        // A position that lies in a character would be one in no text.
        (host_label, LONG_AND_WRONG, Rule::HostCharacter, 62),
        (host_label, "-a", Rule::HostCharacter, 0),
        (host_label, "a/b", Rule::HostCharacter, 1),
        (host_label, "", Rule::Empty, 0),
    ];
    tables::refused(cases);
}

#[test]
fn placeholders_are_listed_in_order() {
    let names: Vec<_> = placeholders("https://{shop}.x.org/{tenant}/y?z={q}").collect();
    assert_eq!(names, ["shop", "tenant", "q"]);
    assert!(has_host_placeholder("https://ca-{environment}.adyen.com/x"));
    assert!(!has_host_placeholder("https://x.org/{tenant}"));
}
