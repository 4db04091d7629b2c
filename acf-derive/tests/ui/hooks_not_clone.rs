use acf_core::{ClientId, ClientSecret, Hooks, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = client_secret_basic,
    hooks,
)]
struct Forge {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

impl Hooks for Forge {}

fn main() {}
