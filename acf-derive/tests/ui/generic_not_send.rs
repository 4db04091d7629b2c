use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
)]
struct Forge<T> {
    client_id: ClientId,
    redirect_uri: RedirectUri,
    #[oauth(skip)]
    other: T,
}

fn main() {}
