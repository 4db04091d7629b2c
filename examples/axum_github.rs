//! "Connect your GitHub account" in an axum application: a preset, a cookie, three handlers.
//!
//! `GITHUB_CLIENT_ID=.. GITHUB_CLIENT_SECRET=.. GITHUB_REDIRECT_URI=http://127.0.0.1:3000/callback cargo run --example axum_github`
//! listens on <http://127.0.0.1:3000>.

use acf_core::{Error, Flow, SqliteStore};
use acf_providers::GitHub;
use axum::http::{HeaderMap, header::SET_COOKIE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Router, extract::RawQuery, extract::State, routing::get};

async fn home(State(flow): State<Flow>, headers: HeaderMap) -> Result<Response, Error> {
    match flow.session(browser(&headers)).await {
        Ok(session) => Ok(session.get("https://api.github.com/user").send().await?.text().into_response()),
        Err(_) => Ok(Html("<a href=/login>Connect GitHub</a>").into_response()),
    }
}

async fn login(State(flow): State<Flow>) -> Result<impl IntoResponse, Error> {
    let browser = flow.make_state()?; // any unguessable text will do
    let request = flow.begin(browser.as_str()).await?;
    let cookie = format!("browser={}; HttpOnly; SameSite=Lax; Path=/", browser.as_str());
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&request.url)))
}

async fn callback(State(flow): State<Flow>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Redirect, Error> {
    flow.finish(browser(&headers), &query.unwrap_or_default()).await?;
    Ok(Redirect::to("/"))
}

fn browser(headers: &HeaderMap) -> &str {
    let cookies = headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix("browser=")).unwrap_or("nobody")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let flow = Flow::builder(GitHub::from_env()?).state_store(SqliteStore::open("github.db").await?).build()?;
    let routes = Router::new().route("/", get(home)).route("/login", get(login)).route("/callback", get(callback));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, routes.with_state(flow)).await?)
}
