//! `acf` against an authorization server that others wrote, as a script would use it.
//!
//! Ignored unless asked for, because it needs oidc-provider: `cargo test -- --include-ignored`, after what `.ci/run`
//! installs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use server::Server;

#[path = "login.rs"]
mod browser;
mod device;
mod discover;
#[path = "../demo/login.rs"]
#[allow(dead_code, reason = "nothing is said before the URL here")]
mod login;
// The server and the person in front of it are those of acf-core's tests.
#[path = "../../../acf-core/tests/real_servers/person.rs"]
mod person;
#[path = "../../../acf-core/tests/real_servers/server.rs"]
#[allow(dead_code, reason = "only one of the servers is needed here")]
mod server;
mod tokens;

/// The secret of oidc-provider's clients.
const SECRET: &str = "p%+/&:x";

fn acf(name: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_acf"));
    command.arg(name).stdin(Stdio::null()).env_remove("ACF_STORE");
    command
}

/// A command for a client of the server.
fn custom(name: &str, server: &Server, client: &str) -> Command {
    let mut command = acf(name);
    command.args(["custom", "--client-id", client, "--issuer", &server.issuer]);
    command
}

/// Exit code, stdout and stderr.
fn run(command: &mut Command) -> (i32, String, String) {
    run_with(command, "")
}

/// The same, with something to read.
fn run_with(command: &mut Command, input: &str) -> (i32, String, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code().unwrap(), stdout, stderr)
}

fn secret_file(secret: &str) -> PathBuf {
    let path = scratch(&format!("secret-{}", secret.len()));
    std::fs::write(&path, format!("{secret}\n")).unwrap();
    path
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()))
}
