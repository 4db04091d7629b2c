//! RFC 8705 against oidc-provider: certificates of either kind, and tokens that are bound to them.

use std::{fs, path::PathBuf};

use acf_core::{
    Custom, ErrorKind, Flow, HttpClient, MemoryStore, Next,
    http::{ClientBuilder, ReqwestClient},
};

use crate::{
    REDIRECT_URI, USER, log_in, refused,
    server::{OIDC_PROVIDER, Server},
    userinfo_status,
};

/// The server, and the folder in which it put what its clients need.
struct Secure {
    server: Server,
    folder: PathBuf,
    /// All flows have their tokens here.
    store: MemoryStore,
}

impl Secure {
    fn start() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("mutual-tls-{}", std::process::id()));
        let server = Server::start_with(&OIDC_PROVIDER, &["0", folder.to_str().unwrap()]);
        Self { server, folder, store: MemoryStore::new() }
    }

    /// What a client is made of that shows this certificate, or none.
    fn shows<C>(&self, builder: ClientBuilder<C>, identity: Option<&str>) -> ClientBuilder<C> {
        let read = |name: &str| fs::read(self.folder.join(format!("{name}.pem"))).unwrap();
        let builder = builder.roots(&read("ca")).unwrap();
        identity.into_iter().fold(builder, |builder, name| builder.identity(&read(name)).unwrap())
    }

    /// By each transport.
    fn flows(&self, (id, word): (&str, &str), identity: Option<&str>) -> Vec<Flow> {
        vec![
            self.flow(id, word, self.shows(ReqwestClient::builder(), identity).build().unwrap()),
            #[cfg(feature = "blocking")]
            self.flow(id, word, self.shows(acf_core::blocking::UreqClient::builder(), identity).build().unwrap()),
        ]
    }

    /// The browser goes to the issuer, and the client to the aliases (RFC 8705 section 5).
    fn flow(&self, id: &str, word: &str, client: impl HttpClient) -> Flow {
        let (issuer, secure) = (&self.server.issuer, self.server.secure.as_ref().unwrap());
        let provider = Custom::builder("real-server")
            .base_uri(secure.clone())
            .issuer(issuer.clone())
            .authorization_endpoint(format!("{issuer}{}", OIDC_PROVIDER.authorization_path))
            .access_token_path(OIDC_PROVIDER.access_token_path)
            .revocation_path(OIDC_PROVIDER.revocation_path.unwrap())
            .userinfo_path(OIDC_PROVIDER.userinfo_path)
            .scope(["openid"])
            .set("client_auth", word)
            .client_id(id)
            .redirect_uri(REDIRECT_URI);
        let flow = Flow::builder(provider.build().unwrap()).state_store(self.store.clone());
        flow.http_client(client).build().unwrap()
    }
}

#[tokio::test]
#[ignore = "needs oidc-provider"]
async fn certificates_prove_who_the_client_is() {
    let secure = Secure::start();
    for (client, identity) in [
        (("acf-tls", "tls_client_auth"), "client"),
        (("acf-self-signed", "self_signed_tls_client_auth"), "self-signed"),
    ] {
        for flow in secure.flows(client, Some(identity)) {
            log_in(&flow).await.unwrap_or_else(|error| panic!("{}: {error}", client.0));
            let session = flow.session(USER).await.unwrap();
            let token = session.refresh().await.unwrap();
            assert_eq!(session.userinfo().await.unwrap().id(), Some("alice"), "{}", client.0);

            // The token is bound to the certificate (section 3): without it, or with another, it opens nothing.
            assert_eq!(userinfo_status(&secure.server, &token).await, 401, "{}", client.0);
            let me = format!("{}{}", secure.server.secure.as_ref().unwrap(), OIDC_PROVIDER.userinfo_path);
            for identity in [None, Some("stranger")] {
                for other in secure.flows(client, identity) {
                    let session = other.session(USER).await.unwrap();
                    assert_eq!(session.get(&me).send().await.unwrap().status(), 401, "{}: {identity:?}", client.0);
                    let error = refused(other.refresh(&token).await, ErrorKind::Provider);
                    assert_eq!(error.next(), Next::FixConfiguration, "{}: {identity:?}: {error}", client.0);
                }
            }
            flow.revoke(&token).await.unwrap();
            assert_eq!(session.get(&me).send().await.unwrap().status(), 401, "{}", client.0);
        }
    }
}
