//! `acf introspect`: what the provider says of a token.

use std::io::BufRead;

use acf_core::{Introspection, Token};
use serde_json::{Value, json};

use crate::{
    args::Introspect,
    client::{NOWHERE, Options, Purpose, Stored},
    demo::words,
    failed::{Exit, Failed},
    terminal::{print, waiting},
};

const NONE: &str = "there is no token on standard input";
/// The longest token that is read.
const MAX: u64 = 64 * 1024;

pub(crate) async fn run(args: &Introspect) -> Result<(), Failed> {
    let (flow, token) = match args.token.as_deref() {
        None => {
            let stored = Stored::find(&args.provider, &args.store, Purpose::Introspection).await?;
            let token = stored.session.stored_token().await.map_err(|error| stored.failed(error))?;
            (stored.client.flow, token)
        }
        Some(given) => {
            let mut options = Options::read(&args.provider, None, Purpose::Introspection);
            if given != "-" {
                // It is not repeated: it may be one.
                options.mistakes.push(
                    "a token on the command line is seen by every program of this machine: write `-`, and put it on standard input"
                        .to_owned(),
                );
            }
            let flow = options.client(NOWHERE, None).await?.flow;
            // On a thread of its own, so that an interruption is noticed meanwhile.
            let read = tokio::task::spawn_blocking(|| read(std::io::stdin().lock())).await.unwrap_or(Err(NONE));
            (flow, read.map_err(|line| Failed::usage(vec![line.to_owned()]))?)
        }
    };
    let said = waiting("asking about the token", flow.introspect(&token)).await?;
    match args.json {
        true => print(Value::Object(said.members().clone()))?,
        false => print(lines(&said).trim_end())?,
    }
    match said.is_active() {
        true => Ok(()),
        // It has been said.
        false => Err(Failed { exit: Exit::Inactive, lines: Vec::new() }),
    }
}

/// The token on the first line: bare, or in the object that a login prints.
fn read(input: impl BufRead) -> Result<Token, &'static str> {
    let mut line = String::new();
    input.take(MAX).read_line(&mut line).map_err(|_| NONE)?;
    let bare = line.trim();
    let object =
        serde_json::from_str(bare).ok().and_then(|value: Value| Some(value.get("access_token")?.as_str()?.to_owned()));
    let token = object.unwrap_or_else(|| bare.to_owned());
    if token.is_empty() || token.contains(|c: char| !c.is_ascii_graphic()) {
        return Err(NONE);
    }
    let row = json!({ "v": 1, "access_token": token, "token_type": "Bearer", "scope": [] });
    Token::from_json(&row.to_string()).map_err(|_| NONE)
}

/// For people: one line for each thing that is said.
fn lines(said: &Introspection) -> String {
    if !said.is_active() {
        return "not active".to_owned();
    }
    let mut lines = "active".to_owned();
    let mut line = |name: &str, value: &str| {
        // Written by others, and not to move the cursor.
        let [name, value] = [name, value].map(|text| text.replace(|c: char| c.is_control(), " "));
        lines += &format!("\n  {name:<11}{value}");
    };
    for (name, value) in said.members() {
        match (name.as_str(), value) {
            ("active", _) => {}
            ("exp", _) if said.expires_at().is_some() => {
                let end = said.expires_at().map(|end| format!("{} ({})", words::exact(end), words::relative(end)));
                line("expires", &end.unwrap_or_default());
            }
            (name, Value::String(text)) => line(name, text),
            (name, value) => line(name, &value.to_string()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_bare_or_out_of_an_object() {
        for (input, token) in [
            ("abc\n", Some("abc")),
            (" abc \r\nmore", Some("abc")),
            ("{\"access_token\":\"abc\",\"scope\":\"\"}\n", Some("abc")),
            ("\n", None),
            ("", None),
            ("two words\n", None),
            ("{\"scope\": \"\"}", None),
        ] {
            let read = read(input.as_bytes()).ok();
            assert_eq!(read.as_ref().map(|token| token.access_token().expose()), token, "{input:?}");
        }
    }
}
