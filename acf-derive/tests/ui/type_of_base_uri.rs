use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
    base_uri: u16,
}

fn main() {}
