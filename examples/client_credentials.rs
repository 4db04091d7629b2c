//! A token for the program itself (RFC 6749 section 4.4): nobody logs in, and nobody is sent anywhere.
//!
//! `sleep 1h | node .ci/servers/oidc-provider.mjs 9400` in one terminal, for an authorization server (installed by `npm ci`
//! in `.ci/servers`); `cargo run --example client_credentials` in another one.

#![allow(clippy::print_stdout, reason = "a program")]

use acf_core::{ClientId, ClientSecret, Error, Flow, OAuthProvider};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    base_uri = "http://127.0.0.1:9400",
    access_token_path = "/token",
    introspection_path = "/token/introspection",
    grant_types(client_credentials),
    scope("api:read"),
    client_auth = client_secret_basic,
)]
struct Service {
    client_id: ClientId,
    client_secret: ClientSecret,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let service = Service { client_id: "acf-basic".parse()?, client_secret: "p%+/&:x".parse()? };
    let flow = Flow::new(service)?;
    let token = flow.client_credentials().await?; // or `.scope(..)`, `.resource("https://api.example")`, `.param(..)`
    println!("{} {}, scopes {}", token.token_type(), token.access_token().masked(), token.scopes());

    // What the server that receives it would ask (RFC 7662).
    let state = flow.introspect(&token).await?;
    println!("active: {}, for {:?}, until {:?}", state.is_active(), state.client_id(), state.expires_at());
    Ok(())
}
