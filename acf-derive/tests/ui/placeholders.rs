use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://{shop}.forge.example",
    authorization_path = "/{tennant}/authorize",
    access_token_path = "/{}/token",
    client_auth = client_secret_basic,
)]
struct Forge {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    tenant: String,
}

fn main() {}
