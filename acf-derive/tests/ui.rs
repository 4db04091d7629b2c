//! What a person sees in the terminal. The texts of the compiler differ between its versions, so these cases run with
//! one of them; every rule is also tested without a compiler, in `src/tests`.

#![allow(clippy::print_stdout, reason = "says why nothing was tested")]

use std::process::Command;

/// The version whose output is expected. `TRYBUILD=overwrite` writes the files anew after a change.
const COMPILER: &str = "1.95.";

#[test]
fn messages() {
    let version = Command::new("rustc").arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    let version = String::from_utf8_lossy(&version);
    if !version.starts_with(&format!("rustc {COMPILER}")) {
        println!("skipped: the expected output is that of rustc {COMPILER}*, this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
