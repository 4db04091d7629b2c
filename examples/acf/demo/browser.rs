//! The session of a browser: a random cookie that stands for a user of this demo.
//!
//! The user is what a login is bound to, and under which its token is stored. It never leaves the database, so no browser
//! can name somebody else's.

use axum::http::HeaderMap;

use super::Demo;
use crate::{
    database::{Failure, now},
    ids,
    web::cookie,
};

const DAY: i64 = 24 * 60 * 60;
/// How long a browser is remembered that has finished a login,
const LIFETIME: i64 = 30 * DAY;
/// and one that has only begun one.
const LIFETIME_BEFORE: i64 = DAY;
/// No more browsers are remembered. Beginning a login costs nothing and needs no cookie, so that somebody may do it without
/// end: then those give way that end first, which are others of that kind.
const MOST: i64 = 10_000;

impl Demo {
    /// `__Host-` binds the cookie to this host and this scheme, and therefore needs https. On plain http, which is
    /// accepted for this machine only, neither the prefix nor `Secure` would survive in every browser.
    fn cookie_name(&self) -> &'static str {
        if self.secure() { "__Host-acf" } else { "acf" }
    }

    /// The user of this browser, if it has been here before.
    pub(super) async fn user(&self, headers: &HeaderMap) -> Result<Option<String>, Failure> {
        let Some(id) = cookie::read(headers, self.cookie_name()) else { return Ok(None) };
        let id = ids::digest(&id);
        self.database
            .run(move |connection| {
                let sql = "SELECT user FROM demo_browser WHERE id = ?1 AND expires_at > ?2";
                let mut find = connection.prepare_cached(sql)?;
                let mut rows = find.query((id, now()))?;
                rows.next()?.map(|row| row.get(0)).transpose()
            })
            .await
    }

    /// A user for a browser without one, and its `Set-Cookie`.
    pub(super) async fn new_user(&self) -> Result<(String, String), Failure> {
        let (cookie, user) = (ids::random()?, ids::random()?);
        let row = (ids::digest(&cookie), user.clone(), now() + LIFETIME_BEFORE);
        self.database
            .run(|connection| {
                let over = "SELECT id FROM demo_browser ORDER BY expires_at
                            LIMIT max(0, (SELECT count(*) FROM demo_browser) - ?2)";
                connection
                    .prepare_cached(&format!("DELETE FROM demo_browser WHERE expires_at <= ?1 OR id IN ({over})"))?
                    .execute((now(), MOST - 1))?;
                connection.execute("INSERT INTO demo_browser VALUES (?1, ?2, ?3)", row)
            })
            .await?;
        Ok((user, cookie::set(self.cookie_name(), &cookie, LIFETIME_BEFORE, self.secure())))
    }

    /// Gives the browser a new cookie, and ends the old one: whoever knew or planted that one is not let in with the
    /// connected account.
    pub(super) async fn rotate(&self, headers: &HeaderMap) -> Result<Option<String>, Failure> {
        let Some(old) = cookie::read(headers, self.cookie_name()) else { return Ok(None) };
        let cookie = ids::random()?;
        let (old, new) = (ids::digest(&old), ids::digest(&cookie));
        self.database
            .run(move |connection| {
                let sql = "UPDATE demo_browser SET id = ?1, expires_at = ?2 WHERE id = ?3";
                connection.execute(sql, (new, now() + LIFETIME, old))
            })
            .await?;
        Ok(Some(cookie::set(self.cookie_name(), &cookie, LIFETIME, self.secure())))
    }
}
