use acf_core::{ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorisation_path = "/authorize",
    access_token_path = "/token",
    client_auth = client_secret_basic,
)]
struct Forge<'a, T: Send + Sync> {
    client_id: &'a str,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    #[oauth(skip)]
    other: T,
}

fn main() {
    // The implementation is there all the same, with its generics: no second error.
    <Forge<'static, u8> as OAuthProvider>::declaration();
}
