//! A provider of one's own, declared and used: prints the address to open, takes the address that the browser ends at.
//!
//! `STACK_EXCHANGE_CLIENT_ID=.. STACK_EXCHANGE_CLIENT_SECRET=.. STACK_EXCHANGE_REDIRECT_URI=.. cargo run --example twelve_lines`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

use acf_core::{ClientId, ClientSecret, Error, Flow, OAuthProvider, RedirectUri};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    base_uri = "https://stackoverflow.com",
    authorization_path = "/oauth",
    access_token_path = "/oauth/access_token/json",
    scope("no_expiry"),
    client_auth = client_secret_post,
    token_response(token_type = "Bearer", expires = "expires"),
)]
struct StackExchange {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    match run().await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let flow = Flow::new(StackExchange::from_env()?)?;
    let request = flow.begin("me").await?;
    println!("open {}\nand paste the address that the browser ends at:", request.url);
    let mut address = String::new();
    std::io::stdin().read_line(&mut address).map_err(Error::store)?;
    let token = flow.finish("me", address.trim()).await?;
    println!("connected: {}, scopes {}", token.access_token().masked(), token.scopes());
    Ok(())
}
