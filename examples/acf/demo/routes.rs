//! The routes, and what holds for all of them.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};

use super::{Demo, connection, home, login, problem};
use crate::web;

pub(crate) fn router(demo: Arc<Demo>) -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/style.css", get(web::stylesheet))
        .route("/login/{provider}", get(login::begin).post(login::begin))
        .route("/callback/{provider}", get(login::callback))
        .route("/connections/{provider}", get(connection::show))
        .route("/connections/{provider}/call", post(connection::call))
        .route("/connections/{provider}/refresh", post(connection::refresh))
        .route("/connections/{provider}/disconnect", post(connection::disconnect))
        .route("/problem/{kind}", get(problem::show))
        .fallback(async || problem::answer(problem::NOT_FOUND, None, false))
        .layer(middleware::from_fn_with_state(Arc::clone(&demo), same_site))
        .layer(middleware::map_response(web::harden))
        .with_state(demo)
}

/// Refuses forms from other sites, and brings people who typed `localhost` to the address they will be sent back to:
/// the cookie of the one is not sent to the other, and their login would end as "another browser".
async fn same_site(State(demo): State<Arc<Demo>>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && !web::is_ours(request.headers(), &demo.origin) {
        return problem::answer(problem::FOREIGN, None, false);
    }
    if *request.method() == Method::GET
        && let Some(twin) = demo.origin.strip_prefix("http://127.0.0.1")
        && host(request.headers()).and_then(|host| host.strip_prefix("localhost")) == Some(twin)
    {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        return web::see_other(&format!("{}{path}", demo.origin));
    }
    next.run(request).await
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}
