use acf_core::{ClientId, OAuthProvider, RedirectUri};

const CLAIMS: &str = "a\nb";
const VERSION: &str = "1\r\nHost: evil.example";

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    authorize(params(claims = CLAIMS)),
    token(headers("X-Version" = VERSION)),
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
