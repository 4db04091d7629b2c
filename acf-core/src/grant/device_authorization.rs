//! The codes of a login on another device (RFC 8628 section 3.1).

use std::time::Duration;

use acf_rules::{
    language::{Endpoint, GrantType},
    text, uri,
};
use http::StatusCode;
use serde_json::{Map, Value};

use super::{Call, Own, Pair, Values};
use crate::{
    error::{Error, ErrorKind, clean},
    hooks::Step,
    http::Response,
    provider::Resolved,
    secret::Secret,
    token,
    value::Scopes,
};

const WHOSE: &str = "the device authorization endpoint";

/// How long to wait between two requests where the provider does not say (RFC 8628 section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);

/// A code that a person types lives for minutes.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const MAX_CODE: usize = 8 * 1024;
const MAX_USER_CODE: usize = 64;
const MAX_URI: usize = 2 * 1024;

/// Asks for the codes.
pub(crate) struct DeviceAuthorization<'a> {
    pub(crate) scopes: &'a Scopes,
    /// The scopes as they are sent; empty where none are.
    pub(crate) scope: &'a str,
    pub(crate) more: &'a [(String, String)],
}

/// What a device is given (RFC 8628 section 3.2).
pub(crate) struct Codes {
    pub(crate) device_code: Secret,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    pub(crate) verification_uri_complete: Option<String>,
    pub(crate) lifetime: Duration,
    pub(crate) interval: Duration,
}

impl Pair for DeviceAuthorization<'_> {
    type Output = Codes;

    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        provider.allows(GrantType::DeviceCode)?;
        let given = provider.device_authorization_endpoint.as_ref();
        let endpoint = provider.declared(Endpoint::DeviceAuthorization, given)?;
        let values = Values { scopes: Some(self.scopes), ..Values::new(provider) };
        Ok(Call {
            step: Step::DeviceAuthorization,
            rules: &provider.rules.device,
            endpoint: endpoint.uri(&values)?,
            ready: None,
            own: if self.scope.is_empty() { Own::default() } else { Own::default().with("scope", self.scope) },
            more: self.more,
            values,
            bearer: None,
        })
    }

    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Codes, Error> {
        let members = token::success(response, WHOSE, &provider.rules.response, confidential)?;
        let device_code = required(&members, "device_code", MAX_CODE)?;
        if text::token(device_code).is_err() {
            return Err(broken("a `device_code` with characters that no code has"));
        }
        let user_code = required(&members, "user_code", MAX_USER_CODE)?;
        // A person types what they see: what cannot be seen as it is cannot be typed.
        if clean(user_code, confidential) != user_code {
            return Err(broken("a `user_code` that cannot be shown"));
        }
        let verification_uri = page(required(&members, "verification_uri", MAX_URI)?, "verification_uri")?;
        let complete = match members.get("verification_uri_complete") {
            None | Some(Value::Null) => None,
            Some(_) => Some(required(&members, "verification_uri_complete", MAX_URI)?),
        };
        let complete = complete.map(|uri| page(uri, "verification_uri_complete")).transpose()?;
        let lifetime = seconds(&members, "expires_in")?
            .ok_or_else(|| broken("no `expires_in` (RFC 8628 section 3.2)"))?
            .min(MAX_LIFETIME);
        // Zero would mean as fast as possible, which no server means: it says as little as nothing.
        let interval = seconds(&members, "interval")?.filter(|interval| !interval.is_zero()).unwrap_or(INTERVAL);
        // Shortened, it would be broken (section 3.5: not before the interval); kept, the code would end before its first use.
        if interval >= lifetime {
            return Err(broken("an `expires_in` that is over before the first `interval` is"));
        }
        Ok(Codes {
            device_code: Secret::from(device_code.to_owned()),
            user_code: user_code.to_owned(),
            verification_uri,
            verification_uri_complete: complete,
            lifetime,
            interval,
        })
    }
}

fn broken(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Response, format!("{WHOSE} answered with {what}")).with_status(StatusCode::OK.as_u16())
}

fn required<'a>(members: &'a Map<String, Value>, name: &str, most: usize) -> Result<&'a str, Error> {
    match members.get(name) {
        Some(Value::String(text)) if text.len() > most => Err(broken(format!("a `{name}` of more than {most} bytes"))),
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        None | Some(Value::Null | Value::String(_)) => Err(broken(format!("no `{name}` (RFC 8628 section 3.2)"))),
        Some(_) => Err(broken(format!("a `{name}` that is no string"))),
    }
}

/// Where a person is sent: a page, and never a script (RFC 8628 section 5.4).
fn page(uri: &str, name: &str) -> Result<String, Error> {
    // What looks like a placeholder was not filled in.
    if uri.contains(['{', '}']) {
        return Err(broken(format!("a `{name}` that is no address")));
    }
    uri::page(uri).map_err(|violation| broken(format!("a `{name}` that {}", violation.message())))?;
    Ok(uri.to_owned())
}

fn seconds(members: &Map<String, Value>, name: &str) -> Result<Option<Duration>, Error> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match token::seconds(value) {
            Some(seconds) => Ok(Some(Duration::from_secs(seconds))),
            None => Err(broken(format!("an `{name}` that is no number of seconds"))),
        },
    }
}
