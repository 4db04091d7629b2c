//! Which accounts a browser has connected, and what is known about them.

use acf_core::{Error, ErrorKind, Session};
use axum::http::HeaderMap;
use rusqlite::OptionalExtension;

use super::{Card, Demo};
use crate::database::Failure;

/// What the provider's API told.
#[derive(Default)]
pub(super) struct Account {
    pub(super) subject: String,
    pub(super) name: String,
    /// The API's last answer, as JSON.
    pub(super) answer: Option<String>,
}

impl Demo {
    /// The session of this browser's user with a provider; `None` where nothing is connected.
    pub(super) async fn session(&self, card: &Card, headers: &HeaderMap) -> Result<Option<(String, Session)>, Failure> {
        let Some(user) = self.user(headers).await? else { return Ok(None) };
        Ok(session_of(card, &user).await?.map(|session| (user, session)))
    }

    pub(super) async fn is_connected(&self, card: &Card, headers: &HeaderMap) -> bool {
        matches!(self.session(card, headers).await, Ok(Some(_)))
    }

    /// The connected providers and the names of the accounts; empty where a name is not known.
    pub(super) async fn names(&self, headers: &HeaderMap) -> Result<Vec<(String, String)>, Failure> {
        let mut names = Vec::new();
        let Some(user) = self.user(headers).await? else { return Ok(names) };
        for card in &self.cards {
            if session_of(card, &user).await?.is_some() {
                names.push((card.name.to_owned(), self.account(card, &user).await?.name));
            }
        }
        Ok(names)
    }

    pub(super) async fn account(&self, card: &Card, user: &str) -> Result<Account, Failure> {
        let key = (card.name, user.to_owned());
        let row = self.database.run(move |connection| {
            let sql = "SELECT subject, name, answer FROM demo_account WHERE provider = ?1 AND user = ?2";
            let read =
                |row: &rusqlite::Row<'_>| Ok(Account { subject: row.get(0)?, name: row.get(1)?, answer: row.get(2)? });
            connection.prepare_cached(sql)?.query_row(key, read).optional()
        });
        Ok(row.await?.unwrap_or_default())
    }

    pub(super) async fn keep_answer(&self, card: &Card, user: &str, answer: String) -> Result<(), Failure> {
        let row = (card.name, user.to_owned(), answer);
        self.database
            .run(move |connection| {
                let sql = "INSERT INTO demo_account VALUES (?1, ?2, '', '', ?3)
                           ON CONFLICT (provider, user) DO UPDATE SET answer = excluded.answer";
                connection.execute(sql, row).map(drop)
            })
            .await
    }

    pub(super) async fn forget_account(&self, card: &Card, user: &str) -> Result<(), Failure> {
        let key = (card.name, user.to_owned());
        self.database
            .run(move |connection| {
                connection.execute("DELETE FROM demo_account WHERE provider = ?1 AND user = ?2", key).map(drop)
            })
            .await
    }
}

async fn session_of(card: &Card, user: &str) -> Result<Option<Session>, Failure> {
    let Ok(flow) = &card.flow else { return Ok(None) };
    match flow.session(user).await {
        Ok(session) => Ok(Some(session)),
        Err(error) if error.kind() == ErrorKind::NoToken => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// A store's error, with its cause.
pub(super) fn failed(error: &Error) -> Failure {
    match std::error::Error::source(error) {
        Some(cause) => Failure::new(format_args!("{error}: {cause}")),
        None => Failure::new(error),
    }
}
