//! A login: to the provider, and back.

use std::sync::Arc;

use acf_core::{Error, ErrorKind, Flow};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method},
    response::Response,
};

use super::{Demo, problem};
use crate::{database::Failure, web};

/// Nobody's user: a login that is finished without a session is bound to somebody else, whoever it was.
const NOBODY: &str = "nobody";

/// `/login/{provider}`: begins.
pub(super) async fn begin(State(demo): State<Arc<Demo>>, Path(provider): Path<String>, headers: HeaderMap) -> Response {
    // A link or an image on another site must not begin a login here: it would end with the visitor's account
    // connected without their doing. And a browser that only looks ahead has no intention at all.
    let from_here =
        headers.get("sec-fetch-site").is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    let a_page = headers.get("sec-fetch-dest").is_none_or(|wanted| wanted == "document");
    if !from_here || !a_page || web::is_ahead_of_time(&headers) {
        return problem::answer(problem::FOREIGN, None, false);
    }
    let Some(card) = demo.card(&provider) else { return problem::answer(problem::NOT_FOUND, None, false) };
    let Ok(flow) = &card.flow else { return problem::answer(problem::NOT_CONFIGURED, Some(card), false) };

    let (user, cookie) = match demo.user(&headers).await {
        Ok(Some(user)) => (user, None),
        Ok(None) => match demo.new_user().await {
            Ok((user, cookie)) => (user, Some(cookie)),
            Err(failure) => return problem::broken(&failure),
        },
        Err(failure) => return problem::broken(&failure),
    };
    let params = card.setup.map(|known| known.params).unwrap_or_default();
    let begin = params.iter().fold(flow.begin(&user), |begin, (name, value)| begin.param(*name, *value));
    match begin.await {
        Ok(request) => web::with_cookie(web::see_other(&request.url), cookie),
        Err(error) => problem::broken(&Failure::new(error)),
    }
}

/// `/callback/{provider}`: finishes, and leaves no code in the address bar or the history (RFC 9700 section 4.3.1).
pub(super) async fn callback(
    State(demo): State<Arc<Demo>>,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let Some(card) = demo.card(&provider) else { return web::see_other("/problem/not-found") };
    let Ok(flow) = &card.flow else { return problem::redirect(problem::NOT_CONFIGURED, card.name) };
    let connection = format!("/connections/{}", card.name);
    // Mail scanners and chat previews ask with HEAD. A code works once: it is for the person.
    if method == Method::HEAD {
        return web::see_other(&connection);
    }
    // Nor for a browser that looks ahead. What is refused it asks for anew when the person is there.
    if web::is_ahead_of_time(&headers) {
        return problem::answer(problem::FOREIGN, None, false);
    }
    let user = match demo.user(&headers).await {
        Ok(user) => user.unwrap_or_else(|| NOBODY.to_owned()),
        Err(failure) => return problem::broken(&failure),
    };

    // On a task of its own: a browser that hangs up must not leave a code spent and its token unsaved.
    let task = {
        let (demo, flow, headers, query) =
            (Arc::clone(&demo), flow.clone(), headers.clone(), query.unwrap_or_default());
        tokio::spawn(async move { demo.finish(&flow, &user, &query, &headers).await })
    };
    match task.await {
        Ok(Ok(cookie)) => web::with_cookie(web::see_other(&format!("{connection}?done=connected")), cookie),
        Ok(Err(Unfinished::Login(error))) => {
            web::log(format_args!("login with {}: {}: {error}", card.name, error.kind().code()));
            problem::redirect(problem::of_login(&error), card.name)
        }
        Ok(Err(Unfinished::Here(failure))) => problem::broken(&failure),
        Err(error) => problem::broken(&Failure::new(error)),
    }
}

enum Unfinished {
    Login(Error),
    Here(Failure),
}

impl Demo {
    /// Exchanges the code, learns who it is, and gives the browser a new session cookie.
    async fn finish(
        &self,
        flow: &Flow,
        user: &str,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<Option<String>, Unfinished> {
        flow.finish(user, query).await.map_err(Unfinished::Login)?;
        // Where that is not known the person is connected all the same: the page says so.
        let (subject, name) = who(flow, user).await.unwrap_or_default();
        let account = (flow.provider().to_owned(), user.to_owned(), subject, name);
        self.database
            .run(move |connection| {
                connection.execute("INSERT OR REPLACE INTO demo_account VALUES (?1, ?2, ?3, ?4, NULL)", account)
            })
            .await
            .map_err(Unfinished::Here)?;
        self.rotate(headers).await.map_err(Unfinished::Here)
    }
}

/// Who the token belongs to: a stable identifier and a name.
async fn who(flow: &Flow, user: &str) -> Result<(String, String), Error> {
    let info = flow.session(user).await?.userinfo().await?;
    let name = ["name", "login", "email"].into_iter().find_map(|member| info.get(member)?.as_str());
    Ok((info.id().unwrap_or_default().to_owned(), name.unwrap_or_default().to_owned()))
}

/// Whether the person could go on by connecting again.
pub(super) fn is_over(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::TokenExpired | ErrorKind::NoToken)
        || error.provider().is_some_and(|said| said.error() == "invalid_grant")
}
