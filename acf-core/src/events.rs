//! What the library tells of itself, by [`tracing`](https://docs.rs/tracing) (feature `tracing`, on by default; it costs next
//! to nothing where nobody listens).
//!
//! Everything has the target `acf`. Names and fields are kept as versions follow each other; texts are for people and
//! may change. No field holds a secret, a code, a state, a token or a user: `grant` is a digest of provider, user and
//! connection, the same in every process, to find what belongs together.
//!
//! | span | level | around | fields |
//! |---|---|---|---|
//! | `begin` | info | the beginning of a login | `provider` |
//! | `finish` | info | its end, from the callback to the stored token | `provider` |
//! | `device` | info | one question whether a login on another device is confirmed | `provider` |
//! | `refresh` | info | a refresh, from the first look at the store to the saved token | `provider`, `grant` |
//!
//! | event | level | when | fields |
//! |---|---|---|---|
//! | `login.begun` | debug | a login waits for its callback | `connection` (whether it has one) |
//! | `login.finished` | info | its token is stored | `refreshable`, `expires_in` (seconds, 0 if unknown) |
//! | `login.failed` | warn | it did not come to that | `kind`, `error` |
//! | `request.answered` | debug | an endpoint of the provider has answered | `what`, `host`, `status`, `took` (milliseconds) |
//! | `request.failed` | warn | it has not | `what`, `host`, `kind`, `error`, `took` |
//! | `refresh.waiting` | debug | another process has the grant | `claimed` (seconds ago) |
//! | `refresh.claimed` | debug | this process has it, and is about to send the refresh token | `times` (in a row) |
//! | `refresh.saved` | info | the new token is stored | `rotated`, `expires_in` |
//! | `refresh.failed` | warn | there is no new token | `outcome`, `kind`, `error` |
//! | `refresh.superseded` | info | a logout or another login came first; what was received is dropped | |
//! | `refresh.unsaved` | error | the new token cannot be stored: this process lives on it, and goes on trying | `error` |
//! | `refresh.saved_late` | info | now it is stored | |
//! | `refresh.refused_call` | info | an API has answered 401: the call is made again with a refreshed token | `host` |
//! | `refresh_token.ends_soon` | warn | the provider has said when the refresh token ends, which is within a week | `seconds` |
//! | `provider.trouble` | warn | refreshes fail one after the other: fewer are sent | `provider`, `error` |
//! | `provider.recovered` | info | as many as are due are sent again | `provider` |
//!
//! `outcome` is `harmless` (nothing was used up), `refused` (the grant is over) or `lost` (nobody knows).
//!
//! To see them, with the crate `tracing-subscriber`, in `main`:
//! `tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).init();`.
#![cfg_attr(not(feature = "tracing"), allow(unused_variables, dead_code, reason = "nobody is told anything"))]

use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

use http::uri::Authority;

use crate::{
    authorization::digest,
    error::Error,
    flow::{Completed, DevicePoll},
    http::{Request, Response},
    store::TokenKey,
    token::Token,
};

#[cfg(feature = "tracing")]
macro_rules! event {
    ($level:ident, $name:literal, $($rest:tt)*) => {
        tracing::event!(name: $name, target: "acf", tracing::Level::$level, $($rest)*)
    };
}
#[cfg(not(feature = "tracing"))]
macro_rules! event {
    ($($rest:tt)*) => {{}};
}

#[cfg(feature = "tracing")]
macro_rules! span {
    ($name:literal, $($rest:tt)*) => {
        Span(tracing::span!(target: "acf", tracing::Level::INFO, $name, $($rest)*))
    };
}
#[cfg(not(feature = "tracing"))]
macro_rules! span {
    ($($rest:tt)*) => {
        Span()
    };
}

/// What is done inside is told of as a part of it.
pub(crate) struct Span(#[cfg(feature = "tracing")] tracing::Span);

impl Span {
    #[cfg(feature = "tracing")]
    pub(crate) fn around<F: Future>(self, work: F) -> tracing::instrument::Instrumented<F> {
        tracing::Instrument::instrument(work, self.0)
    }

    #[cfg(not(feature = "tracing"))]
    pub(crate) fn around<F: Future>(self, work: F) -> F {
        work
    }
}

pub(crate) fn begin(provider: &str) -> Span {
    span!("begin", provider)
}

pub(crate) fn refresh(key: &TokenKey) -> Span {
    span!("refresh", provider = key.provider, grant = %Grant(key))
}

pub(crate) fn begun(connection: bool) {
    event!(DEBUG, "login.begun", connection, "a login has begun");
}

/// The end of a login, from the callback on.
pub(crate) async fn finish(
    provider: &str,
    work: impl Future<Output = Result<Completed, Error>>,
) -> Result<Completed, Error> {
    let told = async {
        let result = work.await;
        finished(result.as_ref().map(|completed| &completed.token));
        result
    };
    span!("finish", provider).around(told).await
}

/// One question whether a login on another device is confirmed.
pub(crate) async fn device(
    provider: &str,
    work: impl Future<Output = Result<DevicePoll, Error>>,
) -> Result<DevicePoll, Error> {
    let told = async {
        let result = work.await;
        match &result {
            Ok(DevicePoll::Pending(_)) => {}
            Ok(DevicePoll::Done(token)) => finished(Ok(token)),
            Err(error) => finished(Err(error)),
        }
        result
    };
    span!("device", provider).around(told).await
}

fn finished(result: Result<&Token, &Error>) {
    match result {
        Ok(token) => {
            let (refreshable, expires_in) = (token.refresh_token().is_some(), seconds(token));
            event!(INFO, "login.finished", refreshable, expires_in, "a login has come to its end");
        }
        Err(error) => event!(WARN, "login.failed", kind = ?error.kind(), %error, "a login has failed"),
    }
}

/// A request that is about to be sent: where it goes, and since when. `None` where nobody listens.
pub(crate) struct Asking(Option<(Authority, Instant)>);

impl Asking {
    pub(crate) fn about(request: &Request) -> Self {
        #[cfg(feature = "tracing")]
        if tracing::enabled!(target: "acf", tracing::Level::WARN) {
            return Self(request.uri().authority().cloned().map(|authority| (authority, Instant::now())));
        }
        Self(None)
    }

    pub(crate) fn done(self, what: &str, result: &Result<Response, Error>) {
        let Some((authority, since)) = self.0 else { return };
        let (host, took) = (authority.host(), milliseconds(since));
        match result {
            Ok(response) => {
                let status = response.status().as_u16();
                event!(DEBUG, "request.answered", what, host, status, took, "an endpoint has answered");
            }
            Err(error) => {
                event!(WARN, "request.failed", what, host, kind = ?error.kind(), %error, took, "no answer came");
            }
        }
    }
}

pub(crate) fn waiting(claimed: Duration) {
    let claimed = claimed.as_secs();
    event!(DEBUG, "refresh.waiting", claimed, "another process is refreshing the token");
}

pub(crate) fn claimed(times: u8) {
    event!(DEBUG, "refresh.claimed", times, "the refresh token is about to be sent");
}

pub(crate) fn saved(old: &Token, new: &Token) {
    let (rotated, expires_in) = (old.refresh_token() != new.refresh_token(), seconds(new));
    event!(INFO, "refresh.saved", rotated, expires_in, "the token is refreshed");
    /// Long enough for somebody to read it, and to ask the person in.
    const SOON: Duration = Duration::from_secs(7 * 24 * 60 * 60);
    let left = new.refresh_token_expires_at().map(|end| end.duration_since(SystemTime::now()).unwrap_or_default());
    if let Some(left) = left.filter(|left| *left < SOON) {
        let seconds = left.as_secs();
        event!(WARN, "refresh_token.ends_soon", seconds, "the refresh token ends soon: the person has to log in again");
    }
}

pub(crate) fn not_refreshed(outcome: &str, error: &Error) {
    event!(WARN, "refresh.failed", outcome, kind = ?error.kind(), %error, "the token is not refreshed");
}

pub(crate) fn superseded() {
    event!(INFO, "refresh.superseded", "the token was deleted or replaced while it was refreshed");
}

pub(crate) fn unsaved(error: &Error) {
    event!(ERROR, "refresh.unsaved", %error, "a refreshed token cannot be stored");
}

pub(crate) fn saved_late() {
    event!(INFO, "refresh.saved_late", "a refreshed token that could not be stored is stored");
}

pub(crate) fn refused_call(url: &http::Uri) {
    let host = url.host().unwrap_or_default();
    event!(INFO, "refresh.refused_call", host, "an API accepts the token no longer");
}

pub(crate) fn trouble(provider: &str, error: &Error) {
    event!(WARN, "provider.trouble", provider, %error, "the provider is in trouble: refreshes are held back");
}

pub(crate) fn recovered(provider: &str) {
    event!(INFO, "provider.recovered", provider, "the provider has recovered");
}

/// Whose token, for those who look for what belongs together, and for nobody else: the user may be the id of a session.
struct Grant<'a>(&'a TokenKey);

impl fmt::Display for Grant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TokenKey { provider, user, connection } = self.0;
        let whole = digest(b'g', &digest(b'g', provider.as_bytes(), user.as_bytes()), connection.as_bytes());
        whole.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// How long the token is good yet, in seconds.
fn seconds(token: &Token) -> u64 {
    let left = token.expires_at().and_then(|end| end.duration_since(SystemTime::now()).ok());
    left.unwrap_or_default().as_secs()
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
