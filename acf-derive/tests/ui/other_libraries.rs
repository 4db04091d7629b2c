use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    auth_url = "https://forge.example/authorize",
    token_url = "https://forge.example/token",
    scopes("read"),
    client_credentials_in_body,
    extra(prompt = "consent"),
)]
struct Forge {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

fn main() {}
