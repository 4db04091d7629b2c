use std::collections::HashMap;

use acf_core::{ClientId, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://{shop}.forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    client_auth = client_secret_basic,
)]
struct Forge {
    client_id: Option<ClientId>,
    client_secret: Vec<Box<str>>,
    redirect_uri: HashMap<String, u8>,
    shop: std::string::String,
    scope: u64,
    token_endpoint: u8,
}

fn main() {}
