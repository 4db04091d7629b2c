use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://forge.example?x=1",
    authorization_path = "https://forge.example/authorize",
    access_token_path = "/token#x",
    userinfo_endpoint = "/me",
    issuer = "http://forge.example",
    revocation_path = "/{}",
    introspection_path = "/<tenant>",
)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
