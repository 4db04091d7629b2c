use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

mod consts {
    pub const BASE: &str = "http://forge.example";
    pub const NUMBER: u8 = 1;
}
const SCOPE: &str = "read write";

#[derive(OAuthProvider)]
#[oauth(
    base_uri = consts::BASE,
    authorization_path = "/authorize",
    access_token_path = NOT_THERE,
    scope("user", SCOPE),
    display_name = consts::NUMBER,
    client_auth = client_secret_basic,
)]
struct Forge {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

fn main() {}
