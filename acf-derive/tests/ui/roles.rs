use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = client_secret_basic,
)]
struct Forge {
    #[oauth(client_id, redirect_uri)]
    id: ClientId,
    client_id: ClientId,
    client_secret: ClientSecret,
    callback_url: RedirectUri,
    #[oauth(skip, scope)]
    rights: String,
    #[oauth(post = json)]
    body: String,
    #[oauth(param = "tenant")]
    tenant: String,
}

fn main() {}
