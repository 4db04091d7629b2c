//! A token for a signed assertion (RFC 7523), and a token for that token (RFC 8693): nobody logs in.
//!
//! `sleep 1h | node .ci/servers/oidc-provider.mjs 9400` in one terminal, for an authorization server (installed by `npm ci`
//! in `.ci/servers`); `cargo run --example exchange` in another one.

#![allow(clippy::print_stdout, reason = "a program")]

use acf_core::{ClientId, ClientSecret, Error, Flow, JwtAssertion, OAuthProvider, SigningKey, TokenExchange};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    base_uri = "http://127.0.0.1:9400",
    access_token_path = "/token",
    grant_types(token_exchange, jwt_bearer),
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

    // On behalf of somebody whom a partner vouches for, with the key that the server knows of that partner.
    let key: SigningKey = include_str!("../acf-core/tests/keys/rfc7515-a3-p256.pem").parse()?;
    let assertion = JwtAssertion::new("https://assertions.example", "person", "http://127.0.0.1:9400").sign(&key)?;
    let wide = flow.jwt_bearer(&assertion).scope("api:read api:write").await?;
    println!("{} for an assertion, scopes {}", wide.access_token().masked(), wide.scopes());

    // That token, with all rights, becomes one with few, for one server.
    let narrow =
        flow.exchange_token(TokenExchange::from(&wide).audience("https://api.example")).scope("api:read").await?;
    println!("{} in exchange, scopes {}", narrow.access_token().masked(), narrow.scopes());
    Ok(())
}
