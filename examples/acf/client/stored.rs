//! The token of an earlier login.

use acf_core::{Error, ErrorKind, Next, Session};

use super::{Client, NOWHERE, Options, Purpose};
use crate::{
    args::{ProviderArgs, StoreArgs},
    failed::{Exit, Failed, words},
    store::Place,
};

/// A client with a stored token.
pub(crate) struct Stored {
    pub(crate) client: Client,
    pub(crate) session: Session,
    /// What brings a token.
    login: String,
}

impl Stored {
    /// Finds the token.
    ///
    /// # Errors
    /// As [`Options::client`]; and with [`Exit::LogIn`], if there is none.
    pub(crate) async fn find(args: &ProviderArgs, kept: &StoreArgs, purpose: Purpose) -> Result<Self, Failed> {
        let options = Options::read(args, None, purpose);
        let place = Place::of_the_person(kept.store.as_ref())?;
        // A file is made where something is put into it.
        let store = match place.may_exist() {
            true => Some(place.open().await?),
            false => None,
        };
        let client = options.client(NOWHERE, store).await?;
        let login = login(args, kept.store.as_ref());
        match client.flow.session(&client.user).await {
            Ok(session) => Ok(Self { client, session, login }),
            Err(error) if error.kind() == ErrorKind::NoToken => {
                let name = client.flow.display_name();
                Err(Failed::new(Exit::LogIn, format!("no token of {name} is stored in {place}: {login}")))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// An error of the stored token's: where only a login helps, that is said.
    pub(crate) fn failed(&self, error: Error) -> Failed {
        let name = self.client.flow.display_name();
        let what = match (error.kind(), error.next()) {
            (ErrorKind::TokenExpired, _) => format!("the token of {name} has expired and cannot be refreshed"),
            (ErrorKind::NoToken | ErrorKind::Conflict, _) => {
                format!("the token of {name} was given up in the meantime")
            }
            (ErrorKind::Provider, Next::Reauthorize) => words(&error),
            _ => return error.into(),
        };
        Failed::new(Exit::LogIn, format!("{what}: {}", self.login))
    }
}

fn login(args: &ProviderArgs, store: Option<&Place>) -> String {
    let provider = args.provider.name();
    let store = store.map(|place| format!(" --store {place}")).unwrap_or_default();
    let same = if args.custom.given().is_empty() { "" } else { ", and the same options" };
    format!("log in with `acf login {provider} --save{store}`{same}")
}
