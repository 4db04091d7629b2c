//! The grants beside the code, and what else the servers answer.

use std::sync::{Arc, Mutex};

use acf_core::{DevicePoll, Error, ErrorKind, Flow, Token, TokenExchange};

use crate::{
    BASIC, POST, PUBLIC, REDIRECT_URI, USER, custom, flow, log_in,
    person::{Answer, confirm, walk},
    refused,
    server::{OIDC_PROVIDER, Server},
    userinfo_status,
    wire::{Wire, claims},
};

/// A scope of clients themselves, and the error for one that has no credentials. Neither server says `unauthorized_client`,
/// as RFC 6749 section 5.2 does.
fn of_clients(server: &Server) -> (&'static str, &'static str) {
    match server.kind.name == OIDC_PROVIDER.name {
        true => ("api:read", "invalid_request"),
        false => (server.kind.scope, "invalid_client"),
    }
}

/// The code of the provider's error.
fn code<T>(result: Result<T, Error>) -> String {
    refused(result, ErrorKind::Provider).provider().unwrap().error().to_owned()
}

/// Refresh tokens are rotated here, and good once.
pub(crate) async fn a_session_refreshes_by_itself_and_says_so(server: &Server) {
    let told: Arc<Mutex<Vec<Token>>> = Arc::default();
    let tell = Arc::clone(&told);
    let flow =
        flow(server, BASIC).on_refresh(move |_, token| tell.lock().unwrap().push(token.clone())).build().unwrap();
    let first = log_in(&flow).await.unwrap();
    let mut row: serde_json::Value = serde_json::from_str(&first.expose_json()).unwrap();
    row["expires_at"] = 1.into();
    flow.store_token(USER, &Token::from_json(&row.to_string()).unwrap()).await.unwrap();
    let session = flow.session(USER).await.unwrap();
    let (one, other) = tokio::join!(session.token(), session.token());
    let token = one.unwrap();
    assert_eq!(other.unwrap(), token);
    assert_ne!((token.access_token(), token.refresh_token()), (first.access_token(), first.refresh_token()));
    assert_eq!(*told.lock().unwrap(), [token], "once");
    assert_eq!(session.userinfo().await.unwrap().id(), Some("alice"));
}

/// A nonce is said again in the ID token. The end of the login is handed over as a whole URL, or as its query.
pub(crate) async fn what_one_login_adds_reaches_the_server(server: &Server) {
    let flow = flow(server, PUBLIC).build().unwrap();
    for (nonce, whole) in [("n-0S6_WzA2Mj", true), ("a b&state=c+%20#/ü", false)] {
        let request = flow.begin(USER).param("nonce", nonce).await.unwrap();
        let url = walk(&request.url, Answer::Allow).await;
        let (redirect_uri, query) = url.split_once('?').unwrap();
        assert_eq!(redirect_uri, REDIRECT_URI);
        let token = flow.finish(USER, if whole { &url } else { query }).await.unwrap();
        assert_eq!(claims(token.id_token().unwrap().expose())["nonce"], nonce);
    }
}

pub(crate) async fn a_client_has_a_token_of_its_own(server: &Server) {
    let (scope, refusal) = of_clients(server);
    for client in [BASIC, POST] {
        let flow = flow(server, client).build().unwrap();
        let token = flow.client_credentials().scope(scope).save_for("service").await.unwrap();
        assert_eq!(token.scopes().to_string(), scope, "{}", client.0);
        assert!(token.expires_at().is_some() && token.refresh_token().is_none(), "{}", client.0);
        assert_eq!(flow.session("service").await.unwrap().token().await.unwrap(), token, "{}", client.0);
    }
    let flow = flow(server, PUBLIC).build().unwrap();
    assert_eq!(code(flow.client_credentials().scope(scope).save_for("service").await), refusal);
    refused(flow.session("service").await, ErrorKind::NoToken);
}

pub(crate) async fn a_token_is_active_until_it_is_given_up(server: &Server) {
    let (owner, other) = (flow(server, BASIC).build().unwrap(), flow(server, POST).build().unwrap());
    let persons = log_in(&owner).await.unwrap();
    // Without a refresh token, which would take it along.
    let own = owner.client_credentials().scope(of_clients(server).0).await.unwrap();
    for (token, subject) in [(persons, Some("alice")), (own, None)] {
        let said = owner.introspect(&token).await.unwrap();
        assert!(said.is_active(), "{subject:?}");
        assert_eq!((said.client_id(), said.subject()), (Some(BASIC.0), subject));
        assert_eq!(said.issuer(), Some(server.issuer.as_str()), "{subject:?}");
        assert_eq!(said.scopes(), *token.scopes(), "{subject:?}");
        assert!(said.expires_at().is_some(), "{subject:?}");
        assert!(!other.introspect(&token).await.unwrap().is_active(), "{subject:?}: it is of another client");
        owner.revoke(&token).await.unwrap();
        let said = owner.introspect(&token).await.unwrap();
        assert_eq!((said.is_active(), said.members().len()), (false, 1), "{subject:?}");
    }
}

/// All at once: each waits for the five seconds that stand for an interval that is not said.
pub(crate) async fn a_person_confirms_or_refuses_on_another_device(server: &Server) {
    let (confirmed, refusing, waiting) = tokio::join!(
        on_another_device(server, Some(Answer::Allow)),
        on_another_device(server, Some(Answer::Deny)),
        on_another_device(server, None),
    );
    let DevicePoll::Done(token) = confirmed.2.unwrap() else { panic!("it was confirmed") };
    let session = confirmed.1.session(USER).await.unwrap();
    assert_eq!(session.token().await.unwrap(), token);
    assert_eq!(session.userinfo().await.unwrap().id(), Some("alice"));
    assert_ne!(session.refresh().await.unwrap().access_token(), token.access_token());

    let error = refused(refusing.2, ErrorKind::AccessDenied);
    assert_eq!(error.provider().unwrap().error(), "access_denied");
    refused(refusing.1.session(USER).await, ErrorKind::NoToken);

    let DevicePoll::Pending(_) = waiting.2.unwrap() else { panic!("nobody confirmed") };
    let answer: serde_json::Value = serde_json::from_slice(waiting.0.last().1.body()).unwrap();
    assert_eq!(answer["error"], "authorization_pending");
}

/// A login that is asked for once, after a person has answered or has not.
async fn on_another_device(server: &Server, answer: Option<Answer>) -> (Wire, Flow, Result<DevicePoll, Error>) {
    let wire = Wire::new();
    let provider = custom(server, PUBLIC).set("device_authorization_path", "/device/auth").build().unwrap();
    let flow = Flow::builder(provider).http_client(wire.clone()).build().unwrap();
    let mut login = flow.device().await.unwrap().save_for(USER);
    assert_eq!(login.verification_uri(), format!("{}/device", server.issuer));
    let with_code = format!("{}?user_code={}", login.verification_uri(), login.user_code());
    assert_eq!(login.verification_uri_complete(), Some(with_code.as_str()));
    if let Some(answer) = answer {
        confirm(login.verification_uri(), login.user_code(), answer).await;
    }
    let DevicePoll::Pending(wait) = login.poll().await.unwrap() else { panic!("asked before it is time") };
    assert_eq!(wire.sent(), 1);
    tokio::time::sleep(wait).await;
    let polled = login.poll().await;
    assert_eq!(wire.sent(), 2);
    (wire, flow, polled)
}

pub(crate) async fn a_token_is_exchanged_for_another(server: &Server) {
    const AUDIENCE: &str = "https://api.example";
    let flow = flow(server, BASIC).build().unwrap();
    let request = flow.begin(USER).scope("openid api:read").await.unwrap();
    let subject = flow.finish(USER, &walk(&request.url, Answer::Allow).await).await.unwrap();
    let exchange = || TokenExchange::from(&subject);

    let same = flow.exchange_token(&subject).await.unwrap();
    let narrower = flow.exchange_token(exchange().audience(AUDIENCE)).scope("api:read").await.unwrap();
    for (token, scopes, opens) in [(&same, "openid api:read", 200), (&narrower, "api:read", 403)] {
        assert_ne!(token.access_token(), subject.access_token(), "{scopes}");
        assert_eq!(token.issued_token_type(), Some(TokenExchange::ACCESS_TOKEN), "{scopes}");
        assert_eq!(token.scopes().to_string(), scopes);
        assert_eq!(flow.introspect(token).await.unwrap().subject(), Some("alice"), "{scopes}");
        assert_eq!(userinfo_status(server, token).await, opens, "{scopes}");
    }
    // The person's own is still the stored one.
    assert_eq!(flow.session(USER).await.unwrap().token().await.unwrap(), subject);

    let wider = flow.exchange_token(&subject).scope("openid api:read api:write").await;
    assert_eq!(code(wider), "invalid_scope");
    let elsewhere = exchange().audience("https://elsewhere.example");
    assert_eq!(code(flow.exchange_token(elsewhere).await), "invalid_target");
    let of_another_type = exchange().requested_token_type(TokenExchange::SAML2);
    assert_eq!(code(flow.exchange_token(of_another_type).await), "invalid_request");
    flow.revoke(&subject).await.unwrap();
    assert_eq!(code(flow.exchange_token(&subject).await), "invalid_request");
}

#[cfg(feature = "jwt")]
pub(crate) use self::assertions::*;

#[cfg(feature = "jwt")]
mod assertions {
    use acf_core::{ClientAuth, JwtAssertion, SigningAlgorithm, SigningKey, Token};

    use super::*;
    use crate::wire::{param, part};

    const P256: &str = include_str!("../keys/rfc7515-a3-p256.pem");
    const RSA: &str = include_str!("../keys/rfc7515-a2-rsa.pem");
    /// No server knows it.
    const ED25519: &str = include_str!("../keys/rfc8037-a1-ed25519.pem");

    /// RFC 7523 section 2.1.
    pub(crate) async fn an_assertion_about_somebody_is_good_for_a_token(server: &Server) {
        const ASSERTING: &str = "https://assertions.example";
        let (own, another): (SigningKey, SigningKey) = (P256.parse().unwrap(), RSA.parse().unwrap());
        let (issuer, endpoint) = (server.issuer.clone(), format!("{}/token", server.issuer));
        let flow = flow(server, BASIC).build().unwrap();
        for (audience, scope) in [(&issuer, "openid"), (&endpoint, "openid api:read")] {
            let assertion = JwtAssertion::new(ASSERTING, "bob", audience).sign(&own).unwrap();
            let token = flow.jwt_bearer(&assertion).scope(scope).save_for(USER).await.unwrap();
            assert_eq!(token.scopes().to_string(), scope);
            let session = flow.session(USER).await.unwrap();
            assert_eq!(session.userinfo().await.unwrap().id(), Some("bob"), "{scope}");
        }
        for (asserting, audience, key) in [
            ("https://elsewhere.example", &issuer, &own),
            (ASSERTING, &"https://elsewhere.example".to_owned(), &own),
            (ASSERTING, &issuer, &another),
        ] {
            let assertion = JwtAssertion::new(asserting, "bob", audience).sign(key).unwrap();
            let error = refused(flow.jwt_bearer(&assertion).await, ErrorKind::Provider);
            assert_eq!(error.provider().unwrap().error(), "invalid_grant", "{asserting} {audience} {key:?}");
            assert!(!error.to_string().contains(assertion.expose()));
        }
    }

    /// RFC 7523 section 2.2: at each endpoint.
    pub(crate) async fn a_client_proves_by_assertions_who_it_is(server: &Server) {
        const LONG: &str = "p%+/&:x, and more: thirty-two bytes it needs";
        const WRONG: &str = "another secret, and it is as long as that one is";
        let by_key = |key| custom(server, ("acf-private-key-jwt", ClientAuth::PrivateKeyJwt, None)).signing_key(key);
        let by_secret = |secret| custom(server, ("acf-secret-jwt", ClientAuth::ClientSecretJwt, Some(secret)));
        for (algorithm, builder) in [
            ("ES256", by_key(P256.parse().unwrap())),
            ("RS256", by_key(RSA.parse().unwrap())),
            ("PS256", by_key(SigningKey::from_pem(RSA, SigningAlgorithm::Ps256).unwrap())),
            ("HS256", by_secret(LONG)),
        ] {
            let wire = Wire::new();
            let flow = Flow::builder(builder.build().unwrap()).http_client(wire.clone()).build().unwrap();
            let fails = |error: Error| -> Token { panic!("{algorithm}: {error}") };
            let token = log_in(&flow).await.unwrap_or_else(fails);
            let token = flow.refresh(&token).await.unwrap_or_else(fails);
            let sent = String::from_utf8(wire.last().0.into_body()).unwrap();
            assert_eq!(part(&param(&sent, "client_assertion").unwrap(), 0)["alg"], algorithm);
            assert_eq!(param(&sent, "client_secret"), None);
            assert!(flow.introspect(&token).await.unwrap().is_active(), "{algorithm}");
            flow.revoke(&token).await.unwrap();
            assert!(!flow.introspect(&token).await.unwrap().is_active(), "{algorithm}");
            flow.client_credentials().scope("api:read").await.unwrap_or_else(fails);
        }
        for builder in [by_key(ED25519.parse().unwrap()), by_secret(WRONG)] {
            let flow = Flow::new(builder.build().unwrap()).unwrap();
            let error = refused(log_in(&flow).await, ErrorKind::Provider);
            assert_eq!((error.provider().unwrap().error(), error.status()), ("invalid_client", Some(401)));
            assert!(!format!("{error} {error:?}").contains(WRONG));
        }
    }
}

#[cfg(feature = "legacy-grants")]
pub(crate) use self::retired::*;

#[cfg(feature = "legacy-grants")]
mod retired {
    use acf_core::{Hooks, OAuthProvider, Parts, Secret, provider::Post};
    use http::header;

    use super::*;

    /// What a form can be broken by, and what is two bytes.
    const NAME: &str = "älice & co+%20=";

    pub(crate) async fn a_password_is_good_for_a_token(server: &Server) {
        let secret = |text: &str| Secret::from(text.to_owned());
        for client in [BASIC, POST, PUBLIC] {
            let flow = flow(server, client).build().unwrap();
            assert_eq!(code(flow.password(NAME, &secret("p%+/&: u")).save_for(USER).await), "invalid_request");
            refused(flow.session(USER).await, ErrorKind::NoToken);
            let token = flow.password(NAME, &secret("p%+/&: ü")).save_for(USER).await.unwrap();
            assert_eq!(token.scopes().to_string(), server.kind.scope, "{}", client.0);
            let session = flow.session(USER).await.unwrap();
            assert_eq!(session.userinfo().await.unwrap().id(), Some(NAME), "{}", client.0);
            assert_ne!(session.refresh().await.unwrap().access_token(), token.access_token(), "{}", client.0);
        }
    }

    /// This server takes any password, and says in the token whose it was.
    pub(crate) async fn a_password_goes_in_a_form_or_in_json(server: &Server) {
        let password = Secret::from("any".to_owned());
        for (post, kind) in [(Post::Form, "application/x-www-form-urlencoded"), (Post::Json, "application/json")] {
            let wire = Wire::new();
            let provider = custom(server, POST).post(post).build().unwrap();
            let flow = Flow::builder(provider).http_client(wire.clone()).build().unwrap();
            let token = flow.password(NAME, &password).await.unwrap();
            assert_eq!(claims(token.access_token().expose())["sub"], NAME, "{kind}");
            assert_eq!(token.scopes().to_string(), server.kind.scope, "{kind}");
            assert_eq!(wire.last().0.headers()[header::CONTENT_TYPE], kind);
        }
    }

    /// This one says its issuer in the query, and everything else in the fragment.
    pub(crate) async fn a_token_alone_comes_in_the_fragment(server: &Server) {
        let flow = flow(server, PUBLIC).build().unwrap();
        let request = flow.implicit(USER).await.unwrap();
        let url = walk(&request.url, Answer::Allow).await;
        refused(flow.finish(USER, &url).await, ErrorKind::StateMissing);
        let token = flow.finish_fragment(USER, &url).await.unwrap();
        assert_eq!(userinfo_status(server, &token).await, 200);
        refused(flow.finish_fragment(USER, &url).await, ErrorKind::StateUnknown);
    }

    /// A client that gets an ID token along with its token, as OpenID Connect has it.
    #[derive(Clone)]
    struct WithIdToken(String);

    impl OAuthProvider for WithIdToken {
        fn declaration() -> &'static str {
            "name=real-server\nhooks=\nauthorization_path=/auth\naccess_token_path=/token\nuserinfo_path=/me\n\
             client_auth=none\nscope=openid\ngrant_types=implicit\n"
        }

        fn parts(&self) -> Parts<'_> {
            Parts::new(&"acf-fragment", &(), &REDIRECT_URI).base_uri(&self.0).issuer(&self.0).hooks(self)
        }
    }

    impl Hooks for WithIdToken {
        fn authorize(&self, params: &mut Vec<(String, String)>) {
            for (_, value) in params.iter_mut().filter(|(name, _)| name == "response_type") {
                *value = "id_token token".to_owned();
            }
        }
    }

    pub(crate) async fn a_token_comes_in_the_fragment(server: &Server) {
        const NONCE: &str = "n-0S6_WzA2Mj";
        let wire = Wire::new();
        let flow = Flow::builder(WithIdToken(server.issuer.clone())).http_client(wire.clone()).build().unwrap();
        let request = flow.implicit(USER).param("nonce", NONCE).await.unwrap();
        let url = walk(&request.url, Answer::Allow).await;
        assert!(url.starts_with(&format!("{REDIRECT_URI}#")), "{url}");
        refused(flow.finish_fragment("somebody else", &url).await, ErrorKind::BindingMismatch);
        let token = flow.finish_fragment(USER, &url).await.unwrap();
        assert_eq!(wire.sent(), 0);
        assert_eq!(claims(token.id_token().unwrap().expose())["nonce"], NONCE);
        assert!(token.expires_at().is_some() && token.refresh_token().is_none());
        let session = flow.session(USER).await.unwrap();
        assert_eq!(session.userinfo().await.unwrap().id(), Some("alice"));
        refused(flow.finish_fragment(USER, &url).await, ErrorKind::StateUnknown);

        let request = flow.implicit(USER).param("nonce", NONCE).await.unwrap();
        let url = walk(&request.url, Answer::Deny).await;
        refused(flow.finish_fragment(USER, &url).await, ErrorKind::AccessDenied);
    }
}
