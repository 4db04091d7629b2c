//! What data cannot say about a provider: computed and signed requests, signed callbacks, further exchanges, generated
//! secrets.

use std::time::SystemTime;

use async_trait::async_trait;

use crate::{
    callback::CallbackParams,
    error::Error,
    grant::Draft,
    http::{Exchange, Request, Response},
    secret::ClientSecret,
    token::Token,
};

/// The request that a hook is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The exchange of a code for a token.
    Token,
    /// The exchange of a refresh token for a token.
    Refresh,
    /// A token for the client itself.
    ClientCredentials,
    /// A token for a person's password.
    #[cfg(feature = "legacy-grants")]
    Password,
    /// A token for a signed assertion.
    JwtBearer,
    /// A token for a token.
    TokenExchange,
    /// Asking for the codes of a login on another device.
    DeviceAuthorization,
    /// Asking whether a login on another device is done.
    DeviceCode,
    /// Giving a token up.
    Revocation,
    /// Asking for the state of a token.
    Introspection,
    /// Asking who the token belongs to.
    Userinfo,
    /// A call of a session.
    Api,
}

impl Step {
    /// What it is called in an error.
    pub(crate) const fn called(self) -> &'static str {
        match self {
            Self::Token | Self::ClientCredentials | Self::JwtBearer | Self::TokenExchange | Self::DeviceCode => {
                "the token request"
            }
            #[cfg(feature = "legacy-grants")]
            Self::Password => "the token request",
            Self::DeviceAuthorization => "the device authorization request",
            Self::Refresh => "the refresh request",
            Self::Revocation => "the revocation request",
            Self::Introspection => "the introspection request",
            Self::Userinfo => "the userinfo request",
            Self::Api => "the API call",
        }
    }
}

/// Overrides of single steps of the flow, for a provider that deviates in a way no attribute can say.
///
/// Write `hooks` into `#[oauth(..)]`, derive `Clone`, and implement what is needed; everything else stays with the derive.
/// A hook runs inside the flow's own order: it cannot skip the check of the state, and what it returns is checked like what
/// comes from a provider.
///
/// ```
/// use acf_core::{ClientId, ClientSecret, Error, Hooks, OAuthProvider, RedirectUri, hooks::Step, http::Request};
///
/// #[derive(Clone, OAuthProvider)]
/// #[oauth(
///     base_uri = "https://forge.example",
///     authorization_path = "/authorize",
///     access_token_path = "/token",
///     client_auth = client_secret_post,
///     hooks,
/// )]
/// struct Forge {
///     client_id: ClientId,
///     client_secret: ClientSecret,
///     redirect_uri: RedirectUri,
/// }
///
/// impl Hooks for Forge {
///     fn sign(&self, _: Step, request: &mut Request) -> Result<(), Error> {
///         let length = request.body().len();
///         request.headers_mut().insert("x-signed-length", length.into());
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares `hooks` and has none",
    label = "declared here",
    note = "write `impl acf_core::Hooks for {Self} {{ .. }}` with the steps that deviate, or remove `hooks`"
)]
#[async_trait]
pub trait Hooks: Send + Sync + 'static {
    /// Makes the client secret for one request, where it is generated: Apple's is a JWT that the client signs. `None`
    /// leaves the declared one.
    ///
    /// # Errors
    /// Whatever went wrong; the request is not sent.
    fn client_secret(&self, now: SystemTime) -> Result<Option<ClientSecret>, Error> {
        let _ = now;
        Ok(None)
    }

    /// Changes the parameters of an authorization request, before they are encoded. State and code challenge are not among
    /// them.
    fn authorize(&self, params: &mut Vec<(String, String)>) {
        let _ = params;
    }

    /// Verifies a callback that the provider has signed, before anything of it is used.
    ///
    /// # Errors
    /// [`ErrorKind::Callback`](crate::ErrorKind::Callback), made by [`Error::callback`], if the signature is wrong; the
    /// login stays usable.
    fn callback(&self, params: &CallbackParams<'_>) -> Result<(), Error> {
        let _ = params;
        Ok(())
    }

    /// Changes a request before it is encoded: a computed parameter, another endpoint. May make calls of its own before:
    /// a provider may want a token of the application first. Not asked for [`Step::Api`]: such a call is its caller's.
    ///
    /// # Errors
    /// Whatever went wrong; the request is not sent.
    async fn prepare(&self, step: Step, draft: &mut Draft, http: &Exchange<'_>) -> Result<(), Error> {
        let _ = (step, draft, http);
        Ok(())
    }

    /// Changes a request that is complete: signs it, mostly.
    ///
    /// # Errors
    /// Whatever went wrong; the request is not sent.
    fn sign(&self, step: Step, request: &mut Request) -> Result<(), Error> {
        let _ = (step, request);
        Ok(())
    }

    /// Changes an answer before it is read: XML or JSONP becomes JSON, a signature is verified.
    ///
    /// # Errors
    /// Whatever went wrong; the answer is not used.
    fn answer(&self, step: Step, response: &mut Response) -> Result<(), Error> {
        let _ = (step, response);
        Ok(())
    }

    /// Goes on with the first token of a login: a second exchange, say for a token that lives longer. What this returns is
    /// what is stored.
    ///
    /// # Errors
    /// Whatever went wrong; nothing is stored.
    async fn exchange(&self, token: Token, http: &Exchange<'_>) -> Result<Token, Error> {
        let _ = http;
        Ok(token)
    }
}
