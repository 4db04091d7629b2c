//! `acf login --device`, and a person with a telephone.

use std::{
    io::{BufRead, BufReader, Read},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    custom,
    person::{Answer, confirm},
    run, scratch,
    server::{OIDC_PROVIDER, Server},
};

#[tokio::test]
#[ignore = "needs oidc-provider"]
async fn a_login_on_another_device() {
    let server = Server::start(&OIDC_PROVIDER);
    let store = scratch("device");
    let endpoints = [("--device-authorization-endpoint", "/device/auth"), ("--token-endpoint", "/token")];
    for (discover, answer, expected) in [(true, Answer::Allow, 0), (false, Answer::Allow, 0), (true, Answer::Deny, 3)] {
        let mut command = custom("login", &server, "acf-public");
        command.args(["--device", "--scope", "openid", "--save", "--store"]).arg(&store);
        if discover {
            command.arg("--discover");
        } else {
            for (option, path) in endpoints {
                command.arg(option).arg(format!("{}{path}", server.issuer));
            }
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        // In a pipe there are two lines, for programs, and no picture.
        let [uri, code] = ["open ", "code "].map(|start| {
            let mut line = String::new();
            stderr.read_line(&mut line).unwrap();
            line.trim_end().strip_prefix(start).unwrap_or_else(|| panic!("{line}")).to_owned()
        });
        assert_eq!(uri, format!("{}/device", server.issuer));
        confirm(&uri, &code, answer).await;
        let (mut stdout, mut rest) = (String::new(), String::new());
        child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        stderr.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(expected), "{rest}");
        if expected == 0 {
            let token: Value = serde_json::from_str(&stdout).unwrap();
            assert_eq!((token["scope"].as_str(), rest.as_str()), (Some("openid"), ""));
            let mut stored = custom("token", &server, "acf-public");
            let (_, stored, _) = run(stored.args(["--discover", "--store"]).arg(&store));
            assert_eq!(stored.trim(), token["access_token"]);
        } else {
            assert_eq!((stdout.as_str(), rest.as_str()), ("", "acf: access was denied\n"));
        }
    }
    std::fs::remove_file(&store).unwrap();
}

#[test]
#[ignore = "needs oidc-provider"]
fn nobody_who_confirms_is_4() {
    let server = Server::start(&OIDC_PROVIDER);
    let mut command = custom("login", &server, "acf-public");
    let (code, stdout, stderr) = run(command.args(["--device", "--discover", "--scope", "openid", "--timeout", "1"]));
    assert_eq!((code, stdout.as_str()), (4, ""));
    assert_eq!(stderr.lines().last(), Some("acf: timed out: nobody confirmed the code in time"));
}
