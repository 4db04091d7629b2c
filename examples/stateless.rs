//! A login on any number of instances that share nothing but keys: it waits in a cookie, sealed, and ends where it arrives.
//!
//! With `export ACF_KEYS=2026-11:$(openssl rand -base64 32)`, `GITHUB_CLIENT_ID=.. GITHUB_CLIENT_SECRET=..
//! GITHUB_REDIRECT_URI=http://127.0.0.1:3000/callback cargo run --example stateless` listens on <http://127.0.0.1:3000>.
//! It may be restarted with the same keys while somebody logs in.

use acf_core::{Error, Flow, SealingKeys};
use acf_providers::GitHub;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use axum::{Router, extract::RawQuery, extract::State, routing::get};

async fn login(State(flow): State<Flow>, headers: HeaderMap) -> Result<impl IntoResponse, Error> {
    let cookies = cookies(&headers);
    // Any unguessable text will do; one that is there already serves several tabs.
    let browser = browser(&cookies).map_or_else(|| flow.make_state().map(|new| new.as_str().to_owned()), Ok)?;
    let request = flow.begin(&browser).sealed().await?;
    let session = format!("browser={browser}; HttpOnly; SameSite=Lax; Path=/");
    let set = AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, request.cookie.to_string())]);
    Ok(([(header::CACHE_CONTROL, "no-store")], set, Redirect::to(&request.url)))
}

async fn callback(State(flow): State<Flow>, headers: HeaderMap, RawQuery(query): RawQuery) -> impl IntoResponse {
    let (query, cookies) = (query.unwrap_or_default(), cookies(&headers));
    let spent = flow.spent_cookie(&query, &cookies).map(|cookie| (header::SET_COOKIE, cookie.to_string()));
    let name = who(&flow, &query, &cookies).await;
    ([(header::CACHE_CONTROL, "no-store")], AppendHeaders(spent), name)
}

/// Asks who has logged in, and gives the token up: a program that calls an API later keeps it in a store.
async fn who(flow: &Flow, query: &str, cookies: &str) -> Result<String, Error> {
    let browser = browser(cookies).unwrap_or_else(|| "nobody".to_owned());
    flow.finish_sealed(&browser, query, cookies).await?;
    let session = flow.session(&browser).await?;
    let answer = session.get("https://api.github.com/user").send().await;
    session.forget().await?;
    Ok(answer?.text())
}

/// HTTP/2 may bring cookies in several headers.
fn cookies(headers: &HeaderMap) -> String {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.collect::<Vec<_>>().join("; ")
}

fn browser(cookies: &str) -> Option<String> {
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix("browser=")).map(str::to_owned)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let flow = Flow::builder(GitHub::from_env()?).sealing_keys(SealingKeys::from_env("ACF_KEYS")?).build()?;
    let routes = Router::new().route("/", get(login)).route("/callback", get(callback));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, routes.with_state(flow)).await?)
}
