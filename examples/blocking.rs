//! The flow without async and without a runtime: `wait` in the place of `.await`. Prints the address to open, takes the
//! address that the browser ends at, and asks the API who that was.
//!
//! `cargo run` in one terminal, for the demo's authorization server; `cargo run --example blocking` in another one.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

use acf_core::{
    ClientId, Error, Flow, OAuthProvider, RedirectUri,
    blocking::{UreqClient, Wait},
};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    base_uri = "http://127.0.0.1:8001",
    authorization_path = "/authorize",
    access_token_path = "/token",
    userinfo_path = "/userinfo",
    issuer = "http://127.0.0.1:8001",
    scope("profile"),
    client_auth = none,
)]
struct Demo {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    // Nobody listens there: the browser shows an error, and the address is what counts.
    let provider = Demo { client_id: "acf-cli".parse()?, redirect_uri: "http://127.0.0.1:9/callback".parse()? };
    let flow = Flow::builder(provider).http_client(UreqClient::new()?).build()?;
    let request = flow.begin("me").wait()?;
    println!("open {}\nand paste the address that the browser ends at:", request.url);
    let mut address = String::new();
    std::io::stdin().read_line(&mut address).map_err(Error::store)?;
    let token = flow.finish("me", address.trim()).wait()?;
    println!("connected: {}, scopes {}", token.access_token().masked(), token.scopes());
    let session = flow.session("me").wait()?;
    println!("{}", session.get("http://127.0.0.1:8001/userinfo").send().wait()?.text());
    Ok(())
}
