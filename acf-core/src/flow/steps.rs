use std::sync::Arc;

use super::{Flow, unknown_state};
use crate::{
    authorization::{Binding, NewState, ResponseType, StateKey, Then, UrlTemplate},
    callback::Callback,
    error::Error,
    events,
    store::Taken,
    token::Token,
};

/// The steps of the Python package `auth-code-flow`, under their own names. [`begin`](Flow::begin) is the first three in
/// one, [`finish`](Flow::finish) the last two.
///
/// What is safer here: the state has 224 random bits instead of a UUID's 122 and carries a PKCE verifier; it is kept with
/// an end and bound to its user; it is taken out in one atomic step when the code is fetched, so it works once; and the
/// check cannot be skipped.
///
/// ```no_run
/// # async fn example(flow: acf_core::Flow, code: &str, state: &str) -> Result<(), acf_core::Error> {
/// let new = flow.make_state()?;
/// flow.store_user_state("user-42", &new).await?;
/// let url = flow.authorization_url(&new);
/// // ... the browser comes back with `code` and `state`:
/// flow.check_user_state("user-42", state).await?;
/// let token = flow.fetch_access_token("user-42", code, state).await?;
/// # let _ = (url, token);
/// # Ok(())
/// # }
/// ```
impl Flow {
    /// Makes a fresh state.
    ///
    /// # Errors
    /// [`ErrorKind::Random`](crate::ErrorKind::Random) if the operating system gives no random bytes.
    pub fn make_state(&self) -> Result<NewState, Error> {
        NewState::draw()
    }

    /// Keeps the state for the user, until it is used or the login's lifetime has passed.
    ///
    /// # Errors
    /// [`ErrorKind::Store`](crate::ErrorKind::Store), or [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for an empty user.
    pub async fn store_user_state(&self, user: &str, state: &NewState) -> Result<(), Error> {
        self.keep(
            user,
            StateKey::new(state.as_str(), ResponseType::Code),
            state,
            Then::default(),
            Arc::clone(&self.0.asked),
        )
        .await
    }

    /// The URL to send the browser to. Does no I/O and one allocation. Empty where the provider declares no authorization
    /// endpoint, for which [`begin`](Self::begin) has an error.
    pub fn authorization_url(&self, state: &NewState) -> String {
        let provider = &self.0.provider;
        if provider.authorization_endpoint.is_none() {
            return String::new();
        }
        if provider.hooks.is_none() {
            return self.0.url.fill(state);
        }
        // A hook may compute something for each login.
        UrlTemplate::new(provider, ResponseType::Code, &provider.redirect_uri, &provider.scopes, &[]).fill(state)
    }

    /// Checks that the state was made for this user and has not been used. The state stays usable.
    ///
    /// # Errors
    /// [`ErrorKind::StateUnknown`](crate::ErrorKind::StateUnknown), [`ErrorKind::StateExpired`](crate::ErrorKind::StateExpired), [`ErrorKind::BindingMismatch`](crate::ErrorKind::BindingMismatch),
    /// [`ErrorKind::ProviderMismatch`](crate::ErrorKind::ProviderMismatch), [`ErrorKind::Store`](crate::ErrorKind::Store).
    pub async fn check_user_state(&self, user: &str, state: &str) -> Result<(), Error> {
        match self.0.states.take(&StateKey::new(state, ResponseType::Code), &Binding::NOBODY).await? {
            Taken::Kept(login) => self.check_owner(user, &login).map(drop),
            _ => Err(unknown_state()),
        }
    }

    /// Takes the state, which checks it, and exchanges the code.
    ///
    /// Where the provider sends `iss` (RFC 9207), use [`finish`](Self::finish), which checks it.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn fetch_access_token(&self, user: &str, code: &str, state: &str) -> Result<Token, Error> {
        let work = async {
            let login = self.claim(user, &StateKey::new(state, ResponseType::Code)).await?;
            self.exchange(user, &login, &Callback::bare(state), code).await
        };
        events::finish(self.provider(), work).await.map(|completed| completed.token)
    }
}
