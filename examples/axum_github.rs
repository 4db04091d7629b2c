//! "Connect your GitHub account" in an axum application: a preset, a cookie, three handlers.
//!
//! `GITHUB_CLIENT_ID=.. GITHUB_CLIENT_SECRET=.. GITHUB_REDIRECT_URI=http://127.0.0.1:3000/callback cargo run --example axum_github`

use acf_core::{Error, Flow, SqliteStore};
use acf_providers::GitHub;
use axum::http::{HeaderMap, StatusCode, header::SET_COOKIE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Router, extract::RawQuery, extract::State, routing::get};

type Answer = Result<Response, (StatusCode, String)>;

async fn home(State(flow): State<Flow>, headers: HeaderMap) -> Answer {
    let Ok(session) = flow.session(browser(&headers)).await else {
        return Ok(Html("<a href=/login>Connect GitHub</a>").into_response());
    };
    let me = session.get("https://api.github.com/user").send().await.map_err(answer)?;
    Ok(me.text().into_response())
}

async fn login(State(flow): State<Flow>) -> Answer {
    let browser = flow.make_state().map_err(answer)?; // any unguessable text will do
    let request = flow.begin(browser.as_str()).await.map_err(answer)?;
    let cookie = format!("browser={}; HttpOnly; SameSite=Lax; Path=/", browser.as_str());
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&request.url)).into_response())
}

async fn callback(State(flow): State<Flow>, headers: HeaderMap, RawQuery(query): RawQuery) -> Answer {
    flow.finish(browser(&headers), &query.unwrap_or_default()).await.map_err(answer)?;
    Ok(Redirect::to("/").into_response())
}

/// The browser, by its cookie.
fn browser(headers: &HeaderMap) -> &str {
    let cookies = headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix("browser=")).unwrap_or("nobody")
}

/// Safe to show: an error holds no secret.
fn answer(error: Error) -> (StatusCode, String) {
    (StatusCode::BAD_GATEWAY, error.to_string())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = SqliteStore::open("github.db").await?;
    let flow = Flow::builder(GitHub::from_env()?).state_store(store).build()?;
    let routes = Router::new().route("/", get(home)).route("/login", get(login)).route("/callback", get(callback));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://127.0.0.1:3000");
    Ok(axum::serve(listener, routes.with_state(flow)).await?)
}
