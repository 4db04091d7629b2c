use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    grants(authorization_code),
    preset = "github",
    timeout = 30,
    nonce = "n",
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
