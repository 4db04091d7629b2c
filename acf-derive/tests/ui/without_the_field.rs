use acf_core::{OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge {
    #[cfg(windows)]
    client_id: acf_core::ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
