//! Tokens: what a provider issued, and for how long it is good.

mod response;

use std::{
    borrow::Cow,
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

#[cfg(feature = "legacy-grants")]
pub(crate) use self::response::token_of_fragment;
pub(crate) use self::response::{Expected, object, read_exchanged_token, read_token, refusal, seconds, success};
use crate::{authorization::unix, error::Error, secret::Secret, value::Scopes};

/// A token counts as expired this long before it is: a request that is under way when it ends would fail.
pub(crate) const MARGIN: Duration = Duration::from_secs(10);

/// The type of what is issued as a token and is no access token (RFC 8693 section 2.2.1).
const NOT_ACCESS: &str = "N_A";

const ISSUED_TOKEN_TYPE: &str = "issued_token_type";

/// An access token and what came with it (RFC 6749 section 5.1).
///
/// `Debug` shows no secret, and there is no `Serialize`: a token is written out on purpose, by
/// [`expose_json`](Self::expose_json), and restored by [`from_json`](Self::from_json).
///
/// ```
/// use acf_core::Token;
///
/// let token = Token::from_json(r#"{"v":1,"access_token":"gho_16C7e42F292c69","token_type":"Bearer","scope":["repo"]}"#)?;
/// assert_eq!(token.access_token().expose(), "gho_16C7e42F292c69");
/// assert!(token.scopes().contains("repo"));
/// assert!(!token.is_expired(), "nothing is known about its end");
/// assert!(!format!("{token:?}").contains("16C7"));
/// # Ok::<(), acf_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Token(
    /// Shared, so that cloning a token makes no second copy of its secrets.
    Arc<Data>,
);

#[derive(Clone, PartialEq)]
struct Data {
    access_token: Secret,
    token_type: String,
    expires_at: Option<SystemTime>,
    refresh_token: Option<Secret>,
    refresh_expires_at: Option<SystemTime>,
    scopes: Scopes,
    id_token: Option<Secret>,
    extra: Map<String, Value>,
    issued_at: Option<SystemTime>,
    /// Known of a stored token alone.
    refreshing: RefreshStage,
    /// What a later release wrote into the row: it is written back with the row.
    unknown: Map<String, Value>,
    /// All of it, sealed by `Encrypted`. Then the rest is empty, and its type is [`NOT_ACCESS`].
    sealed: Option<Box<str>>,
}

/// Whether it is the same token. What a store knows of its refresh is no part of it.
impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        *self.with_refreshing(RefreshStage::Idle).0 == *other.with_refreshing(RefreshStage::Idle).0
    }
}

/// What is known of the refresh of a stored token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefreshStage {
    /// Nothing is under way.
    #[default]
    Idle,
    /// Its refresh token was sent, or is about to be: the outcome is not known.
    Tried {
        /// When, in seconds since the Unix epoch by the clock of whoever tried.
        at: u64,
        /// How often in a row.
        times: u8,
        /// Whether whoever tried has said that it will not know the outcome either.
        lost: bool,
    },
    /// Its refresh token is good no longer.
    Over,
}

impl RefreshStage {
    fn is_idle(&self) -> bool {
        *self == Self::Idle
    }
}

impl Token {
    fn new(data: Data) -> Self {
        Self(Arc::new(data))
    }

    /// The access token. It is opaque: a client never looks inside (RFC 9068 section 6).
    pub fn access_token(&self) -> &Secret {
        &self.0.access_token
    }

    /// How the token is presented: `Bearer` (RFC 6750). `N_A` for what a token exchange issued and is no access token, such
    /// as a SAML assertion (RFC 8693 section 2.2.1): it stands in [`access_token`](Self::access_token) all the same, and is
    /// never sent as one.
    pub fn token_type(&self) -> &str {
        &self.0.token_type
    }

    /// What [`Flow::exchange_token`](crate::Flow::exchange_token) was given: a URI, such as
    /// [`TokenExchange::ACCESS_TOKEN`](crate::TokenExchange::ACCESS_TOKEN).
    pub fn issued_token_type(&self) -> Option<&str> {
        self.extra(ISSUED_TOKEN_TYPE)?.as_str()
    }

    /// Whether it is an access token.
    pub(crate) fn is_access_token(&self) -> bool {
        self.0.token_type != NOT_ACCESS
    }

    /// The token, unless it is sealed: there is nothing to be done with it then.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store).
    pub(crate) fn readable(&self) -> Result<(), Error> {
        if self.0.sealed.is_some() { Err(Error::sealed("token")) } else { Ok(()) }
    }

    /// What `Encrypted` made of it.
    #[cfg(feature = "encrypted")]
    pub(crate) fn sealed(&self) -> Option<&str> {
        self.0.sealed.as_deref()
    }

    /// A token of which nothing but its sealed text is known.
    pub(crate) fn of_sealed(text: Box<str>) -> Self {
        Self::new(Data {
            access_token: Secret::from(String::new()),
            token_type: NOT_ACCESS.to_owned(),
            expires_at: None,
            refresh_token: None,
            refresh_expires_at: None,
            scopes: Scopes::default(),
            id_token: None,
            extra: Map::new(),
            issued_at: None,
            refreshing: RefreshStage::Idle,
            unknown: Map::new(),
            sealed: Some(text),
        })
    }

    /// When it ends; `None` where the provider did not say, which means neither "now" nor "never".
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    /// Whether it has ended or will within ten seconds. A token without a known end is not expired.
    pub fn is_expired(&self) -> bool {
        self.ends_within(MARGIN)
    }

    /// Whether it has ended or will within this time; a margin that no clock can add to says yes.
    pub(crate) fn ends_within(&self, margin: Duration) -> bool {
        let soon = SystemTime::now().checked_add(margin);
        self.0.expires_at.is_some_and(|end| soon.is_none_or(|soon| soon >= end))
    }

    /// When it was issued, as far as is known.
    pub(crate) fn issued_at(&self) -> Option<SystemTime> {
        self.0.issued_at
    }

    pub(crate) fn refreshing(&self) -> RefreshStage {
        self.0.refreshing
    }

    /// With this known of its refresh.
    pub(crate) fn with_refreshing(&self, refreshing: RefreshStage) -> Self {
        if self.0.refreshing == refreshing {
            return self.clone();
        }
        Self::new(Data { refreshing, ..Data::clone(&self.0) })
    }

    /// With all times moved to another clock. Where one cannot be, nothing is known of it.
    pub(crate) fn shifted(&self, shift: impl Fn(SystemTime) -> Option<SystemTime>) -> Self {
        let data = &self.0;
        Self::new(Data {
            expires_at: data.expires_at.and_then(&shift),
            refresh_expires_at: data.refresh_expires_at.and_then(&shift),
            issued_at: data.issued_at.and_then(&shift),
            ..Data::clone(data)
        })
    }

    /// The refresh token, where one was issued.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.0.refresh_token.as_ref()
    }

    /// When the refresh token ends, where the provider said so and the declaration knows where:
    /// `token_response(refresh_expires = ..)`.
    pub fn refresh_token_expires_at(&self) -> Option<SystemTime> {
        self.0.refresh_token.as_ref().and(self.0.refresh_expires_at)
    }

    /// Whether the refresh token has ended, where the provider said when it does.
    pub(crate) fn refresh_token_has_ended(&self) -> bool {
        self.refresh_token_expires_at().is_some_and(|end| SystemTime::now() >= end)
    }

    /// The scopes that were granted: those that were asked for, unless the provider said otherwise (RFC 6749 section 3.3).
    pub fn scopes(&self) -> &Scopes {
        &self.0.scopes
    }

    /// The ID token, unread and unverified. It says nothing about who anybody is until its signature is checked.
    pub fn id_token(&self) -> Option<&Secret> {
        self.0.id_token.as_ref()
    }

    /// A member of the token response beyond the standard ones, such as Slack's `team`.
    pub fn extra(&self, name: &str) -> Option<&Value> {
        self.0.extra.get(name)
    }

    pub(crate) fn extras(&self) -> &Map<String, Value> {
        &self.0.extra
    }

    /// With what the callback brought, where the response did not say it itself.
    pub(crate) fn with_captured(self, captured: &[(String, String)]) -> Self {
        if captured.is_empty() {
            return self;
        }
        let mut data = Data::clone(&self.0);
        for (name, value) in captured {
            data.extra.entry(name.as_str()).or_insert_with(|| Value::from(value.as_str()));
        }
        Self::new(data)
    }

    fn with_issued_token_type(self, issued: String) -> Self {
        let mut data = Data::clone(&self.0);
        data.extra.insert(ISSUED_TOKEN_TYPE.to_owned(), Value::from(issued));
        Self::new(data)
    }

    /// The token as JSON, secrets included, for a store of your own. Wiped when dropped.
    pub fn expose_json(&self) -> Zeroizing<String> {
        if let Some(text) = &self.0.sealed {
            let row = SealedRow { v: 2, sealed: text.as_ref().into() };
            return Zeroizing::new(serde_json::to_string(&row).unwrap_or_default());
        }
        let row = Row {
            v: 1,
            access_token: self.0.access_token.expose().into(),
            token_type: self.0.token_type.as_str().into(),
            expires_at: self.0.expires_at.map(unix),
            refresh_token: self.0.refresh_token.as_ref().map(|token| token.expose().into()),
            refresh_token_expires_at: self.0.refresh_expires_at.map(unix),
            scope: self.0.scopes.iter().map(Into::into).collect(),
            id_token: self.0.id_token.as_ref().map(|token| token.expose().into()),
            extra: self.0.extra.clone(),
            issued_at: self.0.issued_at.map(unix),
            refreshing: self.0.refreshing,
            unknown: self.0.unknown.clone(),
        };
        // A struct of strings, numbers and JSON values always has a JSON form.
        Zeroizing::new(serde_json::to_string(&row).unwrap_or_default())
    }

    /// Reads what [`expose_json`](Self::expose_json) wrote. Members that only a later release knows are kept, and written back.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store) if the text is damaged or of a later release.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let damaged = || Error::damaged("token");
        let time = |seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        let Ok(row) = serde_json::from_str::<Row<'_>>(text) else {
            let row: SealedRow<'_> = serde_json::from_str(text).map_err(|_| damaged())?;
            return if row.v == 2 { Ok(Self::of_sealed(row.sealed.into())) } else { Err(damaged()) };
        };
        if row.v != 1 {
            return Err(damaged());
        }
        Ok(Self::new(Data {
            access_token: Secret::from(row.access_token.into_owned()),
            token_type: row.token_type.into_owned(),
            expires_at: row.expires_at.and_then(time),
            refresh_token: row.refresh_token.map(|token| Secret::from(token.into_owned())),
            refresh_expires_at: row.refresh_token_expires_at.and_then(time),
            scopes: Scopes::new(&row.scope).map_err(|_| damaged())?,
            id_token: row.id_token.map(|token| Secret::from(token.into_owned())),
            extra: row.extra,
            issued_at: row.issued_at.and_then(time),
            refreshing: row.refreshing,
            unknown: row.unknown,
            sealed: None,
        }))
    }

    /// What a refresh brings: this token, with what the new one leaves out kept (RFC 6749 section 6).
    #[must_use]
    pub(crate) fn refreshed_by(&self, new: Self) -> Self {
        if new.0.refresh_token.is_some() {
            return new;
        }
        Self::new(Data {
            refresh_token: self.0.refresh_token.clone(),
            // The new response may tell the end of the refresh token that stays.
            refresh_expires_at: new.0.refresh_expires_at.or(self.0.refresh_expires_at),
            ..Data::clone(&new.0)
        })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.sealed.is_some() {
            return f.write_str("Token(sealed)");
        }
        f.debug_struct("Token")
            .field("access_token", &self.0.access_token)
            .field("token_type", &self.0.token_type)
            .field("expires_at", &self.0.expires_at)
            .field("refresh_token", &self.0.refresh_token)
            .field("refresh_token_expires_at", &self.refresh_token_expires_at())
            .field("scopes", &self.0.scopes)
            .field("id_token", &self.0.id_token)
            // Providers put secrets here, too: names only.
            .field("extra", &self.0.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// A word, a number or a truth value as text.
pub(crate) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The stored form of a [`Token`].
#[derive(Serialize, Deserialize)]
struct Row<'a> {
    v: u32,
    access_token: Cow<'a, str>,
    token_type: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token_expires_at: Option<u64>,
    scope: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    extra: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issued_at: Option<u64>,
    #[serde(default, skip_serializing_if = "RefreshStage::is_idle")]
    refreshing: RefreshStage,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// The stored form of a sealed one.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedRow<'a> {
    v: u32,
    sealed: Cow<'a, str>,
}
