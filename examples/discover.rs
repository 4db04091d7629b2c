//! A provider that is found out at run time (RFC 8414): what it announces, how that is declared, and a flow made of it.
//!
//! `sleep 1h | node .ci/servers/oidc-provider.mjs 9400` in one terminal, for an authorization server (installed by `npm ci`
//! in `.ci/servers`); `cargo run --example discover` in another one, or with any other issuer behind it.

#![allow(clippy::print_stdout, reason = "a program")]

use acf_core::{Credentials, Error, Flow, Metadata, http::ReqwestClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let issuer = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:9400".to_owned());
    // For issuers that others type in: `ReqwestClient::public_addresses_only()`.
    let metadata = Metadata::fetch(&issuer, &ReqwestClient::new()?).await?;
    println!("scopes: {:?}", metadata.scopes_supported().unwrap_or_default());

    // `client_auth` is chosen by what is announced and by what the credentials hold.
    let credentials = Credentials::new("acf-basic").client_secret("p%+/&:x".parse()?);
    let credentials = credentials.redirect_uri("http://127.0.0.1:8000/callback");
    let provider = metadata.provider(credentials)?.name("found").scope(["openid"]).build()?;
    println!("to paste above a struct:\n{}", provider.definition().attribute());

    // `Flow::discover(issuer, credentials)` is all of this in one step.
    let flow = Flow::new(provider)?;
    println!("to send a browser to:\n{}", flow.begin("me").await?.url);
    Ok(())
}
