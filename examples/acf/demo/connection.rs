//! A connected account, and what can be done with its token. Every form leads to a page that can be reloaded.

use std::sync::Arc;

use acf_core::{Error, ErrorKind};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Card, Demo,
    accounts::failed,
    connection_page::{self, Done},
    problem,
};
use crate::{database::Failure, web};

#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// `GET /connections/{provider}`.
pub(super) async fn show(
    State(demo): State<Arc<Demo>>,
    Path(provider): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(card) = demo.card(&provider) else { return problem::answer(problem::NOT_FOUND, None, false) };
    let done = asked.done.as_deref().and_then(Done::from_slug);
    match demo.page(card, done, &headers).await {
        Ok(response) => response,
        Err(failure) => problem::broken(&failure),
    }
}

impl Demo {
    async fn page(&self, card: &Card, done: Option<Done>, headers: &HeaderMap) -> Result<Response, Failure> {
        let Some((user, session)) = self.session(card, headers).await? else {
            let status = if done.is_some_and(Done::is_end) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            return Ok((status, connection_page::absent(card, done)).into_response());
        };
        let token = session.stored_token().await.map_err(|error| failed(&error))?;
        let account = self.account(card, &user).await?;
        let can_revoke = card.flow.as_ref().is_ok_and(acf_core::Flow::can_revoke);
        Ok(connection_page::connected(card, &token, &account, can_revoke, done.filter(|done| !done.is_end()))
            .into_response())
    }
}

/// What a form leads to: a page that says what was done, or one that says why not.
type Outcome = Result<Done, Trouble>;

enum Trouble {
    /// Nothing is connected; the connection page says so.
    Absent,
    Protocol(Error),
    /// The API's answer was an error.
    Status(StatusCode),
    Here(Failure),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        if error.kind() == ErrorKind::NoToken { Self::Absent } else { Self::Protocol(error) }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Here(failure)
    }
}

fn respond(card: &Card, outcome: Outcome) -> Response {
    let page = format!("/connections/{}", card.name);
    match outcome {
        Ok(done) => web::see_other(&format!("{page}?done={}", done.slug())),
        Err(Trouble::Absent) => web::see_other(&page),
        Err(Trouble::Protocol(error)) => {
            web::log(format_args!("{}: {}: {error}", card.name, error.kind().code()));
            problem::redirect(problem::of_use(&error), card.name)
        }
        Err(Trouble::Status(status)) => {
            web::log(format_args!("{}: the API answered {status}", card.name));
            let kind = match status {
                StatusCode::UNAUTHORIZED => problem::ENDED,
                _ if status.is_server_error() => problem::UNREACHABLE,
                _ => problem::REFUSED,
            };
            problem::redirect(kind, card.name)
        }
        Err(Trouble::Here(failure)) => problem::broken(&failure),
    }
}

/// `POST /connections/{provider}/call`.
pub(super) async fn call(State(demo): State<Arc<Demo>>, Path(provider): Path<String>, headers: HeaderMap) -> Response {
    let Some(card) = demo.card(&provider) else { return problem::answer(problem::NOT_FOUND, None, false) };
    respond(card, demo.call(card, &headers).await)
}

/// `POST /connections/{provider}/refresh`.
pub(super) async fn refresh(
    State(demo): State<Arc<Demo>>,
    Path(provider): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(card) = demo.card(&provider) else { return problem::answer(problem::NOT_FOUND, None, false) };
    let outcome = async {
        let (_, session) = demo.session(card, &headers).await?.ok_or(Trouble::Absent)?;
        session.refresh().await?;
        Ok(Done::Refreshed)
    };
    respond(card, outcome.await)
}

/// `POST /connections/{provider}/disconnect`.
pub(super) async fn disconnect(
    State(demo): State<Arc<Demo>>,
    Path(provider): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(card) = demo.card(&provider) else { return problem::answer(problem::NOT_FOUND, None, false) };
    respond(card, demo.disconnect(card, &headers).await)
}

impl Demo {
    async fn call(&self, card: &Card, headers: &HeaderMap) -> Outcome {
        let (user, session) = self.session(card, headers).await?.ok_or(Trouble::Absent)?;
        let Some(url) = &card.api else { return Err(Trouble::Status(StatusCode::NOT_IMPLEMENTED)) };
        let answer = session.get(url).header("accept", "application/json").send().await?;
        if !answer.is_success() {
            return Err(Trouble::Status(answer.status()));
        }
        let body: Value = answer.json()?;
        self.keep_answer(card, &user, body.to_string()).await?;
        Ok(Done::Called)
    }

    /// Forgotten here in any case; revoked there if the provider has an endpoint for it and answers.
    async fn disconnect(&self, card: &Card, headers: &HeaderMap) -> Outcome {
        let (user, session) = self.session(card, headers).await?.ok_or(Trouble::Absent)?;
        self.forget_account(card, &user).await?;
        if !card.flow.as_ref().is_ok_and(acf_core::Flow::can_revoke) {
            session.forget().await?;
            return Ok(Done::Forgotten);
        }
        match session.revoke().await {
            Ok(()) => Ok(Done::Revoked),
            Err(error) if matches!(error.kind(), ErrorKind::NoToken | ErrorKind::Store) => Err(error.into()),
            Err(error) => {
                web::log(format_args!("{}: revocation: {}: {error}", card.name, error.kind().code()));
                Ok(Done::Forgotten)
            }
        }
    }
}
