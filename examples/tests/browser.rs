//! The web demo in a real browser: everything a person can click, without scripts as well as with them.
//!
//! Ignored unless asked for, because it needs Chromium: `cargo test -- --include-ignored`, after what `.ci/run` installs.
//! The walk itself is `.ci/servers/browser.mjs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

#[test]
#[ignore = "needs Chromium"]
fn every_page_is_as_it_should_be() {
    let database = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{}.db", std::process::id()));
    let demo = Demo::serve(&database);
    let node = env::var_os("ACF_NODE").unwrap_or_else(|| "node".into());
    let walk = Command::new(&node)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/servers/browser.mjs"))
        .arg(&demo.address)
        // Its end tells the browser that nobody waits for it any more.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{node:?} (ACF_NODE) does not start: {error}; install Node"));
    let (input, walk) = held_open(walk);
    let output = walk.wait_with_output().unwrap();
    drop(input);
    assert!(
        output.status.success(),
        "{}{}\nIf the browser is missing: name it in CHROMIUM, and run `npm ci` in .ci/servers.",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

/// `wait_with_output` would close the input first.
fn held_open(mut child: Child) -> (impl Sized, Child) {
    (child.stdin.take(), child)
}

/// A running `acf serve`, until it is dropped.
struct Demo {
    process: Child,
    address: String,
}

impl Demo {
    fn serve(database: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_acf"))
            .args(["serve", "--port", "0", "--issuer-port", "0", "--database"])
            .arg(database)
            .stdout(Stdio::piped())
            // What it says of refused logins is expected, and not for the reader of test results.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").map(str::to_owned);
        let demo = Self { process, address: address.unwrap_or_default() };
        assert!(!demo.address.is_empty(), "`acf serve` said {line:?}");
        demo
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop((self.process.kill(), self.process.wait()));
    }
}
