//! `acf revoke`: the end of a stored token, here and at the provider.

use acf_core::ErrorKind;
use serde_json::json;

use crate::{
    args::Revoke,
    client::{Purpose, Stored},
    failed::{Exit, Failed, words},
    terminal::{print, say, waiting},
};

pub(crate) async fn run(args: &Revoke) -> Result<(), Failed> {
    let stored = Stored::find(&args.provider, &args.store, Purpose::Stored).await?;
    let name = stored.client.flow.display_name();
    let reason = match waiting("giving the token up", stored.session.revoke()).await {
        Ok(()) => None,
        // Not even forgotten.
        Err(error) if matches!(error.kind(), ErrorKind::Store | ErrorKind::NoToken) => return Err(stored.failed(error)),
        Err(error) => Some(words(&error)),
    };
    match (&reason, args.json) {
        (None, true) => print(json!({ "forgotten": true, "revoked": true })),
        (Some(reason), true) => print(json!({ "forgotten": true, "revoked": false, "reason": reason })),
        (None, false) => {
            say(format_args!("given up at {name}, and forgotten here"));
            Ok(())
        }
        (Some(_), false) => Ok(()),
    }?;
    match reason {
        None => Ok(()),
        Some(reason) => Err(Failed::new(
            Exit::Half,
            format!("forgotten here, but not given up at {name}, where it may still be good: {reason}"),
        )),
    }
}
