//! The page of a connected account. The token is on it in masked form only, so that people can tell two apart.

use acf_core::Token;
use maud::{Markup, html};
use serde_json::Value;

use super::{Card, accounts::Account, home::tile, words};
use crate::{
    issuer,
    web::page::{Site, fact, page},
};

/// What a form has done, as it stands in the address of the page it leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Connected,
    Called,
    Refreshed,
    Revoked,
    Forgotten,
}

impl Done {
    const ALL: [Self; 5] = [Self::Connected, Self::Called, Self::Refreshed, Self::Revoked, Self::Forgotten];

    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Called => "called",
            Self::Refreshed => "refreshed",
            Self::Revoked => "disconnected",
            Self::Forgotten => "forgotten",
        }
    }

    pub(super) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.slug() == slug)
    }

    /// Whether nothing is connected afterwards.
    pub(super) const fn is_end(self) -> bool {
        matches!(self, Self::Revoked | Self::Forgotten)
    }
}

pub(super) fn connected(card: &Card, token: &Token, account: &Account, can_revoke: bool, done: Option<Done>) -> Markup {
    let action = |name: &str| format!("/connections/{}/{name}", card.name);
    let main = html! {
        p.back { a href="/" { "All providers" } }
        @if let Some(done) = done { p.notice role="status" { (said(done)) } }
        div.head.big {
            (tile(card))
            div {
                h1 { (card.display_name) }
                @if account.name.is_empty() {
                    p.state.on { "Connected" }
                } @else {
                    p.state.on { "Connected as " strong { (account.name) } }
                }
            }
        }

        section.sheet aria-labelledby="token" {
            h2 #token { "Token" }
            dl.facts {
                @if !account.subject.is_empty() { (fact("User number", &html! { (account.subject) })) }
                (fact("Allowed", &scopes(token)))
                (fact("Access token", &html! { code { (token.access_token().masked()) } }))
                (fact("Expires", &expiry(token)))
                (fact("Refresh token", &match token.refresh_token() {
                    Some(secret) => html! { code { (secret.masked()) } },
                    None => html! { "none: when the token ends, connect again" },
                }))
            }
            div.actions {
                @if card.api.is_some() {
                    form method="post" action=(action("call")) { button.primary type="submit" { "Call the API" } }
                }
                @if token.refresh_token().is_some() {
                    form method="post" action=(action("refresh")) { button type="submit" { "Refresh" } }
                }
                form method="post" action=(action("disconnect")) { button.danger type="submit" { "Disconnect" } }
            }
            @if card.api.is_none() {
                p.note { "This API takes the token in a way of its own, so there is no call to try here." }
            }
            @if can_revoke {
                p.note { "Disconnecting revokes the token at " (card.display_name) " and forgets it here." }
            } @else {
                p.note { "Disconnecting forgets the token here. " (elsewhere(card)) }
            }
        }

        @if let Some(answer) = account.answer.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok()) {
            section.sheet aria-labelledby="answer" {
                h2 #answer { "What the API answered" }
                (shown(&answer))
            }
        }
    };
    page(Site::Demo, card.display_name, &main)
}

/// The page where nothing is connected.
pub(super) fn absent(card: &Card, done: Option<Done>) -> Markup {
    let title = if done.is_some() { "Disconnected" } else { "Not connected" };
    let main = html! {
        div.panel {
            h1 { (title) }
            @match done {
                Some(Done::Revoked) => p.lead role="status" { "The token was revoked at " (card.display_name) " and forgotten here." },
                Some(_) => p.lead role="status" { "The token was forgotten here. " (elsewhere(card)) },
                None => p.lead { "Nothing is connected to " (card.display_name) " in this browser." },
            }
            div.actions {
                @if card.flow.is_ok() {
                    a.button.primary href=(format!("/login/{}", card.name)) { "Connect " (card.display_name) }
                }
                a.button href="/" { "To the start page" }
            }
        }
    };
    page(Site::Demo, title, &main)
}

const fn said(done: Done) -> &'static str {
    match done {
        Done::Connected => "You are connected.",
        Done::Called => "The API was called with the token; its answer is below.",
        Done::Refreshed => "The token was refreshed: a new one is in its place, and the old refresh token is spent.",
        Done::Revoked | Done::Forgotten => "Disconnected.",
    }
}

/// Where access is taken back at a provider that no program can ask for it.
fn elsewhere(card: &Card) -> Markup {
    html! {
        @match card.setup {
            Some(known) => {
                (card.display_name) " still lists this application until you "
                a href=(known.remove) rel="noopener noreferrer" { "remove it there" } "."
            }
            None => { (card.display_name) " could not be told; what was issued ends by itself." }
        }
    }
}

fn scopes(token: &Token) -> Markup {
    // In the same order after each refresh, whatever the provider's is.
    let mut scopes: Vec<_> = token.scopes().iter().collect();
    scopes.sort_unstable();
    html! {
        @if scopes.is_empty() { "nothing in particular" }
        ul.plain {
            @for scope in scopes {
                li { @if let Some(words) = issuer::in_words(scope) { (words) " " } code { (scope) } }
            }
        }
    }
}

fn expiry(token: &Token) -> Markup {
    html! {
        @match token.expires_at() {
            Some(end) => {
                (words::relative(end)) " "
                time datetime=(words::exact(end)) { (words::exact(end).replace('T', " ").replace('Z', " UTC")) }
            }
            None => "the provider did not say",
        }
    }
}

/// JSON for people: the members of an object, the items of a list. Long answers are cut.
fn shown(value: &Value) -> Markup {
    const MOST: usize = 40;
    html! {
        @match value {
            Value::Object(members) => dl.facts {
                @for (name, value) in members.iter().filter(|(_, value)| !value.is_null()).take(MOST) {
                    (fact(name, &shown(value)))
                }
            },
            Value::Array(items) => ul.plain { @for item in items.iter().take(MOST) { li { (shown(item)) } } },
            Value::String(text) => (text.chars().take(300).collect::<String>()),
            Value::Null => "nothing",
            other => (other),
        }
    }
}
