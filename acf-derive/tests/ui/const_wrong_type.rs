use acf_core::{ClientId, OAuthProvider, RedirectUri};

const NAME: u8 = 5;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    display_name = NAME,
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
