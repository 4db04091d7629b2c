//! `acf`: a web page that connects accounts, and a login for the terminal, on the acf crates.

mod args;
mod client;
mod client_credentials;
mod database;
mod demo;
mod discover;
mod failed;
mod ids;
mod introspect;
mod issuer;
mod known;
mod log;
mod login;
mod providers;
mod revoke;
mod serve;
mod store;
mod terminal;
mod token;
mod web;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Cli, Command},
    failed::Failed,
};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let command = match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        // It ends in its own way.
        Command::Serve(args) => return ended(serve::run(args).await),
        command => command,
    };
    {
        let work = run(&command);
        tokio::pin!(work);
        tokio::select! {
            // Listened for before anything is done.
            biased;
            Ok(()) = tokio::signal::ctrl_c() => {}
            result = &mut work => return ended(result),
        }
        // A refresh that has been sent is seen to its end: a new refresh token that is not stored would be lost.
        if matches!(command, Command::Token(_)) {
            drop(work.await);
        }
        // Here it ends, and takes what moves on the terminal with it.
    }
    // A thread may still be reading standard input.
    std::process::exit(INTERRUPTED)
}

/// As shells have it: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

async fn run(command: &Command) -> Result<(), Failed> {
    match command {
        Command::Serve(_) => Ok(()),
        Command::Login(args) => login::run(args).await,
        Command::Token(args) => token::run(args).await,
        Command::Revoke(args) => revoke::run(args).await,
        Command::Introspect(args) => introspect::run(args).await,
        Command::ClientCredentials(args) => client_credentials::run(args).await,
        Command::Discover(args) => discover::run(args).await,
        Command::Providers(args) => providers::run(args),
    }
}

fn ended(result: Result<(), Failed>) -> ExitCode {
    result.map_or_else(|failed| failed.report(), |()| ExitCode::SUCCESS)
}
