use acf_core::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://forge.example")]
struct Forge {
    client_secret: ClientSecret,
}

fn main() {}
