use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

use super::{Flow, options::Options};
use crate::{
    error::{Error, ErrorKind},
    events,
    grant::{Codes, DeviceAuthorization, DeviceCode, Polling, Turn},
    timer,
    token::Token,
    value::Scopes,
};

/// A login on another device that is about to begin: set options, then `.await`.
#[must_use = "a login begins when this is awaited"]
pub struct DeviceRequest<'a> {
    flow: &'a Flow,
    options: Options,
}

impl<'a> DeviceRequest<'a> {
    pub(super) fn new(flow: &'a Flow) -> Self {
        Self { flow, options: Options::default() }
    }

    /// Asks for these scopes instead of the declared ones: `"read write"`, `["read", "write"]`, or [`Scopes`]. `""` asks for
    /// none.
    pub fn scope<S: TryInto<Scopes>>(mut self, scopes: S) -> Self
    where
        Error: From<S::Error>,
    {
        self.options.scope(scopes);
        self
    }

    /// Adds a parameter to the device authorization request. Those of the flow itself are refused.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.param(name, value);
        self
    }

    async fn begin(self) -> Result<DeviceLogin, Error> {
        let provider = self.flow.resolved();
        let (scopes, more) = self.options.checked(&provider.rules.device.names, Vec::new())?;
        let scopes = scopes.unwrap_or_else(|| provider.scopes.clone());
        let scope = scopes.join(&provider.rules.authorize.scope_separator);
        let codes = self.flow.run(&DeviceAuthorization { scopes: &scopes, scope: &scope, more: &more }).await?;
        let (begun, now) = (Instant::now(), SystemTime::now());
        Ok(DeviceLogin {
            flow: self.flow.clone(),
            polling: Polling::new(codes.interval, codes.lifetime),
            expires_at: now.checked_add(codes.lifetime).unwrap_or(now),
            begun,
            codes,
            scopes,
            save_for: None,
            connection: String::new(),
        })
    }
}

impl<'a> IntoFuture for DeviceRequest<'a> {
    type Output = Result<DeviceLogin, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.begin())
    }
}

impl fmt::Debug for DeviceRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceRequest").field("provider", &self.flow.provider()).finish_non_exhaustive()
    }
}

/// A login that a person confirms on another device (RFC 8628): made by [`Flow::device`].
///
/// Show [`user_code`](Self::user_code) and [`verification_uri`](Self::verification_uri), also beside a link or a picture of
/// [`verification_uri_complete`](Self::verification_uri_complete): a person who compares the code notices that somebody
/// else's login was slipped to them (section 5.4).
#[must_use = "the login is finished by `token` or `poll`"]
pub struct DeviceLogin {
    flow: Flow,
    codes: Codes,
    scopes: Scopes,
    polling: Polling,
    /// By this clock the login ends: that of the wall may be set while somebody types, on a device that has just started.
    begun: Instant,
    expires_at: SystemTime,
    save_for: Option<String>,
    connection: String,
}

/// What [`DeviceLogin::poll`] found.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub enum DevicePoll {
    /// Nobody has confirmed yet: ask again after this time.
    Pending(Duration),
    /// The token. The login is over.
    Done(Token),
}

impl DeviceLogin {
    /// What the person types in.
    pub fn user_code(&self) -> &str {
        &self.codes.user_code
    }

    /// Where they type it in: https, or this machine.
    pub fn verification_uri(&self) -> &str {
        &self.codes.verification_uri
    }

    /// The same with the code in it, for a link or a QR code, where the provider has one. Never open it unasked.
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.codes.verification_uri_complete.as_deref()
    }

    /// When it is too late.
    pub const fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    /// How long to wait between two requests: what the provider said, five seconds where it said nothing or zero, and more
    /// once it said `slow_down`.
    pub const fn interval(&self) -> Duration {
        self.polling.interval()
    }

    /// Saves the token for that user before it is returned, as [`Flow::finish`] does: [`Flow::session`] then finds it.
    pub fn save_for(mut self, user: impl Into<String>) -> Self {
        self.save_for = Some(user.into());
        self
    }

    /// With [`save_for`](Self::save_for): for this account of the user's.
    pub fn connection(mut self, name: impl Into<String>) -> Self {
        self.connection = name.into();
        self
    }

    /// Asks until the person has confirmed, refused, or let the time pass, as often as the provider allows. Needs no
    /// runtime: it waits on any executor.
    ///
    /// # Errors
    /// As [`poll`](Self::poll).
    pub async fn token(mut self) -> Result<Token, Error> {
        loop {
            match self.poll().await? {
                DevicePoll::Done(token) => return Ok(token),
                DevicePoll::Pending(wait) => timer::sleep(wait).await,
            }
        }
    }

    /// Asks once, for a loop of one's own; says how long to wait where nobody has confirmed. Too early, or called in a
    /// hurry, it sends nothing and says the same.
    ///
    /// A provider that cannot be reached, or answers that it is in trouble, is asked again after a time that doubles each
    /// time.
    ///
    /// ```no_run
    /// # async fn wait(_: std::time::Duration) {}
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// use acf_core::DevicePoll;
    ///
    /// let mut login = flow.device().await?;
    /// let token = loop {
    ///     match login.poll().await? {
    ///         DevicePoll::Done(token) => break token,
    ///         DevicePoll::Pending(time) => wait(time).await, // by a timer of one's own
    ///     }
    /// };
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`] if the person refused; [`ErrorKind::StateExpired`] if they took too long, also by the
    /// provider's word; [`ErrorKind::StateUnknown`] if the login ended before; [`ErrorKind::Provider`], and whatever the
    /// request and the store bring. After an error the login is over.
    pub async fn poll(&mut self) -> Result<DevicePoll, Error> {
        let flow = self.flow.clone();
        events::device(flow.provider(), self.ask()).await
    }

    async fn ask(&mut self) -> Result<DevicePoll, Error> {
        if self.save_for.as_deref() == Some("") {
            return Err(Error::configuration("the user that the token is saved for is empty"));
        }
        if self.save_for.is_some() {
            // A token that cannot be saved is not asked for.
            self.flow.tokens()?;
        }
        if let Some(wait) = self.turn()? {
            return Ok(DevicePoll::Pending(wait));
        }
        let pair = DeviceCode { device_code: &self.codes.device_code, scopes: &self.scopes };
        match self.flow.run(&pair).await {
            Ok(token) => {
                self.polling.finish();
                self.finished(token).await.map(DevicePoll::Done).map_err(Error::of_a_spent_login)
            }
            Err(error) if self.polling.refused(self.begun.elapsed(), &error) => {
                self.turn().map(|wait| DevicePoll::Pending(wait.unwrap_or_default()))
            }
            Err(error) => match error.provider().map(|said| said.error()) {
                Some("expired_token") => Err(error.of_kind(ErrorKind::StateExpired)),
                _ => Err(error.of_a_spent_login()),
            },
        }
    }

    /// How long to wait; `None` where it is time to ask.
    fn turn(&mut self) -> Result<Option<Duration>, Error> {
        match self.polling.turn(self.begun.elapsed()) {
            Turn::Ask => Ok(None),
            Turn::Wait(wait) => Ok(Some(wait)),
            Turn::Expired => {
                self.polling.finish();
                Err(Error::new(ErrorKind::StateExpired, "nobody confirmed the login in time; begin again"))
            }
            Turn::Finished => Err(Error::new(ErrorKind::StateUnknown, "the login is over; begin again")),
        }
    }

    /// The end of every login: a hook may go on with the token, and it is saved.
    async fn finished(&self, token: Token) -> Result<Token, Error> {
        let token = self.flow.exchange_further(token).await?;
        if let Some(user) = &self.save_for {
            self.flow.store_token(user, &token).connection(&self.connection).await?;
        }
        Ok(token)
    }
}

/// Shows none of the codes: who knows one of them can finish the login, or slip it to somebody.
impl fmt::Debug for DeviceLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceLogin")
            .field("provider", &self.flow.provider())
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
