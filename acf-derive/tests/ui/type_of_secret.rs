use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = client_secret_basic,
)]
struct Forge {
    client_id: ClientId,
    client_secret: &'static str,
    redirect_uri: RedirectUri,
}

fn main() {}
