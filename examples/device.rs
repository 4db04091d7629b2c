//! A login on another device (RFC 8628): a program without a browser shows a code, a person confirms it on their telephone.
//!
//! `sleep 1h | node .ci/servers/oidc-provider.mjs 9400` in one terminal, for an authorization server (installed by `npm ci`
//! in `.ci/servers`); `cargo run --example device` in another one.

#![allow(clippy::print_stdout, reason = "a program")]

use acf_core::{ClientId, Error, Flow, OAuthProvider};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    base_uri = "http://127.0.0.1:9400",
    device_authorization_path = "/device/auth",
    access_token_path = "/token",
    userinfo_path = "/me",
    grant_types(device_code, refresh_token),
    scope("openid"),
    client_auth = none,
)]
struct Television {
    client_id: ClientId,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let flow = Flow::new(Television { client_id: "acf-public".parse()? })?;
    let login = flow.device().await?;
    println!("open {} on any device, and type in: {}", login.verification_uri(), login.user_code());

    // Asks as often as the provider allows until somebody has confirmed; `poll` asks once, for a loop of one's own.
    let token = login.save_for("the living room").token().await?;
    println!("connected: {}, scopes {}", token.access_token().masked(), token.scopes());
    let person = flow.session("the living room").await?.userinfo().await?;
    println!("welcome, {}", person.id().unwrap_or("somebody"));
    Ok(())
}
