use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example/",
    auth_url = "https://forge.example/authorize",
    access_token_path = "token",
    scope("read", "write write"),
    post = "json"
    client_auth = client_secret_basic,
)]
struct Forge {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    timeout: u64,
}

fn main() {}
