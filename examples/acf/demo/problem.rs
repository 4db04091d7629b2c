//! What can go wrong for a person: what happened, in plain words, and what to do next.
//!
//! A provider's own words never get here. They are for developers, anybody can put anything into them, and they go to
//! the log.

use std::sync::Arc;

use acf_core::{Error, ErrorKind};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use maud::html;
use serde::Deserialize;

use super::{Card, Demo, login::is_over};
use crate::{
    database::Failure,
    web::{
        self,
        page::{Site, page},
    },
};

/// A kind of problem: the last part of its address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    slug: &'static str,
    status: StatusCode,
    title: &'static str,
    /// `{}` is the provider.
    text: &'static str,
    /// The label of the button that begins the login again, where that helps.
    again: Option<&'static str>,
}

const fn kind(
    slug: &'static str,
    status: StatusCode,
    title: &'static str,
    text: &'static str,
    again: Option<&'static str>,
) -> Kind {
    Kind { slug, status, title, text, again }
}

const TRY: Option<&str> = Some("Try again");
const CONNECT: Option<&str> = Some("Connect again");

pub(super) const NOT_FOUND: Kind =
    kind("not-found", StatusCode::NOT_FOUND, "Page not found", "There is nothing at this address.", None);
pub(super) const FOREIGN: Kind = kind(
    "foreign",
    StatusCode::FORBIDDEN,
    "That did not come from this page",
    "Another site asked for this, so nothing was done. If it was your wish, begin here.",
    None,
);
pub(super) const NOT_CONFIGURED: Kind = kind(
    "not-configured",
    StatusCode::NOT_FOUND,
    "{} is not set up yet",
    "This demo has no credentials for {}. The start page says which environment variables to set.",
    None,
);
pub(super) const BROKEN: Kind = kind(
    "broken",
    StatusCode::INTERNAL_SERVER_ERROR,
    "Something broke here",
    "That was our fault and not yours. Nothing was lost; the log of the server says more.",
    TRY,
);
pub(super) const ENDED: Kind = kind(
    "ended",
    StatusCode::FORBIDDEN,
    "The connection has ended",
    "{} no longer accepts the token: it has expired, or access was taken back there.",
    CONNECT,
);
pub(super) const REFUSED: Kind = kind(
    "refused",
    StatusCode::BAD_GATEWAY,
    "{} would not do that",
    "{} answered with an error. Trying again may help; if it does not, this demo is set up in a way that {} does not accept.",
    TRY,
);
pub(super) const UNREACHABLE: Kind = kind(
    "unreachable",
    StatusCode::BAD_GATEWAY,
    "{} could not be reached",
    "There was no usable answer from {}. It may be down, or this machine is offline. Wait a moment, then begin again.",
    TRY,
);
const DENIED: Kind = kind(
    "denied",
    StatusCode::FORBIDDEN,
    "You did not allow access",
    "You said no at {}, so nothing was connected. You can change your mind at any time.",
    TRY,
);
const EXPIRED: Kind = kind(
    "expired",
    StatusCode::BAD_REQUEST,
    "That took too long",
    "A login has to be finished within ten minutes, so that a forgotten tab cannot be used by somebody else. Begin again.",
    TRY,
);
const SPENT: Kind = kind(
    "spent",
    StatusCode::BAD_REQUEST,
    "This login is over",
    "Each login works once, and this one was used already or never began here. This is what the Back button and \
     reloading lead to.",
    CONNECT,
);
const INCOMPLETE: Kind = kind(
    "incomplete",
    StatusCode::BAD_REQUEST,
    "There is no login to finish",
    "This address is where {} sends people back to after a login. Opened by hand, or cut short on the way, it has \
     nothing to finish.",
    Some("Connect"),
);
const OTHER_BROWSER: Kind = kind(
    "other-browser",
    StatusCode::FORBIDDEN,
    "This login began somewhere else",
    "It was begun in another browser, or by somebody else. If a link brought you here, do not follow it again: it would \
     connect an account that is not yours. Whoever began can still finish.",
    Some("Begin in this browser"),
);
const MIXED_UP: Kind = kind(
    "mixed-up",
    StatusCode::BAD_REQUEST,
    "The answer came from somewhere else",
    "This login was begun with {}, but the answer to it is not from there. Nothing was connected.",
    TRY,
);

const ALL: [Kind; 13] = [
    NOT_FOUND,
    FOREIGN,
    NOT_CONFIGURED,
    BROKEN,
    ENDED,
    REFUSED,
    UNREACHABLE,
    DENIED,
    EXPIRED,
    SPENT,
    INCOMPLETE,
    OTHER_BROWSER,
    MIXED_UP,
];

/// What a failed login is to the person.
pub(super) fn of_login(error: &Error) -> Kind {
    match error.kind() {
        ErrorKind::AccessDenied => DENIED,
        ErrorKind::StateExpired => EXPIRED,
        ErrorKind::StateUnknown => SPENT,
        ErrorKind::Callback | ErrorKind::StateMissing => INCOMPLETE,
        ErrorKind::BindingMismatch => OTHER_BROWSER,
        ErrorKind::ProviderMismatch | ErrorKind::IssuerMismatch => MIXED_UP,
        // Nothing has ended that had not begun: it is the code that was refused.
        _ if is_over(error) => REFUSED,
        _ => of_use(error),
    }
}

/// What a failed call or refresh is to the person.
pub(super) fn of_use(error: &Error) -> Kind {
    match error.kind() {
        _ if is_over(error) => ENDED,
        ErrorKind::NotSent | ErrorKind::Tls | ErrorKind::Transport | ErrorKind::Timeout => UNREACHABLE,
        ErrorKind::Provider | ErrorKind::AccessDenied | ErrorKind::Response | ErrorKind::TokenResponse => {
            let busy = ["temporarily_unavailable", "server_error", "slow_down"];
            let down = error.status().is_some_and(|status| status == 429 || status >= 500)
                || error.provider().is_some_and(|said| busy.contains(&said.error()));
            if down { UNREACHABLE } else { REFUSED }
        }
        _ => BROKEN,
    }
}

/// To the page of a problem, away from whatever address led to it.
pub(super) fn redirect(kind: Kind, provider: &str) -> Response {
    web::see_other(&format!("/problem/{}?provider={provider}", kind.slug))
}

/// A failure of this machine, on the spot.
pub(super) fn broken(failure: &Failure) -> Response {
    web::log(failure);
    answer(BROKEN, None, false)
}

#[derive(Deserialize)]
pub(super) struct Asked {
    provider: Option<String>,
}

/// `/problem/{kind}`.
pub(super) async fn show(
    State(demo): State<Arc<Demo>>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let kind = ALL.into_iter().find(|kind| kind.slug == slug).unwrap_or(NOT_FOUND);
    let card = asked.provider.as_deref().and_then(|name| demo.card(name));
    let connected = match card {
        Some(card) => demo.is_connected(card, &headers).await,
        None => false,
    };
    answer(kind, card, connected)
}

/// The page of a problem. `connected`: whether the person has a connection that all this does not touch.
pub(super) fn answer(kind: Kind, card: Option<&Card>, connected: bool) -> Response {
    let name = card.map_or("the provider", |card| card.display_name);
    let connected = connected && kind != ENDED;
    let title = match card {
        None if kind.title.starts_with("{}") => kind.title.replace("{}", "The provider"),
        _ => kind.title.replace("{}", name),
    };
    let again = kind.again.filter(|_| !connected || kind == UNREACHABLE || kind == REFUSED);
    let main = html! {
        div.panel.problem {
            h1 { (title) }
            p.lead { (sentence(&kind.text.replace("{}", name))) }
            @if connected { p.calm { "You are still connected to " (name) "; nothing has changed." } }
            div.actions {
                @if let Some(card) = card {
                    @if connected { a.button.primary href=(format!("/connections/{}", card.name)) { "Go to your connection" } }
                    @if let Some(label) = again.filter(|_| card.flow.is_ok()) {
                        a.button.primary[!connected] href=(format!("/login/{}", card.name)) { (label) }
                    }
                }
                a.button href="/" { "To the start page" }
            }
        }
    };
    (kind.status, page(Site::Demo, &title, &main)).into_response()
}

/// With a capital letter at its beginning, whatever was put there.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
