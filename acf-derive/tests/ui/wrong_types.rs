use acf_core::{ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://{shop}.forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = client_secret_basic,
)]
struct Forge {
    client_id: Option<acf_core::ClientId>,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    shop: String,
}

fn main() {}
