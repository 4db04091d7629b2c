//! The people who have an account here, and the browsers in which they are logged in.

use axum::http::HeaderMap;

use crate::{
    database::{Database, Failure, now},
    ids,
    web::cookie,
};

/// An account, with something in it that is worth a scope.
pub(super) struct Account {
    /// `sub`: stable, and never given to anybody else.
    pub(super) id: &'static str,
    pub(super) login: &'static str,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) notes: &'static [&'static str],
}

pub(super) const ACCOUNTS: [Account; 3] = [
    Account {
        id: "1815",
        login: "ada",
        name: "Ada Lovelace",
        about: "wrote the first program",
        notes: &["Bernoulli numbers: check note G again", "Ask Charles about the operation cards"],
    },
    Account {
        id: "1906",
        login: "grace",
        name: "Grace Hopper",
        about: "wrote the first compiler",
        notes: &["Moth removed from relay 70, panel F", "Bring a nanosecond of wire to the talk"],
    },
    Account {
        id: "1936",
        login: "margaret",
        name: "Margaret Hamilton",
        about: "wrote the software that landed on the Moon",
        notes: &["Alarm 1202 is fine, go", "Priority displays: what if the crew starts P01 in flight?"],
    },
];

/// Not the demo's cookie name: cookies do not tell ports apart, so both servers see both.
const COOKIE: &str = "acf_issuer";
const REMEMBERED: i64 = 8 * 60 * 60;

impl Account {
    pub(super) fn by_login(login: &str) -> Option<&'static Self> {
        ACCOUNTS.iter().find(|account| account.login == login)
    }

    pub(super) fn by_id(id: &str) -> Option<&'static Self> {
        ACCOUNTS.iter().find(|account| account.id == id)
    }
}

/// Who is logged in, in this browser.
pub(super) async fn current(database: &Database, headers: &HeaderMap) -> Result<Option<&'static Account>, Failure> {
    let Some(id) = cookie::read(headers, COOKIE) else { return Ok(None) };
    let id = ids::digest(&id);
    let found = database
        .run(move |connection| {
            let mut find =
                connection.prepare_cached("SELECT account FROM issuer_browser WHERE id = ?1 AND expires_at > ?2")?;
            let mut rows = find.query((id, now()))?;
            rows.next()?.map(|row| row.get::<_, String>(0)).transpose()
        })
        .await?;
    Ok(found.and_then(|account| Account::by_id(&account)))
}

/// Logs in: the `Set-Cookie` of a fresh id.
pub(super) async fn log_in(database: &Database, account: &'static Account, secure: bool) -> Result<String, Failure> {
    let cookie = ids::random()?;
    let id = ids::digest(&cookie);
    database
        .run(move |connection| {
            let sql = "INSERT INTO issuer_browser VALUES (?1, ?2, ?3)";
            connection.execute(sql, (id, account.id, now() + REMEMBERED))
        })
        .await?;
    Ok(cookie::set(COOKIE, &cookie, REMEMBERED, secure))
}

/// Logs out: the `Set-Cookie` that removes the cookie.
pub(super) async fn log_out(database: &Database, headers: &HeaderMap, secure: bool) -> Result<String, Failure> {
    if let Some(id) = cookie::read(headers, COOKIE) {
        let id = ids::digest(&id);
        database.run(move |connection| connection.execute("DELETE FROM issuer_browser WHERE id = ?1", [id])).await?;
    }
    Ok(cookie::set(COOKIE, "", 0, secure))
}
