//! The start page: what can be connected, what is, and what is missing.

use std::sync::Arc;

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{Card, Demo, problem};
use crate::web::page::{Site, page};

pub(super) async fn home(State(demo): State<Arc<Demo>>, headers: HeaderMap) -> Response {
    let names = match demo.names(&headers).await {
        Ok(names) => names,
        Err(failure) => return problem::broken(&failure),
    };
    let main = html! {
        section.hero {
            h1 { "Connect an account" }
            p.lead {
                "Pick a provider, log in there, and come back with a token that was meant for this browser only. "
                "No script runs on these pages."
            }
        }
        ul.cards {
            @for card in &demo.cards {
                @let name = names.iter().find(|(provider, _)| provider == card.name).map(|(_, name)| name.as_str());
                li.card.(card.name) { (content(card, name)) }
            }
        }
    };
    page(Site::Demo, "Connect an account", &main).into_response()
}

/// `name` is the name of the connected account, empty where it is not known.
fn content(card: &Card, name: Option<&str>) -> Markup {
    html! {
        div.head {
            (tile(card))
            div {
                h2 { (card.display_name) }
                @match (&card.flow, name) {
                    (Ok(_), Some("")) => p.state.on { "Connected" },
                    (Ok(_), Some(name)) => p.state.on { "Connected as " (name) },
                    (Ok(_), None) => p.state { "Not connected" },
                    (Err(_), _) => p.state.off { "Needs credentials" },
                }
            }
        }
        p.tagline { (card.tagline) }
        @match (&card.flow, name) {
            (Ok(_), Some(_)) => div.actions { a.button href=(format!("/connections/{}", card.name)) { "Open " (card.display_name) } },
            (Ok(_), None) => div.actions { a.button.primary href=(format!("/login/{}", card.name)) { "Connect " (card.display_name) } },
            (Err(wrong), _) => (setup(card, wrong)),
        }
    }
}

/// What to do for a provider without credentials.
fn setup(card: &Card, wrong: &str) -> Markup {
    let Some(known) = card.setup else { return html! {} };
    html! {
        div.setup {
            @if known.missing().is_empty() {
                p { "The credentials cannot be used:" }
                ul { @for line in wrong.lines() { li { (line) } } }
            } @else {
                p { "Set these variables and start again:" }
                ul.variables { @for variable in known.missing() { li { code { (variable) } } } }
            }
            dl {
                div { dt { "Get them at" } dd { a href=(known.register) rel="noopener noreferrer" { (host(known.register)) } } }
                div { dt { "Redirect URI to register" } dd { code.address { (breakable(&card.redirect_uri)) } } }
            }
        }
    }
}

pub(super) fn tile(card: &Card) -> Markup {
    html! { span.tile.(card.name) aria-hidden="true" { (card.display_name.chars().next().unwrap_or('?')) } }
}

/// The host of one of our own links.
fn host(url: &str) -> &str {
    url.trim_start_matches("https://").split('/').next().unwrap_or(url)
}

/// An address that a narrow card breaks at its last slash rather than inside a word.
fn breakable(address: &str) -> Markup {
    let (head, tail) = address.rsplit_once('/').unwrap_or(("", address));
    html! { (head) "/" wbr; (tail) }
}
