use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = settings::BASE,
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
