//! The registered clients: one web application, one terminal program.

use std::borrow::Cow;

use oxide_auth::{
    endpoint::{PreGrant, Registrar, Scope},
    primitives::registrar::{BoundClient, ClientUrl, ExactUrl, RegisteredUrl, RegistrarError},
};

use super::{CLI_CLIENT, DEMO_CLIENT, SCOPES};
use crate::{
    database::{Database, Failure},
    ids,
};

/// Both clients. oxide-auth's own map of clients cannot say "any port of 127.0.0.1", which a terminal client needs.
pub(crate) struct Clients {
    redirect_uri: String,
    /// Compared by digest: equal digests take equally long whatever the guess was.
    secret: [u8; 32],
}

impl Clients {
    /// The clients, with the secret of the demo, which is drawn once per database.
    pub(crate) async fn load(database: &Database, redirect_uri: String) -> Result<(Self, String), Failure> {
        let fresh = ids::random()?;
        let secret: String = database
            .run(move |connection| {
                connection.execute("INSERT OR IGNORE INTO issuer_secret VALUES (?1, ?2)", (DEMO_CLIENT, fresh))?;
                let sql = "SELECT secret FROM issuer_secret WHERE client = ?1";
                connection.query_row(sql, [DEMO_CLIENT], |row| row.get(0))
            })
            .await?;
        Ok((Self { redirect_uri, secret: ids::digest(&secret) }, secret))
    }

    /// What people read on the consent page.
    pub(super) fn display_name(client: &str) -> &'static str {
        if client == CLI_CLIENT { "acf in a terminal" } else { "Auth Code Flow demo" }
    }

    /// RFC 8252 section 7.3: the port is free, address and scheme are not.
    fn is_loopback(uri: &ExactUrl) -> bool {
        let url = uri.to_url();
        url.scheme() == "http"
            && matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    }
}

impl Registrar for Clients {
    fn bound_redirect<'a>(&self, bound: ClientUrl<'a>) -> Result<BoundClient<'a>, RegistrarError> {
        let asked = bound.redirect_uri.ok_or(RegistrarError::Unspecified)?;
        let allowed = match bound.client_id.as_ref() {
            DEMO_CLIENT => asked.as_str() == self.redirect_uri,
            CLI_CLIENT => Self::is_loopback(&asked),
            _ => false,
        };
        if !allowed {
            return Err(RegistrarError::Unspecified);
        }
        let redirect_uri = Cow::Owned(RegisteredUrl::Exact(asked.into_owned()));
        Ok(BoundClient { client_id: bound.client_id, redirect_uri })
    }

    fn negotiate(&self, client: BoundClient<'_>, scope: Option<Scope>) -> Result<PreGrant, RegistrarError> {
        let scope = match scope {
            Some(scope) if scope.iter().next().is_some() => scope,
            _ => "profile".parse().map_err(|_| RegistrarError::PrimitiveError)?,
        };
        if scope.iter().any(|asked| SCOPES.iter().all(|(known, _)| *known != asked)) {
            return Err(RegistrarError::Unspecified);
        }
        Ok(PreGrant { client_id: client.client_id.into_owned(), redirect_uri: client.redirect_uri.into_owned(), scope })
    }

    fn check(&self, client: &str, passphrase: Option<&[u8]>) -> Result<(), RegistrarError> {
        let good = match (client, passphrase) {
            (DEMO_CLIENT, Some(secret)) => {
                std::str::from_utf8(secret).is_ok_and(|secret| ids::digest(secret) == self.secret)
            }
            (CLI_CLIENT, None) => true,
            _ => false,
        };
        if good { Ok(()) } else { Err(RegistrarError::Unspecified) }
    }
}
