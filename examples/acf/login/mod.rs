//! `acf login`: a token in a terminal (RFC 8252).

mod listener;
mod options;
mod window;

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    time::Duration,
};

use acf_core::{Error, ErrorKind, Flow, Token};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use self::{listener::Listener, window::Page};
use crate::{args::Login, demo::words};

/// How it ended, for people and for scripts.
struct Failed {
    code: u8,
    lines: Vec<String>,
}

impl Failed {
    fn usage(lines: Vec<String>) -> Self {
        Self { code: 2, lines }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let text = error.to_string().replace("declare `issuer = ", "pass `--issuer ");
        match error.kind() {
            ErrorKind::Configuration | ErrorKind::Unsupported => Self::usage(text.lines().map(str::to_owned).collect()),
            ErrorKind::AccessDenied => Self { code: 3, lines: vec!["access was denied".to_owned()] },
            _ => Self { code: 5, lines: vec![text] },
        }
    }
}

pub(crate) async fn run(args: Box<Login>) -> ExitCode {
    match login(&args).await {
        Ok(token) => {
            let mut stdout = std::io::stdout();
            match writeln!(stdout, "{}", printed(&token)).and_then(|()| stdout.flush()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
        Err(failed) => {
            for line in &failed.lines {
                say(format_args!("acf: {line}"));
            }
            ExitCode::from(failed.code)
        }
    }
}

async fn login(args: &Login) -> Result<Token, Failed> {
    if args.custom.client_secret.is_some() {
        say("acf: other programs can see secrets on the command line; --client-secret-file is safer");
    }
    let options = options::read(args);
    // The port has to be known before the flow is made: it is part of the redirect URI.
    let listener = Listener::bind(options.redirect_uri()).await.map_err(|line| {
        let mut lines = options.mistakes();
        lines.push(line);
        Failed::usage(lines)
    })?;
    let flow = options.flow(listener.redirect_uri()).map_err(Failed::usage)?;
    let request = options.begin(&flow).await?;
    let redirect_uri = listener.redirect_uri().to_owned();

    say(format_args!("open {}", request.url));
    if !args.no_browser && opener::open_browser(&request.url).is_err() {
        say("acf: no browser could be opened; open the URL above by hand");
    }
    options.look_for_server().await;
    let spinner = spinner();
    let waiting = tokio::time::timeout(Duration::from_secs(args.timeout), listener.wait(request.state.as_str()));
    let arrival = waiting.await;
    spinner.finish_and_clear();
    let Ok(arrival) = arrival else {
        // A provider that does not know the client or its redirect URI says so in the browser only (RFC 6749 section 4.1.2.1).
        let line = format!(
            "timed out: nobody came back from the browser in {} s; if it shows an error of the provider, check that this \
             client is registered there with the redirect URI {redirect_uri}",
            args.timeout
        );
        return Err(Failed { code: 4, lines: vec![line] });
    };
    let result = flow.finish(options::USER, &arrival.query).await;
    arrival.show(Page::of(&flow, &result)).await;
    Ok(result?)
}

/// The one object on stdout. It holds the secrets: handing them over is what the program is for.
fn printed(token: &Token) -> serde_json::Value {
    json!({
        "access_token": token.access_token().expose(),
        "token_type": token.token_type(),
        "scope": token.scopes().to_string(),
        "expires_at": token.expires_at().map(words::exact),
        "refresh_token": token.refresh_token().map(|secret| secret.expose()),
    })
}

/// Something that moves while a person is in the browser. In a log file it would only be noise.
fn spinner() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message("waiting for you in the browser");
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

/// A line on stderr. If nobody can read it, nothing is to be done.
fn say(line: impl std::fmt::Display) {
    drop(writeln!(std::io::stderr(), "{line}"));
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
