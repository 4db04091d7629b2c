//! `acf token`: an access token that is valid now.

use crate::{
    args::Token,
    client::{Purpose, Stored},
    failed::Failed,
    terminal::{object, print, waiting},
};

pub(crate) async fn run(args: &Token) -> Result<(), Failed> {
    let stored = Stored::find(&args.provider, &args.store, Purpose::Stored).await?;
    let token = waiting("refreshing the token", stored.session.token()).await.map_err(|error| stored.failed(error))?;
    match args.json {
        true => print(object(&token)),
        false => print(token.access_token().expose()),
    }
}
