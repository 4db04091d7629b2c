//! The three ways to refresh a token: by hand; by itself, with somebody who is told; by itself, and saved.
//!
//! `cargo run` in one terminal, for the demo's authorization server; `cargo run --example refresh` in another one.

#![allow(clippy::print_stdout, reason = "a program")]

use acf_core::{ClientId, Error, ErrorKind, Flow, OAuthProvider, RedirectUri, SqliteStore, Token};

#[derive(Clone, OAuthProvider, serde::Deserialize)]
#[oauth(
    base_uri = "http://127.0.0.1:8001",
    authorization_path = "/authorize",
    access_token_path = "/token",
    issuer = "http://127.0.0.1:8001",
    scope("profile"),
    client_auth = none,
)]
struct Demo {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

/// The program decides when, and what becomes of the new token.
async fn by_hand(demo: Demo, token: &Token) -> Result<Token, Error> {
    let flow = Flow::builder(demo).refresh_by_hand().build()?;
    flow.store_token("me", token).await?;
    let session = flow.session("me").await?;
    match session.token().await {
        Err(error) if error.kind() == ErrorKind::TokenExpired => session.refresh().await,
        other => other,
    }
}

/// The session refreshes when it is due, and tells the program, which keeps tokens in a place of its own.
async fn with_an_observer(demo: Demo, token: &Token) -> Result<Token, Error> {
    let told = |_: &_, token: &Token| println!("for a place of one's own: {} bytes", token.expose_json().len());
    let flow = Flow::builder(demo).on_refresh(told).build()?;
    flow.store_token("me", token).await?;
    flow.session("me").await?.token().await
}

/// The session refreshes when it is due, and the new token is in the file before anybody uses it.
async fn saved(demo: Demo, token: &Token) -> Result<Token, Error> {
    let flow = Flow::builder(demo).state_store(SqliteStore::open("refresh.db").await?).build()?;
    flow.store_token("me", token).await?;
    flow.session("me").await?.token().await
}

/// As if its time were over.
fn expired(token: &Token) -> Result<Token, Error> {
    let mut row: serde_json::Map<_, _> = serde_json::from_str(&token.expose_json()).map_err(Error::store)?;
    row.insert("expires_at".to_owned(), 1.into());
    Token::from_json(&serde_json::Value::from(row).to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // Nobody listens there: the browser shows an error, and the address is what counts.
    let demo = Demo { client_id: "acf-cli".parse()?, redirect_uri: "http://127.0.0.1:9/callback".parse()? };
    let flow = Flow::new(demo.clone())?;
    let request = flow.begin("me").await?;
    println!("open {}\nand paste the address that the browser ends at:", request.url);
    let mut address = String::new();
    std::io::stdin().read_line(&mut address).map_err(Error::store)?;
    let mut token = flow.finish("me", address.trim()).await?;

    println!("logged in: {}", token.access_token().masked());
    token = by_hand(demo.clone(), &expired(&token)?).await?;
    println!("by hand: {}", token.access_token().masked());
    token = with_an_observer(demo.clone(), &expired(&token)?).await?;
    println!("with an observer: {}", token.access_token().masked());
    token = saved(demo, &expired(&token)?).await?;
    println!("saved: {}", token.access_token().masked());
    Ok(())
}
