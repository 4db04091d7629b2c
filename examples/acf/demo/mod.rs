//! The web demo: a site that connects accounts, as a service of one's own would.
//!
//! What matters for a real service is in `login.rs` (begin and finish) and `connection.rs` (use, refresh, end).

mod accounts;
mod browser;
mod connection;
mod connection_page;
mod home;
mod login;
mod problem;
mod routes;
pub(crate) mod words;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use acf_core::{ClientSecret, Flow, FlowBuilder, OAuthProvider, StateStore, http::ReqwestClient};

pub(crate) use self::routes::router;
use crate::{
    database::Database,
    issuer::DEMO_CLIENT,
    known::{self, KNOWN},
};

/// The site.
pub(crate) struct Demo {
    database: Database,
    /// Scheme, host and port under which browsers know this site. Never taken from a request: whoever chooses the
    /// `Host` header would choose where codes are sent.
    origin: String,
    cards: Vec<Card>,
}

/// A provider on offer.
struct Card {
    name: &'static str,
    display_name: &'static str,
    tagline: &'static str,
    redirect_uri: String,
    /// `Err` says what is missing or wrong, one thing a line.
    flow: Result<Flow, String>,
    /// What "Call the API" calls.
    api: Option<String>,
    setup: Option<&'static known::Known>,
}

/// What the cards are made of.
pub(crate) struct Setup {
    pub(crate) database: Database,
    pub(crate) store: Arc<dyn StateStore>,
    pub(crate) origin: String,
    pub(crate) issuer: String,
    pub(crate) secret: String,
}

impl Demo {
    /// Makes the flow of every provider, once. They share one store and one HTTP client with its connections.
    pub(crate) fn open(setup: Setup) -> Result<Arc<Self>, acf_core::Error> {
        let Setup { database, store, origin, issuer, secret } = setup;
        let http = ReqwestClient::new()?;
        let flow = |builder: FlowBuilder| builder.state_store(store.clone()).http_client(http.clone()).build();

        let redirect_uri = redirect_uri(&origin, "demo");
        let provider = Embedded {
            client_id: DEMO_CLIENT,
            client_secret: secret.parse()?,
            redirect_uri: &redirect_uri,
            base_uri: &issuer,
            issuer: &issuer,
        };
        let builder = Flow::builder(provider);
        let mut cards = vec![Card {
            name: "demo",
            display_name: "Demo",
            tagline: "Runs on this machine, next to this page: try the whole flow without an account anywhere.",
            redirect_uri,
            flow: Ok(flow(builder)?),
            api: Some(format!("{issuer}/notes")),
            setup: None,
        }];
        for known in &KNOWN {
            let redirect_uri = self::redirect_uri(&origin, known.name());
            let built = known::provider(known.name(), &redirect_uri)
                .and_then(|builder| flow(builder).map_err(|error| error.to_string()));
            cards.push(Card {
                name: known.name(),
                display_name: known.display_name(),
                tagline: known.tagline,
                redirect_uri,
                flow: built,
                api: known.api.map(str::to_owned),
                setup: Some(known),
            });
        }
        Ok(Arc::new(Self { database, origin, cards }))
    }

    /// Waits for refreshes that are under way: a new refresh token that is not stored would be lost.
    pub(crate) async fn drain(&self, patience: Duration) {
        let begun = Instant::now();
        for flow in self.cards.iter().filter_map(|card| card.flow.as_ref().ok()) {
            flow.drain(patience.saturating_sub(begun.elapsed())).await;
        }
    }

    fn card(&self, name: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.name == name)
    }

    fn secure(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

/// A redirect URI of its own for every provider: one cannot pass its answer off as another's (RFC 9700 section 4.4).
pub(crate) fn redirect_uri(origin: &str, provider: &str) -> String {
    format!("{origin}/callback/{provider}")
}

/// The provider that runs in this process. Where it listens is known at the start only, so that comes from fields.
#[derive(OAuthProvider)]
#[oauth(
    name = "demo",
    display_name = "Demo",
    authorization_path = "/authorize",
    access_token_path = "/token",
    revocation_path = "/revoke",
    userinfo_path = "/userinfo",
    scope("profile", "notes"),
    client_auth = client_secret_basic,
)]
struct Embedded<'a> {
    client_id: &'a str,
    client_secret: ClientSecret,
    redirect_uri: &'a str,
    base_uri: &'a str,
    issuer: &'a str,
}
