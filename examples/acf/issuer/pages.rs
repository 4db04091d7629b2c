//! Login, consent, and what goes wrong before there is a client to tell.

use maud::{Markup, html};

use super::{
    accounts::{ACCOUNTS, Account},
    in_words,
};
use crate::web::page::{Site, page};

pub(super) fn login(client: &str, request: &str) -> Markup {
    page(
        Site::Issuer,
        "Log in",
        &html! {
            div.panel {
                h1 { "Log in" }
                p.lead { "to continue to " strong { (client) } }
                form method="post" action="/login" {
                    input type="hidden" name="request" value=(request);
                    fieldset {
                        legend { "Choose an account" }
                        @for account in &ACCOUNTS {
                            button.choice type="submit" name="account" value=(account.login) {
                                (avatar(account.name))
                                span { strong { (account.name) } small { (account.about) } }
                            }
                        }
                    }
                }
                p.note { "This is a demo: no password is needed, and these accounts exist on your machine only." }
            }
        },
    )
}

pub(super) fn consent(client: &str, account: &Account, scopes: &[&str], request: &str) -> Markup {
    page(
        Site::Issuer,
        "Allow access?",
        &html! {
            div.panel {
                h1 { "Allow access?" }
                p.lead { strong { (client) } " wants to:" }
                ul.scopes {
                    @for scope in scopes {
                        li { span { (in_words(scope).unwrap_or("Something this server does not know")) } code { (scope) } }
                    }
                }
                form.decide method="post" action=(format!("/authorize?{request}")) {
                    button.primary type="submit" name="decision" value="allow" { "Allow" }
                    button type="submit" name="decision" value="deny" { "Deny" }
                }
                form.who method="post" action="/logout" {
                    input type="hidden" name="request" value=(request);
                    (avatar(account.name))
                    span { strong { (account.name) } small { "logged in here" } }
                    button.quiet type="submit" { "Use another account" }
                }
                p.note { "It gets a token for these things only, for five minutes at a time, and you can take it back." }
            }
        },
    )
}

pub(super) fn problem(title: &str, text: &str) -> Markup {
    page(
        Site::Issuer,
        title,
        &html! {
            div.panel { h1 { (title) } p.lead { (text) } p.note { "Go back to the application and begin again." } }
        },
    )
}

pub(super) fn home() -> Markup {
    page(
        Site::Issuer,
        "Nothing to do here",
        &html! {
            div.panel {
                h1 { "Nothing to do here" }
                p.lead { "Applications send people here to log in. Open the demo, and connect \u{201c}Demo\u{201d}." }
            }
        },
    )
}

fn avatar(name: &str) -> Markup {
    let initials: String = name.split(' ').filter_map(|word| word.chars().next()).collect();
    html! { span.avatar aria-hidden="true" { (initials) } }
}
