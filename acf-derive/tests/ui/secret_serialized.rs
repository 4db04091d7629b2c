use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider, serde::Serialize)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = client_secret_basic,
)]
struct Forge {
    client_secret: ClientSecret,
    #[serde(skip)]
    client_id: ClientId,
    #[serde(skip)]
    redirect_uri: RedirectUri,
}

fn main() {}
