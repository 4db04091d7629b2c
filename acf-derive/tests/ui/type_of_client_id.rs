use acf_core::{OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge {
    client_id: u64,
    redirect_uri: RedirectUri,
}

fn main() {}
