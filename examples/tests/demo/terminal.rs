//! `acf login` and its neighbours, as a script sees them.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use hyper::{Method, StatusCode};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::{
    login::Login,
    support::{Browser, Scratch, Server, acf, free_ports, param},
};

fn demo(server: &Server) -> Command {
    let mut command = acf();
    command.args(["login", "demo", "--no-browser", "--timeout", "60", "--server", &server.issuer]);
    command
}

/// The demo's authorization server, described by options.
fn custom(server: &Server) -> Command {
    let mut command = acf();
    command.args(["login", "custom", "--no-browser", "--timeout", "60", "--client-id", "acf-cli"]);
    for (option, path) in [("--authorization-endpoint", "/authorize"), ("--token-endpoint", "/token"), ("--issuer", "")]
    {
        command.arg(option).arg(format!("{}{path}", server.issuer));
    }
    command
}

fn printed(stdout: &str) -> Value {
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    serde_json::from_str(stdout).unwrap()
}

#[tokio::test]
async fn a_token_for_a_script() {
    let server = Server::start();
    let login = Login::begin(&mut demo(&server));
    let redirect_uri = param(&login.url, "redirect_uri");
    assert!(redirect_uri.starts_with("http://127.0.0.1:") && redirect_uri.ends_with("/callback"), "{redirect_uri}");
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "ada", "allow").await;
    let window = browser.get(&callback).await;
    assert_eq!(window.status, StatusCode::OK);
    assert!(window.body.contains("You can close this window"), "{}", window.body);
    assert_eq!((window.header("cache-control"), window.header("referrer-policy")), ("no-store", "no-referrer"));
    let (code, stdout, stderr) = login.end();
    assert_eq!((code, stderr.as_str()), (0, ""));

    let token = printed(&stdout);
    let members: Vec<_> = token.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["access_token", "expires_at", "refresh_token", "scope", "token_type"]);
    let expires_at = token["expires_at"].as_str().unwrap();
    assert!(expires_at.len() == 20 && expires_at.ends_with('Z'), "{expires_at}");
    for secret in [&token["access_token"], &token["refresh_token"]] {
        assert!(!window.body.contains(secret.as_str().unwrap()));
    }
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let userinfo = format!("{}/userinfo", server.issuer);
    let me = browser.send(Method::GET, &userinfo, &[("authorization", &bearer)], "").await;
    assert_eq!(me.json()["name"], "Ada Lovelace");
    let port = url::Url::parse(&redirect_uri).unwrap().port().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "the port is closed");
}

#[tokio::test]
async fn a_provider_described_by_options() {
    let server = Server::start();
    let redirect_uri = format!("http://127.0.0.1:{}/come/back?tab=1", free_ports()[0]);
    let mut command = custom(&server);
    command.args(["--scope", "profile", "--scope", "notes", "--param", "prompt=login", "--param", "hint=a=b"]);
    let login = Login::begin(command.args(["--redirect-uri", &redirect_uri]));
    assert_eq!(param(&login.url, "redirect_uri"), redirect_uri);
    assert_eq!(param(&login.url, "code_challenge_method"), "S256", "a public client, with no way to switch it off");
    assert_eq!((param(&login.url, "scope"), param(&login.url, "hint")), ("profile notes".to_owned(), "a=b".to_owned()));
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "grace", "allow").await;
    assert!(browser.get(&callback).await.body.contains("You can close this window"));
    let (code, stdout, stderr) = login.end();
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(printed(&stdout)["token_type"], "Bearer");
}

#[tokio::test]
async fn strangers_do_not_end_a_login() {
    let server = Server::start();
    let login = Login::begin(&mut demo(&server));
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "ada", "allow").await;
    let origin = callback.split("/callback").next().unwrap();
    // A connection on which nothing is ever sent, as browsers open them.
    let _idle = TcpStream::connect(origin.trim_start_matches("http://")).await.unwrap();
    let wrong_state = callback.replace("state=", "state=x");
    let evil: &[_] = &[("host", "evil.example")];
    for (method, url, headers, status) in [
        (Method::GET, format!("{origin}/favicon.ico"), &[][..], 404),
        (Method::GET, wrong_state, &[], 400),
        (Method::GET, format!("{callback}&state=x"), &[], 400),
        (Method::GET, format!("{origin}/callback"), &[], 400),
        (Method::POST, callback.clone(), &[], 405),
        (Method::GET, callback.clone(), evil, 421),
    ] {
        let answer = browser.send(method, &url, headers, "").await;
        assert_eq!(answer.status, status, "{url}");
    }
    assert_eq!(browser.get(&callback).await.status, StatusCode::OK);
    assert_eq!(login.end().0, 0);
}

#[tokio::test]
async fn saying_no_is_3() {
    let server = Server::start();
    for command in [&mut demo(&server), &mut custom(&server)] {
        let login = Login::begin(command);
        let mut browser = Browser::default();
        let callback = browser.consent(&login.url, "ada", "deny").await;
        assert!(browser.get(&callback).await.body.contains("you did not allow access"));
        assert_eq!(login.end(), (3, String::new(), "acf: access was denied\n".to_owned()));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_interruption_is_130_and_says_nothing() {
    let server = Server::start();
    let login = Login::begin(&mut demo(&server));
    login.interrupt();
    assert_eq!(login.end(), (130, String::new(), String::new()));
}

#[tokio::test]
async fn nobody_coming_back_is_4() {
    let server = Server::start();
    let mut command = demo(&server);
    let login = Login::begin(command.args(["--timeout", "1"]));
    let (code, stdout, stderr) = login.end();
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (4, "", 1), "{stderr}");
    assert!(stderr.contains("timed out"), "{stderr}");
}

#[tokio::test]
async fn a_provider_that_refuses_is_5() {
    let server = Server::start();
    let scratch = Scratch::new();
    let file = scratch.0.join("secret");
    std::fs::write(&file, "canary-secret\n").unwrap();
    let file = ["--client-secret-file", file.to_str().unwrap()];
    for (secret, warned) in [(["--client-secret", "canary-secret"], 1), (file, 0)] {
        let mut command = custom(&server);
        let login = Login::begin(command.args(secret).args(["--client-auth", "client_secret_basic"]));
        let warnings = login.before.iter().filter(|line| line.contains("--client-secret-file is safer")).count();
        assert_eq!(warnings, warned);
        let mut browser = Browser::default();
        let callback = browser.consent(&login.url, "ada", "allow").await;
        assert_eq!(browser.get(&callback).await.status, StatusCode::BAD_GATEWAY);
        let (code, stdout, stderr) = login.end();
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (5, "", 1), "{stderr}");
        assert!(stderr.contains("invalid_client") && !stderr.contains("canary"), "{stderr}");
    }
    // The network is the provider's, too.
    let mut command = custom(&server);
    let nobody = format!("http://127.0.0.1:{}/token", free_ports()[0]);
    let login = Login::begin(command.args(["--token-endpoint", &nobody]));
    let mut browser = Browser::default();
    let callback = browser.consent(&login.url, "ada", "allow").await;
    browser.get(&callback).await;
    assert_eq!(login.end().0, 5);
}

/// RFC 8252 section 5: the person's own browser is given the URL as one argument, and no shell reads it.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_given_one_argument() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::new();
    let (opener, opened) = (scratch.0.join("xdg-open"), scratch.0.join("opened"));
    std::fs::write(&opener, "#!/bin/sh\nprintf '%s\\n' $# \"$@\" > opening && mv opening opened\n").unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o700)).unwrap();
    let path = std::env::join_paths(
        [scratch.0.clone()].into_iter().chain(std::env::split_paths(&std::env::var("PATH").unwrap())),
    );
    let mut command = acf();
    command.current_dir(&scratch.0).env("PATH", path.unwrap()).env_remove("BROWSER").env("DISPLAY", ":0");
    command.args(["login", "custom", "--client-id", "x", "--token-endpoint", "https://id.example/t"]);
    command.args(["--authorization-endpoint", "https://id.example/a?x=$(touch+pwned);touch$IFS'pwned'&y=*"]);
    let mut login = Login::begin(&mut command);
    for _ in 0..500 {
        if opened.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    login.kill();
    assert_eq!(std::fs::read_to_string(opened).unwrap(), format!("1\n{}\n", login.url));
    assert!(login.url.contains("$(touch+pwned);touch$IFS'pwned'&y=*"), "{}", login.url);
    assert!(!scratch.0.join("pwned").exists());
}

fn usage(arguments: &[&str], expected: &[&str]) {
    let output = acf().args(arguments).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!stderr.contains("s3cret"), "{stderr}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {stderr}");
    for text in expected {
        assert!(stderr.contains(text), "{arguments:?} says nothing of {text}: {stderr}");
    }
}

#[test]
fn wrong_usage_is_2_and_all_of_it_is_said_at_once() {
    usage(&["login"], &["<PROVIDER>"]);
    usage(&["login", "nobody"], &["stack-exchange"]);
    usage(&["login", "custom"], &["--authorization-endpoint", "--token-endpoint", "--client-id"]);
    usage(&["login", "demo", "--server", "nowhere"], &["--server nowhere"]);
    usage(&["login", "github", "--issuer", "x"], &["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "--issuer"]);
    usage(
        &[
            "login",
            "custom",
            "--authorization-endpoint",
            "http://id.example/a",
            "--client-id",
            "x",
            "--client-secret-file",
            "/none",
            "--scope",
            "a\"b",
            "--scope-separator",
            "ab",
            "--param",
            "p",
            "--param",
            "state=x",
            "--redirect-uri",
            "https://id.example/callback",
        ],
        &[
            "--authorization-endpoint must use https",
            "--token-endpoint",
            "/none",
            "--client-auth",
            "--scope:",
            "--scope-separator",
            "--param p",
            "`state`",
            "--redirect-uri",
        ],
    );
    let endpoints = ["--authorization-endpoint", "https://id.example/a", "--token-endpoint", "https://id.example/t"];
    let described = [&["login", "custom", "--client-id", "x"][..], &endpoints].concat();
    for elsewhere in
        ["http://0.0.0.0:8000/callback", "http://192.0.2.1:8000/callback", "http://localhost.evil.example/"]
    {
        usage(&[&described[..], &["--redirect-uri", elsewhere]].concat(), &["has to be an http URL of this machine"]);
    }
    // What the program that opens browsers must never be given.
    for hostile in
        ["file:///bin/sh", "javascript:alert(1)", "ms-msdt:/id", "$(touch pwned)", "-h", "https://id.example/`id`"]
    {
        let hostile = format!("--authorization-endpoint={hostile}");
        let arguments = [&["login", "custom", "--client-id", "x", &hostile][..], &endpoints[2..]].concat();
        usage(&arguments, &["--authorization-endpoint"]);
    }
    let method = ["login", "custom", "--client-id", "x", "--client-auth", "client_secret_post"];
    usage(&[&method[..], &endpoints].concat(), &["--client-auth client_secret_post needs --client-secret-file"]);
    usage(&["login", "demo", "--store", "x"], &["--save"]);
    for (store, said) in
        [("mysql://ada:s3cret@db.example", "mysql://"), ("redis:/:s3cret@cache.example", "redis://host")]
    {
        usage(&["token", "demo", "--store", store], &["--store: ", said]);
        usage(&["login", "demo", "--save", "--store", store], &["--store: ", said]);
    }
    usage(&["login", "demo", "--name", "x", "--discover"], &["--name is for", "--discover is for"]);
}

#[test]
fn each_command_says_what_a_provider_needs_for_it() {
    let stored = ["--token-endpoint", "--client-id"];
    for (command, needed, not) in [
        ("token", &stored[..], "--authorization-endpoint"),
        ("revoke", &stored, "--revocation-endpoint"),
        ("introspect", &["--introspection-endpoint", "--token-endpoint", "--client-id"], "--authorization-endpoint"),
        ("client-credentials", &stored, "--authorization-endpoint"),
    ] {
        usage(&[command, "custom"], needed);
        let stderr = acf().args([command, "custom"]).output().unwrap().stderr;
        assert!(!String::from_utf8(stderr).unwrap().contains(not), "{command}");
    }
    let endpoint = ["--token-endpoint", "https://id.example/t", "--client-id", "x"];
    usage(&[&["client-credentials", "custom"][..], &endpoint].concat(), &["`client_credentials` is for confidential"]);
    for (method, needed) in [
        ("private_key_jwt", "--signing-key-file"),
        ("tls_client_auth", "--certificate-file"),
        ("client_secret_jwt", "--client-secret-file"),
    ] {
        let arguments = [&["client-credentials", "custom", "--client-auth", method][..], &endpoint].concat();
        usage(&arguments, &[&format!("--client-auth {method} needs {needed}")]);
    }
    usage(
        &[
            "client-credentials",
            "custom",
            "--discover",
            "--token-endpoint",
            "x",
            "--certificate-file",
            "/none",
            "--param",
            "grant_type=x",
        ],
        &[
            "`--discover` needs --issuer",
            "`--discover` needs --client-id",
            "--token-endpoint is what",
            "/none",
            "tls_client_auth",
        ],
    );
    usage(
        &[
            &[
                "client-credentials",
                "custom",
                "--param",
                "grant_type=x",
                "--client-secret",
                "s",
                "--scope-separator",
                "ab",
            ][..],
            &endpoint,
        ]
        .concat(),
        &["`grant_type`", "--scope-separator", "--client-auth"],
    );
    // What a preset lacks, no option can give it.
    let mut command = acf();
    command.args(["introspect", "github", "-"]).env("GITHUB_CLIENT_ID", "x").env("GITHUB_CLIENT_SECRET", "y");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"token\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), stderr.contains("GitHub declares no introspection endpoint")),
        (Some(2), true),
        "{stderr}"
    );
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    let endpoints = ["--token-endpoint", "https://id.example/t", "--introspection-endpoint", "https://id.example/i"];
    let arguments = [&["introspect", "custom", "canary-token", "--client-id", "x"][..], &endpoints].concat();
    usage(&arguments, &["standard input"]);
    let stderr = String::from_utf8(acf().args(&arguments).output().unwrap().stderr).unwrap();
    assert!(!stderr.contains("canary"), "{stderr}");
    let arguments = [&["introspect", "custom", "-", "--client-id", "x"][..], &endpoints].concat();
    usage(&arguments, &["there is no token on standard input"]);
}

#[test]
fn an_issuer_is_asked_for_its_declaration() {
    let server = Server::start();
    let output = acf().args(["discover", &server.issuer, "--scope", "notes"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "authorization_path = \"/authorize\",",
        "revocation_path = \"/revoke\",",
        "scope(\"notes\")",
        "require_iss",
        "struct Provider {",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let output = acf().args(["discover", &server.issuer, "--json"]).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&metadata["issuer"], &metadata["code_challenge_methods_supported"][0]),
        (&server.issuer.as_str().into(), &"S256".into())
    );

    usage(&["discover", "http://id.example"], &["ISSUER must use https"]);
    let nobody = format!("http://127.0.0.1:{}", free_ports()[0]);
    for issuer in [format!("{}/other", server.issuer), nobody] {
        let output = acf().args(["discover", &issuer]).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(5), 0), "{issuer}");
    }
}

#[test]
fn help_and_table() {
    let text = |arguments: &[&str]| {
        let output = acf().args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let commands = ["serve", "login", "token", "revoke", "introspect", "client-credentials", "discover"];
    assert!(text(&["--help"]).contains("Exit codes:"));
    for command in commands {
        let help = text(&[command, "--help"]);
        assert!(help.contains("Examples:"), "{command}");
        assert!(command == "serve" || help.contains("Exit codes:"), "{command}");
        assert!(text(&["--help"]).contains(&format!("\n  {command} ")), "{command}");
    }
    let table = text(&["providers"]);
    for cell in ["github", "GitHub", "GOOGLE_CLIENT_SECRET", "no_expiry", "https://docs.github.com/"] {
        assert!(table.contains(cell), "{table}");
    }
    let array: Value = serde_json::from_str(&text(&["providers", "--json"])).unwrap();
    assert!(array.as_array().unwrap().iter().any(|provider| provider["name"] == "github"));
}
