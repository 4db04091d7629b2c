use acf_core::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_id = "cli",
    redirect_uri = "https://*.app.example/callback",
)]
struct Forge {
}

fn main() {}
