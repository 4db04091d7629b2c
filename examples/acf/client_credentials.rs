//! `acf client-credentials`: a token for the application itself.

use crate::{
    args::ClientCredentials,
    client::{NOWHERE, Options, Purpose},
    failed::Failed,
    terminal::{object, print, waiting},
};

pub(crate) async fn run(args: &ClientCredentials) -> Result<(), Failed> {
    let options = Options::read(&args.provider, Some(&args.ask), Purpose::Service);
    let flow = options.client(NOWHERE, None).await?.flow;
    let mut request = flow.client_credentials();
    if let Some(scopes) = &options.scopes {
        request = request.scope(scopes.clone());
    }
    for (name, value) in &options.params {
        request = request.param(*name, *value);
    }
    for resource in &args.resources {
        request = request.resource(resource);
    }
    let token = waiting("asking for a token", request.into_future()).await?;
    print(object(&token))
}
