//! The declaration that `acf discover` prints is kept as a file, and compiled.

use crate::{
    acf, run,
    server::{OIDC_PROVIDER, Server},
};

#[allow(dead_code, reason = "as it was printed")]
mod declared {
    use acf_core::Flow;

    include!("discovered.rs");

    #[test]
    fn the_declaration_is_a_provider() {
        let provider = OidcProvider::new("id", "secret", "https://app.example/callback").unwrap();
        assert_eq!(OidcProvider::definition().name(), "oidc-provider");
        let flow = Flow::new(provider).unwrap();
        let url = flow.authorization_url(&flow.make_state().unwrap());
        assert!(url.starts_with(&format!("{}/auth?", super::ANYWHERE)) && flow.can_revoke(), "{url}");
    }
}

/// Where the server is in the file.
const ANYWHERE: &str = "http://127.0.0.1:9400";

#[tokio::test]
#[ignore = "needs oidc-provider"]
async fn what_an_issuer_announces_is_a_declaration_that_compiles() {
    let server = Server::start(&OIDC_PROVIDER);
    let (code, stdout, stderr) =
        run(acf("discover").args([&server.issuer, "--name", "oidc-provider", "--scope", "openid"]));
    assert_eq!(code, 0, "{stderr}");
    let printed = stdout.replace(&server.issuer, ANYWHERE);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real_servers/discovered.rs");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &printed).unwrap();
    }
    assert_eq!(printed, std::fs::read_to_string(path).unwrap(), "UPDATE=1 writes it anew");
}
