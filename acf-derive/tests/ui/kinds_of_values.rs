use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = "client_secret_basic",
    post = xml,
    hooks = true,
    refresh(margin = "5 minutes"),
    token_response = "/data",
    scope("read" "write"),
)]
struct Forge {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

fn main() {}
