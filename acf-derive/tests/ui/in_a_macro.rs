use acf_core::{ClientId, OAuthProvider, RedirectUri};

macro_rules! provider {
    ($name:ident, $base:expr, $secret:ty) => {
        #[derive(OAuthProvider)]
        #[oauth(base_uri = $base, authorization_path = "/authorize", access_token_path = "/token")]
        #[oauth(client_auth = client_secret_basic)]
        struct $name {
            client_id: ClientId,
            client_secret: $secret,
            redirect_uri: RedirectUri,
        }
    };
}

provider!(Insecure, "http://forge.example", acf_core::ClientSecret);
provider!(Leaking, "https://forge.example", String);

fn main() {}
