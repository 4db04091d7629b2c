// What http://127.0.0.1:9400 announces.
use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    name = "oidc-provider",
    base_uri = "http://127.0.0.1:9400",
    authorization_path = "/auth",
    access_token_path = "/token",
    revocation_path = "/token/revocation",
    introspection_path = "/token/introspection",
    device_authorization_path = "/device/auth",
    pushed_authorization_path = "/request",
    userinfo_path = "/me",
    jwks_uri = "http://127.0.0.1:9400/jwks",
    issuer = "http://127.0.0.1:9400",
    scope("openid"),
    client_auth = client_secret_basic,
    callback(require_iss),
)]
struct OidcProvider {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
