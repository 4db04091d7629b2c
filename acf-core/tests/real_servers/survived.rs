//! What one server does and the others do not.

use acf_core::{ErrorKind, Flow, Next, provider::Post};
use http::header;
use serde_json::Value;

use crate::{
    BASIC, Client, PUBLIC, USER, custom, flow, log_in,
    person::{Answer, page, walk},
    refused,
    server::Server,
    watched,
    wire::{Wire, claims, param},
};

/// The person sees an error of the provider and never comes back: this side hears nothing, and must not wait for it.
pub(crate) async fn an_unknown_redirect_uri_is_a_page_and_leaves_the_login(server: &Server) {
    let (wire, flow) = watched(server);
    let begun = flow.begin(USER).redirect_uri("http://127.0.0.1:8765/elsewhere").await.unwrap();
    let page = page(&begun.url).await;
    assert_eq!((page.status().as_u16(), page.headers().get(header::LOCATION)), (400, None));
    let kind = page.headers().get(header::CONTENT_TYPE).unwrap().to_str().unwrap();
    assert!(kind.starts_with("text/html"), "{kind}");
    // It waits until its end comes, and hinders no other.
    flow.check_user_state(USER, begun.state.as_str()).await.unwrap();
    log_in(&flow).await.unwrap();
    flow.check_user_state(USER, begun.state.as_str()).await.unwrap();
    assert_eq!(wire.sent(), 1, "the login that went well");
}

/// RFC 6749 appendix B: a callback is a form, in which a space is a plus sign.
pub(crate) async fn plus_signs_in_a_description_are_spaces(server: &Server) {
    let flow = flow(server, BASIC).build().unwrap();
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Deny).await;
    let raw = callback.split("error_description=").nth(1).unwrap().split('&').next().unwrap();
    assert!(raw.contains('+') && !raw.contains(' ') && !raw.contains("%20"), "{raw}");
    let error = refused(flow.finish(USER, &callback).await, ErrorKind::AccessDenied);
    assert_eq!(error.provider().unwrap().error_description(), Some(raw.replace('+', " ").as_str()));
}

/// A plus sign that became a space on the way, or an equals sign that was taken for the end of a value, is another secret.
pub(crate) async fn codes_and_tokens_in_base64_arrive_as_they_are(server: &Server) {
    let (wire, flow) = watched(server);
    let sent = |name| param(std::str::from_utf8(wire.last().0.body()).unwrap(), name);
    let mut met = [false; 3];
    // One in four has a plus sign: that none of so many has one does not happen.
    for _ in 0..200 {
        let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
        let code = param(&callback, "code").unwrap();
        let token = flow.finish(USER, &callback).await.unwrap();
        assert_eq!(sent("code").as_ref(), Some(&code));
        let answer: Value = serde_json::from_slice(wire.last().1.body()).unwrap();
        assert_eq!((answer["token_type"].as_str(), token.token_type()), (Some("bearer"), "Bearer"));

        let access = token.access_token().expose();
        let session = flow.session(USER).await.unwrap();
        assert!(session.get(server.userinfo()).send().await.unwrap().is_success());
        assert_eq!(wire.last().0.headers()[header::AUTHORIZATION], format!("Bearer {access}"));

        let refresh = token.refresh_token().unwrap().expose();
        session.refresh().await.unwrap();
        assert_eq!(sent("refresh_token").as_deref(), Some(refresh));

        for (met, text) in met.iter_mut().zip([&code, access, refresh]) {
            assert!(text.ends_with("=="), "16 bytes in standard base64: {text}");
            *met |= text.contains('+');
        }
        if met == [true; 3] {
            return;
        }
    }
    panic!("no plus sign: {met:?}");
}

/// RFC 6749 section 5.2 has `invalid_grant` for a code that is spent. A request that is said to be malformed is for whoever
/// wrote it to mend: that another login would help cannot be known from it.
pub(crate) async fn a_replayed_code_keeps_the_code_of_its_error(server: &Server) {
    let (wire, flow) = watched(server);
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
    flow.finish(USER, &callback).await.unwrap();
    // The same code into another login, as an attacker would put it there.
    let state = flow.begin(USER).await.unwrap().state;
    let replayed = callback.replace(&param(&callback, "state").unwrap(), state.as_str());
    let error = refused(flow.finish(USER, &replayed).await, ErrorKind::Provider);
    assert_eq!(error.provider().unwrap().error(), "invalid_request");
    assert_eq!((error.status(), error.next()), (Some(400), Next::FixConfiguration));
    assert_eq!(wire.sent(), 2);
}

/// It listens at 127.0.0.1 and calls itself localhost. That is another issuer, however much it is the same machine.
pub(crate) async fn an_issuer_named_localhost_is_not_127_0_0_1(server: &Server) {
    let metadata = page(&format!("{}/.well-known/openid-configuration", server.issuer)).await;
    let metadata: Value = serde_json::from_slice(metadata.body()).unwrap();
    let named = metadata["issuer"].as_str().unwrap();
    assert_eq!(named, server.issuer.replace("127.0.0.1", "localhost"));

    // Its callbacks name no issuer, so there is nothing to compare. Its ID tokens do, and are kept unread.
    let flow = flow(server, PUBLIC).build().unwrap();
    let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
    assert_eq!(param(&callback, "iss"), None);
    let token = flow.finish(USER, &callback).await.unwrap();
    assert_eq!(claims(token.id_token().unwrap().expose())["iss"], named);

    // With the name it goes by, as RFC 9207 has it.
    for (declared, accepted) in [(server.issuer.as_str(), false), (named, true)] {
        let flow = Flow::new(custom(server, PUBLIC).issuer(declared).build().unwrap()).unwrap();
        let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
        let with_issuer = format!("{callback}&iss={named}");
        let result = flow.finish(USER, &with_issuer).await;
        assert_eq!(result.is_ok(), accepted, "{declared}: {result:?}");
        if let Err(error) = result {
            assert_eq!((error.kind(), error.next()), (ErrorKind::IssuerMismatch, Next::FixConfiguration));
            assert!(error.to_string().contains(named) && error.to_string().contains(declared), "{error}");
            flow.finish(USER, &callback).await.unwrap();
        }
    }
}

pub(crate) async fn token_requests_in_json_are_accepted(server: &Server) {
    const CLIENT: Client = ("acf-post", acf_core::ClientAuth::ClientSecretPost, BASIC.2);
    let wire = Wire::new();
    let json = custom(server, CLIENT).post(Post::Json).build().unwrap();
    let flow = Flow::builder(json).http_client(wire.clone()).build().unwrap();
    let first = log_in(&flow).await.unwrap();
    let body = |grant: &str| {
        let (request, answer) = wire.last();
        assert_eq!(request.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(answer.status(), 200);
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(body["grant_type"], grant);
        assert_eq!((body["client_id"].as_str(), body["client_secret"].as_str()), (Some(CLIENT.0), CLIENT.2));
        body
    };
    assert_eq!(body("authorization_code")["code_verifier"].as_str().unwrap().len(), 43);
    // What the token request does not name, this server makes up.
    assert_eq!(first.scopes().to_string(), "dummy");

    let session = flow.session(USER).await.unwrap();
    let who: Value = session.get(server.userinfo()).send().await.unwrap().json().unwrap();
    assert_eq!(who["sub"], "johndoe");
    session.refresh().await.unwrap();
    assert_eq!(body("refresh_token")["refresh_token"].as_str(), first.refresh_token().map(|token| token.expose()));
}
