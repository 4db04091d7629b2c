//! `acf login`: a token in a terminal (RFC 8252, and RFC 8628 for `--device`).

mod device;
mod listener;
mod window;

use std::{sync::Arc, time::Duration};

use acf_core::{Error, ErrorKind, Flow, StateStore, Token};
use tokio::net::TcpStream;
use url::Url;

use self::{listener::Listener, window::Page};
use crate::{
    args::{Login, Target},
    client::{Options, Purpose},
    failed::{Exit, Failed},
    store::Place,
    terminal::{Progress, object, print, say},
};

pub(crate) async fn run(args: &Login) -> Result<(), Failed> {
    let token = if args.device { device::login(args).await? } else { login(args).await? };
    print(object(&token))
}

/// How long a person may take, unless they are given another time.
const PATIENCE: u64 = 300;

/// With `--save`, where the token will be stored: opened before anybody logs in, since a token that cannot be stored should
/// not be asked for.
async fn kept(args: &Login, options: &Options<'_>) -> Result<Option<Arc<dyn StateStore>>, Failed> {
    if !args.save || !options.mistakes.is_empty() {
        return Ok(None);
    }
    let place = Place::of_the_person(args.store.as_ref())?;
    place.prepare()?;
    place.open().await.map(Some)
}

async fn login(args: &Login) -> Result<Token, Failed> {
    let mut options = Options::read(&args.provider, Some(&args.ask), Purpose::Login);
    let asked = args.redirect_uri.as_deref().and_then(|text| {
        let noted = |reason| options.mistakes.push(format!("--redirect-uri {text}: {reason}"));
        loopback(text).map_err(noted).ok()
    });
    // The port has to be known before the flow is made: it is part of the redirect URI.
    let listener = Listener::bind(asked.as_ref()).await.map_err(|line| {
        let mut lines = options.mistakes.clone();
        lines.push(line);
        Failed::usage(lines)
    })?;
    let patience = Duration::from_secs(args.timeout.unwrap_or(PATIENCE));
    options.lifetime = Some(patience + Duration::from_secs(60));
    let client = options.client(listener.redirect_uri(), kept(args, &options).await?).await?;
    let mut begin = client.flow.begin(&client.user);
    if let Some(scopes) = &options.scopes {
        begin = begin.scope(scopes.clone());
    }
    for (name, value) in &options.params {
        begin = begin.param(*name, *value);
    }
    let request = begin.await?;
    let redirect_uri = listener.redirect_uri().to_owned();

    say(format_args!("open {}", request.url));
    if !args.no_browser && opener::open_browser(&request.url).is_err() {
        say("acf: no browser could be opened; open the URL above by hand");
    }
    if args.provider.provider == Target::Demo {
        look_for_server(&args.provider.server).await;
    }
    let progress = Progress::start("waiting for you in the browser");
    let waiting = tokio::time::timeout(patience, listener.wait(request.state.as_str()));
    let arrival = waiting.await;
    drop(progress);
    let Ok(arrival) = arrival else {
        // A provider that does not know the client or its redirect URI says so in the browser only (RFC 6749 section 4.1.2.1).
        let line = format!(
            "timed out: nobody came back from the browser in {} s; if it shows an error of the provider, check that this \
             client is registered there with the redirect URI {redirect_uri}",
            patience.as_secs()
        );
        return Err(Failed::new(Exit::TimedOut, line));
    };
    let result = client.flow.finish(&client.user, &arrival.query).await;
    arrival.show(Page::of(&client.flow, &result)).await;
    Ok(result?)
}

/// Says so if nobody is there, instead of letting a person find out in the browser.
async fn look_for_server(server: &str) {
    let address = Url::parse(server).ok().and_then(|url| {
        let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
        Some((host, url.port_or_known_default()?))
    });
    let Some(address) = address else { return };
    let connected = tokio::time::timeout(Duration::from_secs(2), TcpStream::connect(address)).await;
    if !matches!(connected, Ok(Ok(_))) {
        say(format_args!("acf: nothing answers at {server}; is `acf serve` running?"));
    }
}

/// RFC 8252 section 7.3: plain http is for this machine only, and only there can this program listen.
fn loopback(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "this is not a URL")?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    if url.scheme() != "http" || !here {
        return Err("it has to be an http URL of this machine, such as http://127.0.0.1:8123/callback");
    }
    if url.port() == Some(0) || url.fragment().is_some() || !url.username().is_empty() {
        return Err("it has to be an address that can be listened on, without a fragment");
    }
    Ok(url)
}

impl Page {
    fn of(flow: &Flow, result: &Result<Token, Error>) -> Self {
        match result {
            Ok(_) => Self::done(flow.display_name()),
            Err(error) if error.kind() == ErrorKind::AccessDenied => Self::denied(flow.display_name()),
            Err(_) => Self::failed(flow.display_name()),
        }
    }
}
