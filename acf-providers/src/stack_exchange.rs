use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri, Scopes};

/// [Stack Exchange](https://api.stackexchange.com/docs/authentication): Stack Overflow and its sister sites.
///
/// There are no refresh tokens: either a token lives a day, or, with the default scope `no_expiry`, until the person ends it
/// at <https://stackexchange.com/users/current?tab=apps>.
#[derive(Clone, Debug, OAuthProvider, serde::Deserialize)]
#[oauth(
    display_name = "Stack Exchange",
    docs = "https://api.stackexchange.com/docs/authentication",
    base_uri = "https://stackoverflow.com",
    authorization_path = "/oauth",
    // Without `/json` the answer is a form.
    access_token_path = "/oauth/access_token/json",
    userinfo_endpoint = "https://api.stackexchange.com/2.3/me?site=stackoverflow",
    scope("no_expiry"),
    // https://api.stackexchange.com/docs/authentication#scope
    scope_separator = ",",
    client_auth = client_secret_post,
    token_response(token_type = "Bearer", expires = "expires"),
)]
pub struct StackExchange {
    /// The app's client ID, a number.
    pub client_id: ClientId,
    /// The app's client secret.
    pub client_secret: ClientSecret,
    /// A redirect URI under the app's registered domain.
    pub redirect_uri: RedirectUri,
    /// Scopes instead of the default ones.
    pub scope: Option<Scopes>,
}

crate::preset!(StackExchange);
