use acf_core::{ClientId, OAuthProvider, RedirectUri};

mod TEAM {
    pub const NAME: &str = "/team~";
}

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    token_response(keep(TEAM::NAME)),
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
