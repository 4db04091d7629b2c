use acf_core::OAuthProvider;

const BASE: &str = "https://forge.example/";

#[derive(OAuthProvider)]
#[oauth(
    base_uri = BASE,
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge<'a, T: AsRef<str> + acf_core::TextValue + Send + Sync> {
    client_id: T,
    redirect_uri: &'a str,
}

fn main() {}
