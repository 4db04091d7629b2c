//! Tokens that `acf login --save` keeps, and the commands that need them, as a script sees them.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use hyper::Method;
use serde_json::{Value, json};

use crate::{
    login::Login,
    support::{Browser, Scratch, Server, acf, free_ports},
};

/// A file of tokens in a directory that does not exist yet.
fn file(scratch: &Scratch) -> PathBuf {
    scratch.0.join("data").join("tokens.db")
}

fn command(name: &str, server: &str, store: &Path) -> Command {
    let mut command = acf();
    command.args([name, "demo", "--server", server, "--store"]).arg(store);
    command
}

/// Logs Ada in and keeps the token; what was printed.
async fn log_in(server: &Server, store: &Path) -> Value {
    let login = Login::begin(command("login", &server.issuer, store).args(["--save", "--no-browser"]));
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "ada", "allow").await;
    browser.get(&callback).await;
    let (code, stdout, stderr) = login.end();
    assert_eq!((code, stdout.lines().count()), (0, 1), "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

/// Exit code, stdout and stderr.
fn run(command: &mut Command) -> (i32, String, String) {
    read(command.output().unwrap())
}

fn read(output: Output) -> (i32, String, String) {
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code().unwrap(), stdout, stderr)
}

/// The stored token's time is over.
fn expire(store: &Path) {
    let database = rusqlite::Connection::open(store).unwrap();
    let sql = "UPDATE acf_token SET token = json_set(token, '$.expires_at', 1)";
    assert_eq!(database.execute(sql, []).unwrap(), 1);
}

async fn is_good(server: &Server, token: &str) -> bool {
    let bearer = format!("Bearer {token}");
    let userinfo = format!("{}/userinfo", server.issuer);
    Browser::default().send(Method::GET, &userinfo, &[("authorization", &bearer)], "").await.status == 200
}

#[tokio::test]
async fn a_saved_token_is_printed_as_long_as_it_is_good_and_then_another_one() {
    let (server, scratch) = (Server::start(), Scratch::new());
    let store = file(&scratch);
    let printed = log_in(&server, &store).await;
    let access_token = printed["access_token"].as_str().unwrap();
    let token = || run(&mut command("token", &server.issuer, &store));
    assert_eq!(token(), (0, format!("{access_token}\n"), String::new()));
    let (_, object, _) = run(command("token", &server.issuer, &store).arg("--json"));
    assert_eq!(serde_json::from_str::<Value>(&object).unwrap(), printed);

    expire(&store);
    // All at once: the refresh token is good for one of them.
    let asked = [(); 4].map(|()| {
        let mut command = command("token", &server.issuer, &store);
        std::thread::spawn(move || run(&mut command))
    });
    let answers = asked.map(|thread| thread.join().unwrap());
    let (code, refreshed, stderr) = &answers[0];
    assert_eq!((*code, stderr.as_str()), (0, ""));
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_ne!(refreshed.trim(), access_token);
    assert!(is_good(&server, refreshed.trim()).await);
    assert_eq!(token().1, *refreshed, "it was stored");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_kept_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let (server, scratch) = (Server::start(), Scratch::new());
    // Where the system keeps data, and where the environment says, in this order.
    let data = scratch.0.join("share");
    let mut login = acf();
    login.args(["login", "demo", "--save", "--no-browser", "--server", &server.issuer]);
    let login = Login::begin(login.env("XDG_DATA_HOME", &data).env("HOME", &data).env_remove("ACF_STORE"));
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "ada", "allow").await;
    browser.get(&callback).await;
    assert_eq!(login.end().0, 0);
    if cfg!(target_os = "linux") {
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let store = data.join("acf").join("tokens.db");
        assert_eq!((mode(&data.join("acf")), mode(&store)), (0o700, 0o600));
        let mut token = acf();
        let token = token.args(["token", "demo", "--server", &server.issuer]).env("ACF_STORE", &store);
        assert_eq!(run(token).0, 0);
    }
}

#[tokio::test]
async fn what_is_not_stored_is_6_and_nothing_is_made() {
    let (server, scratch) = (Server::start(), Scratch::new());
    let store = file(&scratch);
    for name in ["token", "revoke"] {
        let (code, stdout, stderr) = run(&mut command(name, &server.issuer, &store));
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (6, "", 1), "{stderr}");
        assert!(stderr.contains(&format!("`acf login demo --save --store {}`", store.display())), "{stderr}");
    }
    assert!(!store.exists());

    // A token belongs to one client at one server, and is sent to no other.
    log_in(&server, &store).await;
    let elsewhere = format!("http://127.0.0.1:{}", free_ports()[0]);
    assert_eq!(run(&mut command("token", &elsewhere, &store)).0, 6);
    assert_eq!(run(&mut command("token", &server.issuer, &store)).0, 0);

    // A login without --save keeps nothing.
    std::fs::remove_file(&store).unwrap();
    let login = Login::begin(
        acf().args(["login", "demo", "--no-browser", "--server", &server.issuer]).env("ACF_STORE", &store),
    );
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "ada", "allow").await;
    browser.get(&callback).await;
    assert_eq!(login.end().0, 0);
    assert!(!store.exists());
}

#[tokio::test]
async fn a_token_that_cannot_be_refreshed_is_6_and_a_provider_that_is_away_is_5() {
    let (mut server, scratch) = (Server::start(), Scratch::new());
    let store = file(&scratch);
    log_in(&server, &store).await;
    expire(&store);
    server.stop();
    let (code, stdout, stderr) = run(&mut command("token", &server.issuer, &store));
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (5, "", 1), "{stderr}");

    // Back again, and the person has ended it there.
    server.crash_and_restart();
    server.sql("DELETE FROM issuer_grant");
    for _ in 0..2 {
        let (code, stdout, stderr) = run(&mut command("token", &server.issuer, &store));
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (6, "", 1), "{stderr}");
        assert!(stderr.contains("log in with `acf login demo --save"), "{stderr}");
    }
    std::fs::write(&store, "no database").unwrap();
    assert_eq!(run(&mut command("token", &server.issuer, &store)).0, 1);
}

#[tokio::test]
async fn revoking_ends_it_here_and_there() {
    let (server, scratch) = (Server::start(), Scratch::new());
    let store = file(&scratch);
    let printed = log_in(&server, &store).await;
    let access_token = printed["access_token"].as_str().unwrap();
    assert!(is_good(&server, access_token).await);
    let said = "given up at Demo, and forgotten here\n".to_owned();
    assert_eq!(run(&mut command("revoke", &server.issuer, &store)), (0, String::new(), said));
    assert!(!is_good(&server, access_token).await);
    assert_eq!(run(&mut command("token", &server.issuer, &store)).0, 6);
    log_in(&server, &store).await;
    let (code, stdout, _) = run(command("revoke", &server.issuer, &store).arg("--json"));
    assert_eq!((code, serde_json::from_str(&stdout).ok()), (0, Some(json!({ "forgotten": true, "revoked": true }))));
}

#[tokio::test]
async fn a_provider_that_cannot_be_told_is_8_and_the_token_is_forgotten_all_the_same() {
    let (mut server, scratch) = (Server::start(), Scratch::new());
    let store = file(&scratch);
    // Without a revocation endpoint.
    let issuer = server.issuer.clone();
    let described = |name: &str| {
        let mut command = acf();
        command.args([name, "custom", "--name", "demo-described", "--client-id", "acf-cli", "--issuer", &issuer]);
        command.args(["--token-endpoint", &format!("{issuer}/token"), "--store"]).arg(&store);
        command
    };
    let authorize = format!("{}/authorize", server.issuer);
    let mut login = described("login");
    let login = Login::begin(login.args(["--save", "--no-browser", "--authorization-endpoint", &authorize]));
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "ada", "allow").await;
    browser.get(&callback).await;
    let token = serde_json::from_str::<Value>(&login.end().1).unwrap()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(run(&mut described("token")).1.trim(), token);
    let (code, stdout, stderr) = run(described("revoke").arg("--json"));
    let said: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &said["forgotten"], &said["revoked"]), (8, &json!(true), &json!(false)));
    let reason =
        "demo-described declares no revocation endpoint; where `custom` has one, it is given by --revocation-endpoint";
    assert_eq!(said["reason"], reason);
    assert!(stderr.contains("forgotten here, but not given up at demo-described"), "{stderr}");
    assert!(is_good(&server, &token).await);
    assert_eq!(run(&mut described("token")).0, 6);

    // With one that does not answer.
    log_in(&server, &store).await;
    server.stop();
    let (code, stdout, stderr) = run(&mut command("revoke", &server.issuer, &store));
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (8, "", 1), "{stderr}");
    assert_eq!(run(&mut command("token", &server.issuer, &store)).0, 6);
}
