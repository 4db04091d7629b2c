//! The two streams: what programs read on standard output, what people read on standard error.

use std::{
    io::{IsTerminal, Write},
    time::Duration,
};

use acf_core::Token;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::{
    demo::words,
    failed::{Exit, Failed},
};

/// A line on stderr. If nobody can read it, nothing is to be done.
pub(crate) fn say(line: impl std::fmt::Display) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// What the command is for, on stdout.
///
/// # Errors
/// If it cannot be written: whoever reads it has gone, and needs no words.
pub(crate) fn print(text: impl std::fmt::Display) -> Result<(), Failed> {
    let mut stdout = std::io::stdout();
    let written = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
    written.map_err(|_| Failed { exit: Exit::Machine, lines: Vec::new() })
}

/// A token as one object. It holds the secrets: handing them over is what the program is for.
pub(crate) fn object(token: &Token) -> serde_json::Value {
    json!({
        "access_token": token.access_token().expose(),
        "token_type": token.token_type(),
        "scope": token.scopes().to_string(),
        "expires_at": token.expires_at().map(words::exact),
        "refresh_token": token.refresh_token().map(|secret| secret.expose()),
    })
}

/// Something that moves while somebody waits, and that is gone afterwards. In a log file it would only be noise.
pub(crate) struct Progress(pub(crate) ProgressBar);

impl Progress {
    pub(crate) fn start(message: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let spinner = ProgressBar::new_spinner().with_message(message);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            spinner.set_style(style);
        }
        spinner.enable_steady_tick(Duration::from_millis(120));
        Self(spinner)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Waits for the network. What takes half a second is shown.
pub(crate) async fn waiting<T>(message: &'static str, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    if let Ok(done) = tokio::time::timeout(Duration::from_millis(500), &mut work).await {
        return done;
    }
    let _progress = Progress::start(message);
    work.await
}
