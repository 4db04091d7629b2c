//! Codes and tokens in SQLite: they survive the end of the process, and the file holds digests only.

use chrono::{DateTime, TimeDelta, Utc};
use oxide_auth::primitives::{
    authorizer::Authorizer,
    grant::{Extensions, Grant, Value},
    issuer::{IssuedToken, Issuer, RefreshedToken, TokenType},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    database::{Database, now},
    ids,
};

/// Short, so that a refresh is something to watch.
const ACCESS: i64 = 5 * 60;
const REFRESH: i64 = 30 * 24 * 60 * 60;
/// RFC 6749 section 4.1.2 recommends at most ten minutes; a redirect takes seconds.
const CODE: i64 = 60;
const HONEST_RACE: i64 = 10;

#[derive(Clone, Copy)]
enum Kind {
    Code,
    Access,
    Refresh,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }

    const fn lifetime(self) -> i64 {
        match self {
            Self::Code => CODE,
            Self::Access => ACCESS,
            Self::Refresh => REFRESH,
        }
    }
}

/// oxide-auth's two stores in one, for the duration of one request.
pub(super) struct Grants<'a> {
    database: &'a Database,
    /// The family of the code or refresh token that this request has presented.
    family: Option<String>,
    /// Whether this request has presented a code.
    pub(super) code_was_presented: bool,
}

impl<'a> Grants<'a> {
    pub(super) const fn new(database: &'a Database) -> Self {
        Self { database, family: None, code_was_presented: false }
    }

    /// Stores a grant under a fresh identifier and returns that.
    fn put(&self, kind: Kind, family: &str, grant: &Grant) -> Result<String, ()> {
        let random = ids::random().map_err(drop)?;
        // A prefix by which people, and scanners for leaked secrets, know what they look at.
        let id = format!("demo_{}_{random}", kind.name());
        let pkce = grant.extensions.private().find(|(name, _)| *name == "pkce").and_then(|(_, value)| value);
        self.database
            .lock()
            .execute(
                "INSERT INTO issuer_grant VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
                params![
                    ids::digest(&id),
                    kind.name(),
                    family,
                    grant.owner_id,
                    grant.client_id,
                    grant.scope.to_string(),
                    grant.redirect_uri.as_str(),
                    pkce,
                    now() + kind.lifetime(),
                ],
            )
            .map_err(drop)?;
        Ok(id)
    }

    /// Marks a code or refresh token as used, now; whether this was the first use.
    fn spend(&self, kind: Kind, id: &str) -> Result<bool, ()> {
        let connection = self.database.lock();
        let sql = "UPDATE issuer_grant SET used = ?3 WHERE id = ?1 AND kind = ?2 AND used = 0";
        let spent = connection.execute(sql, params![ids::digest(id), kind.name(), now()]).map_err(drop)?;
        if spent == 0 {
            replayed(&connection, kind, id).map_err(drop)?;
        }
        Ok(spent == 1)
    }

    fn find(&self, kind: Kind, id: &str) -> Result<Option<(Grant, String)>, ()> {
        find(&self.database.lock(), kind, id).map_err(drop)
    }

    fn pair(&self, grant: &Grant) -> Result<IssuedToken, ()> {
        let family = match &self.family {
            Some(family) => family.clone(),
            None => ids::random().map_err(drop)?,
        };
        let token = self.put(Kind::Access, &family, grant)?;
        let refresh = self.put(Kind::Refresh, &family, grant)?;
        let until = Utc::now() + TimeDelta::seconds(ACCESS);
        Ok(IssuedToken { token, refresh: Some(refresh), until, token_type: TokenType::Bearer })
    }
}

impl Authorizer for Grants<'_> {
    fn authorize(&mut self, grant: Grant) -> Result<String, ()> {
        let family = ids::random().map_err(drop)?;
        self.put(Kind::Code, &family, &grant)
    }

    fn extract(&mut self, code: &str) -> Result<Option<Grant>, ()> {
        self.code_was_presented = true;
        if !self.spend(Kind::Code, code)? {
            return Ok(None);
        }
        let (grant, family) = self.find(Kind::Code, code)?.unzip();
        self.family = family;
        Ok(grant)
    }
}

impl Issuer for Grants<'_> {
    fn issue(&mut self, grant: Grant) -> Result<IssuedToken, ()> {
        self.pair(&grant)
    }

    fn refresh(&mut self, refresh: &str, grant: Grant) -> Result<RefreshedToken, ()> {
        self.family = self.find(Kind::Refresh, refresh)?.map(|(_, family)| family);
        if !self.spend(Kind::Refresh, refresh)? {
            return Err(());
        }
        let IssuedToken { token, refresh, until, token_type } = self.pair(&grant)?;
        Ok(RefreshedToken { token, refresh, until, token_type })
    }

    fn recover_token(&self, token: &str) -> Result<Option<Grant>, ()> {
        Ok(self.find(Kind::Access, token)?.map(|(grant, _)| grant))
    }

    fn recover_refresh(&self, refresh: &str) -> Result<Option<Grant>, ()> {
        let connection = self.database.lock();
        match used(&connection, refresh).map_err(drop)? {
            None | Some(0) => Ok(find(&connection, Kind::Refresh, refresh).map_err(drop)?.map(|(grant, _)| grant)),
            Some(_) => replayed(&connection, Kind::Refresh, refresh).map(|()| None).map_err(drop),
        }
    }
}

/// An access token's grant.
pub(super) fn access(connection: &Connection, token: &str) -> rusqlite::Result<Option<Grant>> {
    Ok(find(connection, Kind::Access, token)?.map(|(grant, _)| grant))
}

/// Ends everything that came from the same consent, if the token was issued to this client (RFC 7009 section 2.1).
pub(super) fn revoke(connection: &Connection, token: &str, client: &str) -> rusqlite::Result<()> {
    let owner: Option<String> = connection
        .query_row("SELECT client FROM issuer_grant WHERE id = ?1", [ids::digest(token)], |row| row.get(0))
        .optional()?;
    if owner.as_deref() == Some(client) { revoke_family_of(connection, token) } else { Ok(()) }
}

/// When a code or token was used, 0 if it was not; `None` if there is no such thing.
fn used(connection: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT used FROM issuer_grant WHERE id = ?1";
    connection.query_row(sql, [ids::digest(id)], |row| row.get(0)).optional()
}

/// Something was presented that had been used. Somebody holds a copy: everything that came from the same consent ends
/// (RFC 6749 section 10.5, RFC 9700 section 4.14.2). Only two tabs that refresh at once are no theft.
fn replayed(connection: &Connection, kind: Kind, id: &str) -> rusqlite::Result<()> {
    let race = matches!(kind, Kind::Refresh) && used(connection, id)?.is_some_and(|at| now() - at <= HONEST_RACE);
    if race { Ok(()) } else { revoke_family_of(connection, id) }
}

fn revoke_family_of(connection: &Connection, id: &str) -> rusqlite::Result<()> {
    let sql = "DELETE FROM issuer_grant WHERE family = (SELECT family FROM issuer_grant WHERE id = ?1)";
    connection.execute(sql, [ids::digest(id)]).map(drop)
}

type Row = (String, String, String, String, Option<String>, i64, String);

fn find(connection: &Connection, kind: Kind, id: &str) -> rusqlite::Result<Option<(Grant, String)>> {
    let sql = "SELECT account, client, scope, redirect_uri, pkce, expires_at, family FROM issuer_grant
               WHERE id = ?1 AND kind = ?2 AND expires_at > ?3";
    let row: Option<Row> = connection
        .prepare_cached(sql)?
        .query_row(params![ids::digest(id), kind.name(), now()], |row| row.try_into())
        .optional()?;
    Ok(row.and_then(|(owner_id, client_id, scope, redirect_uri, pkce, expires_at, family)| {
        let mut extensions = Extensions::new();
        if pkce.is_some() {
            extensions.set_raw("pkce".to_owned(), Value::private(pkce));
        }
        let grant = Grant {
            owner_id,
            client_id,
            scope: scope.parse().ok()?,
            redirect_uri: redirect_uri.parse().ok()?,
            until: DateTime::from_timestamp(expires_at, 0)?,
            extensions,
        };
        Some((grant, family))
    }))
}
