//! Who a token belongs to (OpenID Connect Core section 5.3; without OpenID the vendor's own).

use std::{borrow::Cow, fmt};

use acf_rules::language::Endpoint;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use super::Session;
use crate::{
    error::{Error, ErrorKind, clean},
    grant::{Call, Own, Pair, Values},
    hooks::Step,
    http::Response,
    provider::{Resolved, UserinfoRules},
    token::{self, Token},
};

/// What the provider says about the person, as [`Session::userinfo`] brings it. `Debug` shows the names of the members
/// only: the rest is personal data.
#[derive(Clone, PartialEq)]
pub struct Userinfo {
    id: Option<String>,
    claims: Map<String, Value>,
}

impl Userinfo {
    /// What identifies the person at this provider: the member that `userinfo(id = ..)` names, otherwise `sub` or `id`. A
    /// number is given as text. `None` where there is no such member.
    ///
    /// Unique at one provider only, and never to be replaced by an e-mail address, which changes hands.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Every member.
    pub const fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// One member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    fn read(body: &[u8], rules: &UserinfoRules) -> Option<Self> {
        let mut whole: Value = serde_json::from_slice(body).ok()?;
        let described = match &rules.path {
            Some(path) if path.starts_with('/') => whole.pointer_mut(path)?.take(),
            Some(name) => whole.get_mut(name)?.take(),
            None => whole,
        };
        let Value::Object(_) = &described else { return None };
        let member = |name: &str| if name.starts_with('/') { described.pointer(name) } else { described.get(name) };
        let id = match &rules.id {
            Some(name) => member(name).and_then(identifier),
            None => ["sub", "id"].into_iter().find_map(|name| member(name).and_then(identifier)),
        };
        let Value::Object(claims) = described else { return None };
        Some(Self { id, claims })
    }
}

/// A text, or a whole number. A fraction is none: it has lost digits, and two people could share what is left.
fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

impl fmt::Debug for Userinfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Userinfo").field("claims", &self.claims.keys().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

impl Session {
    /// Asks the provider who the token belongs to.
    ///
    /// ```no_run
    /// # async fn example(session: acf_core::Session) -> Result<(), acf_core::Error> {
    /// let person = session.userinfo().await?;
    /// println!("{} {:?}", person.id().unwrap_or("somebody"), person.get("name"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the provider declares no such endpoint. [`ErrorKind::TokenExpired`] if the token's
    /// time is over, or if the provider accepts it no longer (status 401). [`ErrorKind::Response`] if the answer is not a
    /// JSON object, or has none where `userinfo(path = ..)` says. And whatever the call brings.
    pub async fn userinfo(&self) -> Result<Userinfo, Error> {
        self.flow.run(&WhoIsIt(&self.token().await?)).await
    }
}

/// The userinfo request.
struct WhoIsIt<'t>(&'t Token);

impl Pair for WhoIsIt<'_> {
    type Output = Userinfo;

    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        let endpoint = provider.declared(Endpoint::Userinfo, provider.userinfo_endpoint.as_ref())?;
        let values = Values::of(provider, self.0);
        Ok(Call {
            step: Step::Userinfo,
            rules: &provider.rules.userinfo_request,
            endpoint: endpoint.uri(&values)?,
            ready: None,
            own: Own::default(),
            more: &[],
            values,
            bearer: Some(self.0),
        })
    }

    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Userinfo, Error> {
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 6750 section 3.1, `invalid_token`: ended early, or taken back.
            let remedy = provider.remedy(self.0);
            let text = format!("the userinfo endpoint accepts the access token no longer (401): {remedy}");
            return Err(Error::new(ErrorKind::TokenExpired, text).with_status(status.as_u16()));
        }
        if !status.is_success() {
            return Err(token::refusal(response, "the userinfo endpoint", &provider.rules.response, confidential));
        }
        Userinfo::read(response.body(), &provider.rules.userinfo)
            .ok_or_else(|| unreadable(provider, response.headers()).with_status(status.as_u16()))
    }
}

fn unreadable(provider: &Resolved, headers: &HeaderMap) -> Error {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no content type");
    let place = match &provider.rules.userinfo.path {
        Some(path) => Cow::Owned(format!(" at `{path}`")),
        None => Cow::Borrowed(""),
    };
    let text = format!("the userinfo endpoint answered without a JSON object{place} (it sent `{}`)", clean(sent, &[]));
    Error::new(ErrorKind::Response, text)
}
