//! What becomes of a token, and the application's own.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    SECRET, custom,
    login::Login,
    person::{self, Answer},
    run, run_with, scratch, secret_file,
    server::{OIDC_PROVIDER, Server},
};

/// A key whose public half the server has.
fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../acf-core/tests/keys").join(name)
}

#[tokio::test]
#[ignore = "needs oidc-provider"]
async fn the_application_itself_by_every_method_and_what_its_token_is_good_for() {
    let server = Server::start(&OIDC_PROVIDER);
    let endpoint = |path: &str| format!("{}{path}", server.issuer);
    let (secret, wrong) = (secret_file(SECRET), secret_file("wrong"));
    let long = secret_file("p%+/&:x, and more: thirty-two bytes it needs");
    let token_endpoint = endpoint("/token");
    let by_hand = ["--token-endpoint", &token_endpoint, "--client-auth"];
    for (client, method, file, expected) in [
        ("acf-basic", "client_secret_basic", ("--client-secret-file", &secret), 0),
        ("acf-post", "client_secret_post", ("--client-secret-file", &secret), 0),
        ("acf-secret-jwt", "client_secret_jwt", ("--client-secret-file", &long), 0),
        ("acf-private-key-jwt", "private_key_jwt", ("--signing-key-file", &key_file("rfc7515-a3-p256.pem")), 0),
        ("acf-private-key-jwt", "private_key_jwt", ("--signing-key-file", &key_file("rfc7515-a2-rsa.pem")), 0),
        ("acf-basic", "client_secret_basic", ("--client-secret-file", &wrong), 5),
    ] {
        for discover in [false, true] {
            let mut command = custom("client-credentials", &server, client);
            match discover {
                true => command.args(["--discover", "--client-auth", method]),
                false => command.args(by_hand).arg(method),
            };
            let (code, stdout, stderr) = run(command.args(["--scope", "api:read", file.0]).arg(file.1));
            assert_eq!(code, expected, "{method}: {stderr}");
            if code == 0 {
                let token: Value = serde_json::from_str(&stdout).unwrap();
                assert_eq!((token["scope"].as_str(), &token["refresh_token"]), (Some("api:read"), &Value::Null));
            } else {
                assert!(stdout.is_empty() && stderr.contains("invalid_client"), "{stderr}");
            }
        }
    }

    // What is announced decides how the secret is sent.
    let described = |name: &str| {
        let mut command = custom(name, &server, "acf-basic");
        command.args(["--discover", "--client-secret-file"]).arg(&secret);
        command
    };
    let (_, token, _) = run(described("client-credentials").args(["--scope", "api:read"]));
    let (code, stdout, stderr) = run_with(described("introspect").args(["-", "--json"]), &token);
    assert_eq!(code, 0, "{stderr}");
    let said: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(said["active"], true);
    assert_eq!((said["client_id"].as_str(), said["scope"].as_str()), (Some("acf-basic"), Some("api:read")));
    let (code, stdout, _) = run_with(described("introspect").arg("-"), &token);
    assert_eq!((code, stdout.lines().next()), (0, Some("active")));
    assert!(stdout.contains("\n  expires ") && stdout.contains("\n  client_id  acf-basic\n"), "{stdout}");
    assert_eq!(run_with(described("introspect").arg("-"), "nobody's"), (7, "not active\n".to_owned(), String::new()));
    let (code, stdout, _) = run_with(described("introspect").args(["-", "--json"]), "nobody's");
    assert_eq!((code, stdout.as_str()), (7, "{\"active\":false}\n"));
}

#[tokio::test]
#[ignore = "needs oidc-provider"]
async fn a_stored_token_from_its_login_to_its_end() {
    let server = Server::start(&OIDC_PROVIDER);
    let (secret, store) = (secret_file(SECRET), scratch("tokens"));
    let command = |name: &str| {
        let mut command = custom(name, &server, "acf-basic");
        command.args(["--discover", "--name", "oidc", "--client-secret-file"]).arg(&secret).arg("--store").arg(&store);
        command
    };
    let login = Login::begin(command("login").args(["--save", "--no-browser", "--scope", "openid"]));
    let callback = person::walk(&login.url, Answer::Allow).await;
    person::page(&callback).await;
    let (code, stdout, stderr) = login.end();
    assert_eq!(code, 0, "{stderr}");
    let first = serde_json::from_str::<Value>(&stdout).unwrap()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(run(&mut command("token")), (0, format!("{first}\n"), String::new()));

    // Refresh tokens rotate here, and a second use of one would end everything.
    for _ in 0..2 {
        let database = rusqlite::Connection::open(&store).unwrap();
        let sql = "UPDATE acf_token SET token = json_set(token, '$.expires_at', 1)";
        assert_eq!(database.execute(sql, []).unwrap(), 1);
        let (code, token, stderr) = run(&mut command("token"));
        assert_eq!(code, 0, "{stderr}");
        assert_ne!(token.trim(), first);
        assert_eq!(run(&mut command("token")).1, token);
    }
    let (_, last, _) = run(&mut command("token"));
    let (code, stdout, stderr) = run(command("introspect").arg("--json"));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap()["client_id"], "acf-basic");

    assert_eq!(run(&mut command("revoke")), (0, String::new(), "given up at oidc, and forgotten here\n".to_owned()));
    assert_eq!(run_with(command("introspect").arg("-"), &last).0, 7);
    for name in ["token", "introspect", "revoke"] {
        assert_eq!(run(&mut command(name)).0, 6, "{name}");
    }
    std::fs::remove_file(&store).unwrap();
}

#[test]
#[ignore = "needs oidc-provider"]
fn a_certificate_says_who_the_application_is() {
    let folder = scratch("certificates");
    let server = Server::start_with(&OIDC_PROVIDER, &["0", folder.to_str().unwrap()]);
    let pem = |name: &str| folder.join(format!("{name}.pem"));
    // The endpoints are those for clients with certificates (`mtls_endpoint_aliases`).
    for (client, method, certificate, expected) in [
        ("acf-tls", "tls_client_auth", "client", 0),
        ("acf-self-signed", "self_signed_tls_client_auth", "self-signed", 0),
        ("acf-tls", "tls_client_auth", "stranger", 5),
    ] {
        let described = || {
            let mut command = custom("client-credentials", &server, client);
            command.args(["--discover", "--client-auth", method, "--scope", "api:read", "--certificate-file"]);
            command.arg(pem(certificate));
            command
        };
        let (code, stdout, stderr) = run(described().arg("--ca-file").arg(pem("ca")));
        assert_eq!((code, stdout.is_empty()), (expected, expected != 0), "{method} {certificate}: {stderr}");
        let (code, _, stderr) = run(&mut described());
        assert_eq!((code, stderr.contains("cannot be trusted")), (5, true), "nobody vouches for the server: {stderr}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
