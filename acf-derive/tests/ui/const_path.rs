use acf_core::{ClientId, OAuthProvider, RedirectUri};

const PATH: &str = "authorize";

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = PATH,
    access_token_path = "/token",
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
