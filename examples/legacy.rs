//! The two retired grants (RFC 9700 sections 2.1.2 and 2.4), for a provider that offers nothing else: a person's password, and
//! a token that comes through the browser.
//!
//! `sleep 1h | python3 .ci/servers/authlib_server.py 9500` in one terminal, for an authorization server (installed by `pip install -r
//! .ci/servers/requirements.txt`); `cargo run --example legacy` in another one.

#![allow(clippy::print_stdout, reason = "a program")]

use acf_core::{ClientId, Error, Flow, OAuthProvider, RedirectUri, Secret};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    base_uri = "http://127.0.0.1:9500",
    authorization_path = "/authorize",
    access_token_path = "/token",
    issuer = "http://127.0.0.1:9500",
    grant_types(password, implicit),
    scope("profile"),
    client_auth = none,
)]
struct Legacy {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let legacy = Legacy {
        client_id: "acf-public".parse()?,
        // Nobody listens there: the browser shows an error, and the address is what counts.
        redirect_uri: "http://127.0.0.1:8765/callback".parse()?,
    };
    let flow = Flow::new(legacy)?;

    let token = flow.password("alice", &Secret::from("p%+/&: ü".to_owned())).await?;
    println!("for a password: {}, scopes {}", token.access_token().masked(), token.scopes());

    let request = flow.implicit("alice").await?;
    println!("open {}\nand paste the address that the browser ends at, with what is behind its `#`:", request.url);
    let mut address = String::new();
    std::io::stdin().read_line(&mut address).map_err(Error::store)?;
    let token = flow.finish_fragment("alice", address.trim()).await?;
    println!("through the browser: {}, scopes {}", token.access_token().masked(), token.scopes());
    Ok(())
}
