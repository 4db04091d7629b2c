use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_id = "id",
    client_secret = env!("FORGE_SECRET"),
    client_auth = client_secret_basic,
)]
struct Forge {
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(base_uri = env!("FORGE"), authorization_path = "/authorize", access_token_path = "/token")]
struct Other {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
