use acf_rules::language::GrantType;

use super::{Begin, Completed, Flow, TokenRequest, refused};
use crate::{
    authorization::{ResponseType, StateKey},
    callback::Fragment,
    error::Error,
    events,
    grant::Password,
    secret::Secret,
    token::{self, Expected, Token},
};

/// The two retired grants, for a provider that offers nothing else. They need the cargo feature `legacy-grants`, and RFC
/// 9700 advises against both: see each.
impl Flow {
    /// A token for a person's password at the provider (RFC 6749 section 4.3).
    ///
    /// **Retired**: RFC 9700 section 2.4 forbids it. The password is shown to a program that is not its own, people learn to
    /// type it anywhere, and no second factor can be asked for.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, password: acf_core::Secret) -> Result<(), acf_core::Error> {
    /// let token = flow.password("alice", &password).save_for("alice").await?;
    /// # let _ = token;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`client_credentials`](Self::client_credentials).
    pub fn password<'a>(&'a self, username: &'a str, password: &'a Secret) -> TokenRequest<'a> {
        TokenRequest::new(self, Password { username, password })
    }

    /// Begins a login whose token comes through the browser (RFC 6749 section 4.2), with the options of
    /// [`begin`](Self::begin). [`finish_fragment`](Self::finish_fragment) ends it, and nothing else does.
    ///
    /// **Retired**: RFC 9700 section 2.1.2 advises against it. The token stands in the address bar, in the history, and in
    /// whatever reads the page; nothing proves that it was issued to this client. Never take it for proof of who somebody is
    /// (RFC 6749 section 10.16).
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, fragment: &str) -> Result<(), acf_core::Error> {
    /// let request = flow.implicit("user-42").await?;
    /// // Send the browser to `request.url`; a script of the page at the redirect URI hands over `location.hash`:
    /// let token = flow.finish_fragment("user-42", fragment).await?;
    /// # let _ = (request, token);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn implicit<'a>(&'a self, user: &'a str) -> Begin<'a> {
        Begin::new(self, user, ResponseType::Token)
    }

    /// Finishes a login that [`implicit`](Self::implicit) began: verifies the fragment, takes the pending login, saves the
    /// token for `user` if there is a token store, and returns it.
    ///
    /// `fragment` is what the browser has behind the `#` of the redirect URI, or its whole URL. It is read as strictly as a
    /// callback and a token response are; what the declaration says of them holds here, too.
    ///
    /// # Errors
    /// As [`finish`](Self::finish), with [`ErrorKind::TokenResponse`](crate::ErrorKind::TokenResponse) for a token that
    /// breaks a rule, and [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) if the declaration lists other
    /// `grant_types`.
    pub async fn finish_fragment(&self, user: &str, fragment: &str) -> Result<Token, Error> {
        self.complete_fragment(user, fragment).await.map(|completed| completed.token)
    }

    /// [`finish_fragment`](Self::finish_fragment), for a login that was begun with [`Begin::return_to`].
    ///
    /// # Errors
    /// As [`finish_fragment`](Self::finish_fragment).
    pub async fn complete_fragment(&self, user: &str, fragment: &str) -> Result<Completed, Error> {
        events::finish(self.provider(), self.verified_fragment(user, fragment)).await
    }

    async fn verified_fragment(&self, user: &str, fragment: &str) -> Result<Completed, Error> {
        let provider = self.resolved();
        provider.allows(GrantType::Implicit)?;
        let rules = (&provider.rules.callback, &provider.rules.response);
        let Fragment { callback, members } = Fragment::parse(fragment, rules.0, rules.1, provider.hooks.as_deref())?;
        self.check_issuer(&callback)?;
        let login = self.claim(user, &StateKey::new(&callback.state, ResponseType::Token)).await?;
        if let Some(said) = &callback.error {
            return Err(refused(said, &callback));
        }
        let confidential = [callback.state.as_str()];
        let expected = Expected { rules: rules.1, scopes: &login.asked().scopes, confidential: &confidential };
        let token = token::token_of_fragment(members, &expected).map_err(Error::of_a_spent_login)?;
        self.settle(user, &login, token.with_captured(&callback.captured)).await
    }
}
