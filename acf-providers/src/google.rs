use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri, Scopes};

/// [Google](https://developers.google.com/identity/protocols/oauth2/web-server).
///
/// Google issues a refresh token only for `access_type=offline`, which this preset asks for, and only at the first consent;
/// `flow.begin(user).param("prompt", "consent")` asks for consent again.
#[derive(Clone, Debug, OAuthProvider, serde::Deserialize)]
#[oauth(
    display_name = "Google",
    docs = "https://developers.google.com/identity/protocols/oauth2/web-server",
    // https://accounts.google.com/.well-known/openid-configuration
    issuer = "https://accounts.google.com",
    authorization_endpoint = "https://accounts.google.com/o/oauth2/v2/auth",
    token_endpoint = "https://oauth2.googleapis.com/token",
    revocation_endpoint = "https://oauth2.googleapis.com/revoke",
    userinfo_endpoint = "https://openidconnect.googleapis.com/v1/userinfo",
    scope("openid", "email", "profile"),
    client_auth = client_secret_post,
    authorize(params(access_type = "offline")),
)]
pub struct Google {
    /// The OAuth client's ID, which ends in `.apps.googleusercontent.com`.
    pub client_id: ClientId,
    /// The OAuth client's secret.
    pub client_secret: ClientSecret,
    /// An authorized redirect URI, exactly as registered.
    pub redirect_uri: RedirectUri,
    /// Scopes instead of the default ones.
    pub scope: Option<Scopes>,
}

crate::preset!(Google);
