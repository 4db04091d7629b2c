//! The document: what must be in it, and what must not.

use std::fmt;

use acf_rules::{language::Endpoint, uri};
use http::StatusCode;
use serde_json::{Map, Value};

use crate::{
    error::{Error, ErrorKind, clean, sentence},
    http::Response,
    token,
};

/// Lists of names.
const LISTS: &[&str] = &[
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "code_challenge_methods_supported",
];

/// What is true or not.
const FLAGS: &[&str] = &["authorization_response_iss_parameter_supported", "require_pushed_authorization_requests"];

/// Pages for people, which are never fetched.
const PAGES: &[&str] = &["service_documentation", "op_policy_uri", "op_tos_uri", "check_session_iframe"];

/// Endpoints for clients that show a certificate (RFC 8705 section 5).
const ALIASES: &str = "mtls_endpoint_aliases";

/// What an authorization server announces of itself (RFC 8414 section 2), checked, under the names of the RFC.
///
/// What is checked is said [there](crate::discovery#what-is-believed).
#[derive(Clone, PartialEq)]
pub struct Metadata {
    issuer: String,
    members: Map<String, Value>,
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident $endpoint:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> Option<&str> {
            self.endpoint(Endpoint::$endpoint)
        }
    )*};
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> Option<Vec<&str>> {
            self.list(stringify!($name))
        }
    )*};
}

impl Metadata {
    /// The issuer, as it was asked for and as it says itself.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    endpoints! {
        /// Where a person logs in and consents (RFC 6749 section 3.1).
        authorization_endpoint Authorization;
        /// Where a code becomes a token (RFC 6749 section 3.2).
        token_endpoint Token;
        /// Where a token is given up (RFC 7009).
        revocation_endpoint Revocation;
        /// Where a token's state is asked for (RFC 7662).
        introspection_endpoint Introspection;
        /// Where a device without a browser begins (RFC 8628).
        device_authorization_endpoint DeviceAuthorization;
        /// Where an authorization request is left beforehand (RFC 9126).
        pushed_authorization_request_endpoint PushedAuthorization;
        /// Who a token belongs to (OpenID Connect Core section 5.3).
        userinfo_endpoint Userinfo;
        /// The server's public keys (RFC 7517).
        jwks_uri Jwks;
    }

    lists! {
        /// Scopes; a server may know more than it lists.
        scopes_supported;
        /// What may be asked of the authorization endpoint: `code` above all.
        response_types_supported;
        /// How the authorization endpoint answers: `query` and `fragment` where this is `None`.
        response_modes_supported;
        /// Grants, by the names of RFC 7591 section 2: `authorization_code` and `implicit` where this is `None`.
        grant_types_supported;
        /// How a client may authenticate, by the names of RFC 7591: `client_secret_basic` where this is `None`.
        token_endpoint_auth_methods_supported;
        /// By what assertions of clients may be signed.
        token_endpoint_auth_signing_alg_values_supported;
        /// PKCE methods: none where this is `None`.
        code_challenge_methods_supported;
    }

    /// Whether every callback has an `iss` (RFC 9207 section 3).
    pub fn authorization_response_iss_parameter_supported(&self) -> bool {
        self.is("authorization_response_iss_parameter_supported")
    }

    /// Whether authorization requests are taken by [pushing](Self::pushed_authorization_request_endpoint) alone (RFC 9126
    /// section 5).
    pub fn require_pushed_authorization_requests(&self) -> bool {
        self.is("require_pushed_authorization_requests")
    }

    /// Any endpoint of RFC 8414.
    pub fn endpoint(&self, endpoint: Endpoint) -> Option<&str> {
        self.members.get(endpoint.url_key()).and_then(Value::as_str)
    }

    /// The same for a client that shows a certificate (`mtls_endpoint_aliases`, RFC 8705 section 5): the endpoint itself,
    /// where it has no alias.
    pub fn mtls_endpoint(&self, endpoint: Endpoint) -> Option<&str> {
        let alias = self.members.get(ALIASES).and_then(|aliases| aliases.get(endpoint.url_key()));
        alias.and_then(Value::as_str).or_else(|| self.endpoint(endpoint))
    }

    /// Any member, also such as are not known here, and not checked.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.members.get(name).and_then(Value::as_array).map(|items| items.iter().filter_map(Value::as_str).collect())
    }

    fn is(&self, name: &str) -> bool {
        self.members.get(name) == Some(&Value::Bool(true))
    }

    /// A document that came by other means: out of a file, a cache, a test.
    ///
    /// ```
    /// use acf_core::Metadata;
    ///
    /// let metadata = Metadata::from_json(
    ///     "https://login.example",
    ///     r#"{
    ///         "issuer": "https://login.example",
    ///         "authorization_endpoint": "https://login.example/authorize",
    ///         "token_endpoint": "https://login.example/token",
    ///         "response_types_supported": ["code"]
    ///     }"#,
    /// )?;
    /// assert_eq!(metadata.token_endpoint(), Some("https://login.example/token"));
    /// # Ok::<(), acf_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch), but for those of the call.
    pub fn from_json(issuer: &str, json: impl Into<Vec<u8>>) -> Result<Self, Error> {
        super::check_issuer(issuer)?;
        let mut response = Response::new(json.into().into());
        let json = http::HeaderValue::from_static("application/json");
        response.headers_mut().insert(http::header::CONTENT_TYPE, json);
        Self::read(issuer, issuer, &response)
    }

    /// Reads an answer; `url` is where it came from. The issuer was checked.
    pub(super) fn read(issuer: &str, url: &str, response: &Response) -> Result<Self, Error> {
        let status = response.status();
        let whose = format!("the metadata at {url}");
        if status != StatusCode::OK {
            let why = match status.is_redirection() {
                true => "answered with a redirect, and none is followed",
                false => "cannot be had",
            };
            return Err(invalid(format!("{whose} {why} ({status})")).with_status(status.as_u16()));
        }
        let mut members = token::object(response, &whose)?;
        // What is null is not there, as in a token response.
        members.retain(|_, value| !value.is_null());
        // Before anything else: of another issuer's document nothing is used, not even for an error.
        let named =
            members.get("issuer").and_then(Value::as_str).ok_or_else(|| invalid(format!("{whose} has no `issuer`")))?;
        if named != issuer {
            let text = format!(
                "{whose} names the issuer `{}` and not `{issuer}`; the two must be the same, byte for byte",
                clean(named, &[])
            );
            return Err(Error::new(ErrorKind::IssuerMismatch, text));
        }
        match broken(&members, issuer) {
            Some(what) => Err(invalid(format!("{whose} {what}"))),
            None => Ok(Self { issuer: issuer.to_owned(), members }),
        }
    }
}

/// The first rule that is broken, as the rest of a sentence.
fn broken(members: &Map<String, Value>, issuer: &str) -> Option<String> {
    let wrong = |name: &str, what: &str| Some(format!("has a `{name}` that is no {what}"));
    for (name, value) in members {
        let name = name.as_str();
        if LISTS.contains(&name) && !is_list(value) {
            return wrong(name, "list of texts");
        }
        if FLAGS.contains(&name) && !value.is_boolean() {
            return wrong(name, "boolean");
        }
        if PAGES.contains(&name) && !value.as_str().is_some_and(is_page) {
            return wrong(name, "web page");
        }
        if let Some(what) = broken_endpoint(name, value, issuer) {
            return Some(what);
        }
    }
    match members.get(ALIASES) {
        None => {}
        Some(Value::Object(aliases)) => {
            let what = aliases.iter().find_map(|(name, value)| broken_endpoint(name, value, issuer));
            if let Some(what) = what {
                return Some(format!("{what}, among its `{ALIASES}`"));
            }
        }
        Some(_) => return wrong(ALIASES, "object"),
    }
    // RFC 8414 section 2: what is required, and of whom.
    let grants = members.get("grant_types_supported").and_then(Value::as_array);
    let sends_people =
        grants.is_none_or(|grants| grants.iter().any(|grant| grant == "authorization_code" || grant == "implicit"));
    let implicit_alone =
        grants.is_some_and(|grants| !grants.is_empty() && grants.iter().all(|grant| grant == "implicit"));
    let required = [
        ("authorization_endpoint", sends_people),
        ("token_endpoint", !implicit_alone),
        ("response_types_supported", sends_people),
    ];
    let missing = required.into_iter().find(|(name, required)| *required && !members.contains_key(*name));
    missing.map(|(name, _)| format!("has no `{name}` (RFC 8414 section 2)"))
}

fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

fn is_page(url: &str) -> bool {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (starts("https://") || starts("http://")) && !url.chars().any(char::is_control)
}

/// What is wrong with an endpoint; nothing where the member is none.
fn broken_endpoint(name: &str, value: &Value, issuer: &str) -> Option<String> {
    if !(name.ends_with("_endpoint") || name == "jwks_uri") {
        return None;
    }
    // The name may be any.
    let name = clean(name, &[]);
    let Some(url) = value.as_str() else { return Some(format!("has a `{name}` that is no text")) };
    if let Err(violation) = uri::endpoint(url) {
        return Some(format!("has an endpoint that cannot be used: {}", sentence(&name, url, violation)));
    }
    if url.contains(['{', '}']) {
        return Some(format!("has a `{name}` with braces in it"));
    }
    // The rule of an endpoint lets this machine do without https; an issuer elsewhere has no endpoint here.
    let clear = |url: &str| !url.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("https:"));
    (clear(url) && !clear(issuer)).then(|| format!("has a `{name}` that is not https"))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Response, message)
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metadata").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
