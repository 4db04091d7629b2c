use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge {
    #[oauth(redirect_uri)]
    client_id: RedirectUri,
    #[oauth(client_id)]
    redirect_uri: ClientId,
}

fn main() {}
