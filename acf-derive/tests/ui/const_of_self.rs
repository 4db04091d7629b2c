use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = Self::BASE,
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

impl Forge {
    const BASE: &str = "https://forge.example";
}

fn main() {}
