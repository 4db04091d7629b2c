//! What servers announce of themselves.

use acf_core::{Credentials, CustomBuilder, ErrorKind, Flow, Metadata, http::ReqwestClient};

use super::{BASIC, PUBLIC, REDIRECT_URI, SECRET, Server, USER, custom, refused, userinfo_status};
use crate::person::{Answer, walk};

pub(crate) async fn a_login_by_discovery(server: &Server) {
    let confidential = Credentials::new(BASIC.0).client_secret(SECRET.parse().unwrap());
    for credentials in [confidential, Credentials::new(PUBLIC.0)] {
        let flow = Flow::discover(&server.issuer, credentials.redirect_uri(REDIRECT_URI)).await.unwrap();
        let request = flow.begin(USER).scope(server.kind.scope).await.unwrap();
        let callback = walk(&request.url, Answer::Allow).await;
        // Both announce an `iss` in each callback, and it must be there.
        let without = callback.split('&').filter(|pair| !pair.starts_with("iss=")).collect::<Vec<_>>().join("&");
        assert_ne!(without, callback);
        refused(flow.finish(USER, &without).await, ErrorKind::IssuerMismatch);
        let token = flow.finish(USER, &callback).await.unwrap();
        let session = flow.session(USER).await.unwrap();
        assert_eq!(session.userinfo().await.unwrap().id(), Some("alice"));
        let token = flow.refresh(&token).await.unwrap();
        flow.revoke(&token).await.unwrap();
        assert_eq!(userinfo_status(server, &token).await, 401);
    }
    // The same address, and not the same issuer.
    let other = format!("{}/", server.issuer);
    let error = Metadata::fetch(&other, &ReqwestClient::new().unwrap()).await;
    refused(error, ErrorKind::IssuerMismatch);
}

pub(crate) async fn the_declaration_is_what_is_announced(server: &Server) {
    let keys = |builder: CustomBuilder| async {
        let flow = Flow::new(builder.build().unwrap()).unwrap();
        flow.check_metadata().await.unwrap().iter().map(|difference| difference.key()).collect::<Vec<_>>()
    };
    assert_eq!(keys(custom(server, BASIC).set("callback.require_iss", "")).await, [""; 0]);
    let elsewhere = format!("{}/elsewhere", server.issuer);
    let wrong = custom(server, PUBLIC).token_endpoint(elsewhere).set("pkce", "plain");
    assert_eq!(keys(wrong).await, ["token_endpoint", "pkce", "callback"]);
}
