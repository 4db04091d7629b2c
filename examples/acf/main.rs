//! `acf`: a web page that connects accounts, and a login for the terminal, on the acf crates.

mod args;
mod database;
mod demo;
mod ids;
mod issuer;
mod known;
mod login;
mod providers;
mod serve;
mod web;

use std::{io::Write, process::ExitCode};

use clap::Parser;

use crate::args::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(args) => match serve::run(args).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(line) => {
                drop(writeln!(std::io::stderr(), "acf: {line}"));
                ExitCode::FAILURE
            }
        },
        Command::Login(args) => login::run(args).await,
        Command::Providers => providers::run(),
    }
}
