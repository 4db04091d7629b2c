use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
struct Forge {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() {}
