use acf_core::{ClientId, OAuthProvider, RedirectUri};

const SEPARATOR: &str = ";;";

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    scope("a;b"),
    scope_separator = SEPARATOR,
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
