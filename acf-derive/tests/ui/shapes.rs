use acf_core::{ClientId, OAuthProvider, RedirectUri};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token")]
struct Tuple(ClientId, RedirectUri);

#[derive(OAuthProvider)]
struct Unit;

#[derive(OAuthProvider)]
enum Enum {
    Variant { client_id: ClientId },
}

#[derive(OAuthProvider)]
union Union {
    number: u8,
}

fn main() {}
