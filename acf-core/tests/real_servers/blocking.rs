//! The login without async: the person is, the program is not.

use acf_core::{
    ErrorKind,
    blocking::{UreqClient, Wait},
};
use tokio::runtime::{Handle, Runtime};

use crate::{
    BASIC, USER, flow,
    person::{Answer, walk},
    refused,
    server::{OIDC_PROVIDER, Server},
};

#[test]
#[ignore = "needs oidc-provider"]
fn a_login_without_async() {
    let server = Server::start(&OIDC_PROVIDER);
    let person = Runtime::new().unwrap();
    assert!(Handle::try_current().is_err());
    let flow = flow(&server, BASIC).http_client(UreqClient::new().unwrap()).build().unwrap();
    let request = flow.begin(USER).wait().unwrap();
    let callback = person.block_on(walk(&request.url, Answer::Allow));
    let first = flow.finish(USER, &callback).wait().unwrap();
    let session = flow.session(USER).wait().unwrap();
    let who: serde_json::Value = session.get(server.userinfo()).send().wait().unwrap().json().unwrap();
    assert_eq!(who["sub"], "alice");
    let second = session.refresh().wait().unwrap();
    assert_ne!(second.access_token(), first.access_token());
    assert_eq!(session.userinfo().wait().unwrap().id(), Some("alice"));
    flow.revoke(&second).wait().unwrap();
    assert_eq!(session.get(server.userinfo()).send().wait().unwrap().status(), 401);
    refused(session.refresh().wait(), ErrorKind::Provider);
    refused(flow.refresh(&second).wait(), ErrorKind::Provider);
}
