use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use super::{Flow, check_connection, named};
use crate::{
    error::Error,
    session::Session,
    store::{Expect, TokenKey},
    token::Token,
};

/// Stored tokens.
impl Flow {
    /// The session of a user: calls with the stored token. A user with several accounts at the provider has a session for
    /// each [`connection`](SessionRequest::connection).
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// let session = flow.session("user-42").await?;
    /// let work = flow.session("user-42").connection("work").await?;
    /// # let _ = (session, work);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NoToken`](crate::ErrorKind::NoToken) if none is stored, [`ErrorKind::Store`](crate::ErrorKind::Store),
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the flow has no token store.
    pub fn session<'a>(&'a self, user: &'a str) -> SessionRequest<'a> {
        SessionRequest { flow: self, user, connection: "" }
    }

    /// Stores a token that came from elsewhere, as [`finish`](Self::finish) stores its own: one that was kept as JSON
    /// ([`Token::from_json`]), or that another grant brought. It replaces what is stored for that user and connection.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, json: &str) -> Result<(), acf_core::Error> {
    /// flow.store_token("user-42", &acf_core::Token::from_json(json)?).await?;
    /// let session = flow.session("user-42").await?;
    /// # let _ = session;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store); [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for an
    /// empty user, or if the flow has no token store.
    pub fn store_token<'a>(&'a self, user: &'a str, token: &'a Token) -> StoreToken<'a> {
        StoreToken { flow: self, user, connection: "", token }
    }

    /// The names of the connections that a token is stored of for this user, in order; `""` is the one without a name.
    /// [`Session::revoke`] and [`Session::forget`] end one.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// for connection in flow.connections("user-42").await? {
    ///     flow.session("user-42").connection(&connection).await?.revoke().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store), [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the
    /// flow has no token store.
    pub async fn connections(&self, user: &str) -> Result<Vec<String>, Error> {
        let mut names = self.tokens()?.connections(self.provider(), user).await?;
        names.sort_unstable();
        Ok(names)
    }

    pub(super) fn token_key(&self, user: &str, connection: &str) -> TokenKey {
        TokenKey::new(self.provider(), user).connection(connection)
    }
}

/// A session that is about to be opened: made by [`Flow::session`].
#[must_use = "a session is opened when this is awaited"]
#[derive(Clone, Copy)]
pub struct SessionRequest<'a> {
    flow: &'a Flow,
    user: &'a str,
    connection: &'a str,
}

impl<'a> SessionRequest<'a> {
    /// Of this account of the user's, as given to [`Begin::connection`](super::Begin::connection).
    pub const fn connection(self, name: &'a str) -> Self {
        Self { connection: name, ..self }
    }

    async fn open(self) -> Result<Session, Error> {
        let session = Session::new(self.flow.clone(), self.flow.token_key(self.user, self.connection));
        session.stored().await?;
        Ok(session)
    }
}

impl<'a> IntoFuture for SessionRequest<'a> {
    type Output = Result<Session, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.open())
    }
}

impl fmt::Debug for SessionRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRequest").field("provider", &self.flow.provider()).finish_non_exhaustive()
    }
}

/// A token that is about to be stored: made by [`Flow::store_token`].
#[must_use = "the token is stored when this is awaited"]
#[derive(Clone, Copy)]
pub struct StoreToken<'a> {
    flow: &'a Flow,
    user: &'a str,
    connection: &'a str,
    token: &'a Token,
}

impl<'a> StoreToken<'a> {
    /// For this account of the user's.
    pub const fn connection(self, name: &'a str) -> Self {
        Self { connection: name, ..self }
    }

    async fn save(self) -> Result<(), Error> {
        named(self.user)?;
        check_connection(self.connection)?;
        let key = self.flow.token_key(self.user, self.connection);
        self.flow.tokens()?.save(&key, self.token, Expect::Anything).await?;
        self.flow.refreshing().replaced(&key);
        Ok(())
    }
}

impl<'a> IntoFuture for StoreToken<'a> {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.save())
    }
}

impl fmt::Debug for StoreToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreToken").field("provider", &self.flow.provider()).finish_non_exhaustive()
    }
}
