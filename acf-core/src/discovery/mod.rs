//! Discovery: what an authorization server announces of itself (RFC 8414, OpenID Connect Discovery 1.0).
//!
//! [`Flow::discover`](crate::Flow::discover) makes a flow of an issuer's address and of what registering the client
//! brought. [`Metadata`] are its parts: fetch them, look at them, make a [`Custom`](crate::Custom) provider of them, change
//! it, build it; or have the attribute written that declares it, and paste it above a struct.
//!
#![cfg_attr(feature = "reqwest", doc = "```no_run")]
#![cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
//! use acf_core::{Credentials, Flow, Metadata, OAuthProvider, http::ReqwestClient};
//!
//! # async fn example(typed_in: &str) -> Result<(), acf_core::Error> {
//! let credentials = Credentials::new("id")
//!     .client_secret("secret".parse()?)
//!     .redirect_uri("https://app.example/callback");
//!
//! // In one step, where the issuer is one that you chose:
//! let flow = Flow::discover("https://login.example", credentials.clone()).await?;
//!
//! // By hand, where a user typed it in: with a client that connects to no private address.
//! let http = ReqwestClient::public_addresses_only()?;
//! let metadata = Metadata::fetch(typed_in, &http).await?;
//! let provider = metadata.provider(credentials)?.scope(["profile"]).build()?;
//! println!("{}", provider.definition().attribute()); // #[oauth(base_uri = .., ..)]
//! let flow = Flow::builder(provider).http_client(http).build()?;
//! # let _ = flow;
//! # Ok(())
//! # }
//! ```
//!
//! # What is believed
//!
//! - The document names the very issuer that it was asked for, byte for byte (RFC 8414 section 3.3); otherwise nothing of
//!   it is used.
//! - It comes over https, without a redirect, with the status 200, as one JSON object that has no member twice; it is read
//!   within the limits of a token response.
//! - Each endpoint in it is https, without credentials and without a fragment. Plain http is for an issuer on this machine.
//!   Braces are refused: a declaration would take what they enclose for a placeholder.
//! - What is announced binds a login when it begins: its code goes to the token endpoint and its `iss` is compared with the
//!   issuer of that moment, whatever is announced later.
//!
//! Nothing is cached: a [`Flow`](crate::Flow) keeps what it was made of. Make it once, not for each login.
//!
//! # Two addresses
//!
//! RFC 8414 puts the well-known part between host and path, OpenID Connect behind the path. The former is asked first: it
//! is the document that is about OAuth. The latter is asked where there is no such document: the server says so by a status
//! of 400 to 499 (many say 401 or 403 for what does not exist), or sends a page for people, as an application does that
//! answers every path. Whatever else happens ends it: a server in trouble (5xx, 408, 429, no answer), a redirect and a broken
//! document say nothing about whether there is one, and its place is not taken by another.

mod difference;
mod document;
mod provider;

use acf_rules::uri;
use http::{HeaderValue, StatusCode, header};

pub use self::{difference::Difference, document::Metadata};
use crate::{
    error::{Error, ErrorKind},
    http::{HttpClient, Limits, Request, Response},
};

impl Metadata {
    /// Fetches what an issuer announces of itself. The client decides where it may connect to: for an issuer that a user
    /// typed in, take `ReqwestClient::public_addresses_only`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the issuer is no https URL without query and fragment, or the client does not connect
    /// to its address; [`ErrorKind::IssuerMismatch`] if the document names another one; [`ErrorKind::Response`] if there is
    /// no document or it breaks a rule; and whatever the call brings.
    pub async fn fetch(issuer: &str, http: &dyn HttpClient) -> Result<Self, Error> {
        Self::fetch_within(issuer, http, Limits::TOKEN).await
    }

    pub(crate) async fn fetch_within(issuer: &str, http: &dyn HttpClient, limits: Limits) -> Result<Self, Error> {
        check_issuer(issuer)?;
        let mut absent = String::new();
        for url in well_known(issuer) {
            let response = get(&url, http, limits).await?;
            if !is_absent(&response) {
                return Self::read(issuer, &url, &response);
            }
            absent = format!("{absent}{} at {url}, ", response.status());
        }
        let text = format!("`{issuer}` announces no metadata: {}", absent.trim_end_matches(", "));
        Err(Error::new(ErrorKind::Response, text))
    }
}

/// RFC 8414 section 2: https, without query and fragment; this machine may do without https.
fn check_issuer(issuer: &str) -> Result<(), Error> {
    // The rules of an endpoint beside those of an issuer: a dot segment would lead out of the well-known path.
    let checked = uri::issuer(issuer).and_then(|()| uri::endpoint(issuer));
    checked.map_err(|violation| Error::violation("issuer", issuer, violation))?;
    if issuer.contains(['{', '}']) {
        return Err(Error::configuration("`issuer` has braces: fill its placeholders in before it is asked"));
    }
    Ok(())
}

/// Where an issuer's metadata may be: inserted between host and path (RFC 8414 section 3.1), and behind the path (OpenID
/// Connect Discovery section 4.1). A `/` at its end is left out in both.
fn well_known(issuer: &str) -> [String; 2] {
    let whole = issuer.strip_suffix('/').unwrap_or(issuer);
    let host = whole.find("://").map_or(0, |at| at + 3);
    let path = whole.get(host..).and_then(|rest| rest.find('/')).map_or(whole.len(), |at| host + at);
    let (origin, path) = whole.split_at_checked(path).unwrap_or((whole, ""));
    [
        format!("{origin}/.well-known/oauth-authorization-server{path}"),
        format!("{whole}/.well-known/openid-configuration"),
    ]
}

async fn get(url: &str, http: &dyn HttpClient, limits: Limits) -> Result<Response, Error> {
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = url
        .parse()
        .map_err(|_| Error::configuration("`issuer` cannot be requested: it is not a URI that HTTP can send"))?;
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let what = "the metadata";
    let response = http.send(request, limits).await.map_err(|error| error.during(what))?;
    if response.body().len() > limits.body {
        return Err(Error::new(ErrorKind::Response, format!("{what}: the answer is larger than the limit")));
    }
    Ok(response)
}

/// Whether the answer says that there is no document at this address.
fn is_absent(response: &Response) -> bool {
    let status = response.status();
    let page = || {
        let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        content_type
            .is_some_and(|text| text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("text/html")))
    };
    let later = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    (status.is_client_error() && !later) || (status.is_success() && page())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_addresses() {
        for (issuer, inserted, appended) in [
            (
                "https://h",
                "https://h/.well-known/oauth-authorization-server",
                "https://h/.well-known/openid-configuration",
            ),
            (
                "https://h/",
                "https://h/.well-known/oauth-authorization-server",
                "https://h/.well-known/openid-configuration",
            ),
            (
                "https://h:8443/t1",
                "https://h:8443/.well-known/oauth-authorization-server/t1",
                "https://h:8443/t1/.well-known/openid-configuration",
            ),
            (
                "https://h/a/b/",
                "https://h/.well-known/oauth-authorization-server/a/b",
                "https://h/a/b/.well-known/openid-configuration",
            ),
            (
                "http://[::1]:1/a",
                "http://[::1]:1/.well-known/oauth-authorization-server/a",
                "http://[::1]:1/a/.well-known/openid-configuration",
            ),
        ] {
            assert_eq!(well_known(issuer), [inserted, appended]);
            assert!(check_issuer(issuer).is_ok(), "{issuer}");
        }
    }

    #[test]
    fn issuers_that_are_not_asked() {
        for issuer in [
            "",
            "h",
            "http://h.example",
            "ftp://h.example",
            "javascript:alert(1)",
            "https://user@h.example",
            "https://h.example?a=b",
            "https://h.example#a",
            "https://h.example/../a",
            "https://{tenant}.example",
            "https://h.example/{tenant}",
            "https://h.example/a b",
            "https://h.example\n",
            "http://127.0.0.1.example",
        ] {
            assert_eq!(check_issuer(issuer).unwrap_err().kind(), ErrorKind::Configuration, "{issuer}");
        }
    }
}
