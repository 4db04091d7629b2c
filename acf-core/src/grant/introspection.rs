//! Asking for the state of a token (RFC 7662).

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use acf_rules::language::Endpoint;
use http::StatusCode;
use serde_json::{Map, Value};

use super::{Call, Own, Pair, Values};
use crate::{
    error::{Error, ErrorKind},
    hooks::Step,
    http::Response,
    provider::Resolved,
    token::{self, Token},
    value::Scopes,
};

/// What the authorization server says about a token (RFC 7662 section 2.2), as
/// [`Flow::introspect`](crate::Flow::introspect) brings it. `Debug` shows names only: the rest may be personal data.
///
/// It holds for the moment in which it was asked for. Whoever keeps it must not use it beyond [`expires_at`](Self::expires_at)
/// (section 4).
#[derive(Clone, PartialEq)]
pub struct Introspection {
    active: bool,
    members: Map<String, Value>,
}

impl Introspection {
    /// Whether the token is good: issued by this server, not ended, not revoked. Where it is not, nothing else is known.
    pub const fn is_active(&self) -> bool {
        self.active
    }

    /// The scopes of the token; empty where the server does not say.
    pub fn scopes(&self) -> Scopes {
        self.text("scope").and_then(|text| Scopes::granted(text.len(), text.split(' '))).unwrap_or_default()
    }

    /// The client that the token was issued to.
    pub fn client_id(&self) -> Option<&str> {
        self.text("client_id")
    }

    /// A name for people of whoever authorized the token.
    pub fn username(&self) -> Option<&str> {
        self.text("username")
    }

    /// Who authorized the token, mostly: the server's identifier.
    pub fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    /// Who issued the token.
    pub fn issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// Whom the token is for. Whoever decides about access by it must find itself here.
    pub fn audience(&self) -> Vec<&str> {
        match self.members.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// When the token ends.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let seconds = self.members.get("exp").and_then(Value::as_u64)?;
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    /// Every member, `active` among them.
    pub const fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Any member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }
}

impl fmt::Debug for Introspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection")
            .field("active", &self.active)
            .field("members", &self.members.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// The introspection of an access token.
pub(crate) struct Introspect<'a>(pub(crate) &'a Token);

impl Pair for Introspect<'_> {
    type Output = Introspection;

    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        let endpoint = provider.declared(Endpoint::Introspection, provider.introspection_endpoint.as_ref())?;
        let values = Values { token: Some(self.0.access_token().expose()), ..Values::of(provider, self.0) };
        Ok(Call {
            step: Step::Introspection,
            rules: &provider.rules.plain,
            endpoint: endpoint.uri(&values)?,
            ready: None,
            own: Own::default()
                .with_secret("token", self.0.access_token().expose())
                .with("token_type_hint", "access_token"),
            more: &[],
            values,
            bearer: None,
        })
    }

    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Introspection, Error> {
        const WHOSE: &str = "the introspection endpoint";
        let mut members = token::success(response, WHOSE, &provider.rules.response, confidential)?;
        // A string or a number is no answer: whoever takes `"false"` for true lets everybody in.
        let Some(Value::Bool(active)) = members.get("active") else {
            let text = format!("{WHOSE} answered without a boolean `active` (RFC 7662 section 2.2)");
            return Err(Error::new(ErrorKind::Response, text).with_status(StatusCode::OK.as_u16()));
        };
        let active = *active;
        if !active {
            // Where it is not, nothing else is to be known (section 2.2).
            members.retain(|name, _| name == "active");
        }
        Ok(Introspection { active, members })
    }
}
