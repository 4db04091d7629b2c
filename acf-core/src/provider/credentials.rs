use acf_rules::language::ClientAuth;

use crate::{secret::ClientSecret, signing::SigningKey};

/// Who a client is to a provider, and what it can prove that with: what registering it brought.
///
/// ```
/// use acf_core::Credentials;
///
/// let credentials = Credentials::new("id").client_secret("secret".parse()?).redirect_uri("https://app.example/callback");
/// assert!(!format!("{credentials:?}").contains("\"secret\""));
/// # Ok::<(), acf_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Credentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<ClientSecret>,
    pub(crate) signing_key: Option<SigningKey>,
    pub(crate) redirect_uri: String,
    pub(crate) client_auth: Option<ClientAuth>,
}

impl Credentials {
    /// Those of a public client: an identifier, and nothing to prove it with.
    pub fn new(client_id: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), ..Self::default() }
    }

    /// The client secret.
    pub fn client_secret(mut self, secret: ClientSecret) -> Self {
        self.client_secret = Some(secret);
        self
    }

    /// The key of `client_auth = private_key_jwt`.
    pub fn signing_key(mut self, key: SigningKey) -> Self {
        self.signing_key = Some(key);
        self
    }

    /// The redirect URI, as registered with the provider. Needed where people are sent to it.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uri = redirect_uri.into();
        self
    }

    /// The method that the client is registered with, where it is known; otherwise it is
    /// [chosen](crate::Metadata::provider). `tls_client_auth` is never chosen: it is said here.
    pub fn client_auth(mut self, method: ClientAuth) -> Self {
        self.client_auth = Some(method);
        self
    }
}
