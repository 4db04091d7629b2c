use acf_core::OAuthProvider;

mod config {
    pub const CALLBACK: &str = "https://app.example/callback#done";
}

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_id = "cli",
    redirect_uri = config::CALLBACK,
)]
struct Forge {
}

fn main() {}
