use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = private_key_jwt,
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
    signing_key: String,
}

fn main() {}
