use acf_core::{ClientId, RedirectUri};

#[derive(Debug)]
#[oauth(base_uri = "https://forge.example")]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
