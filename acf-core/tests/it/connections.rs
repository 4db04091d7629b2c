//! Several accounts of one user, and more scopes than the first login asked for.

use acf_core::{ErrorKind, Flow, Token};

use crate::support::{Naming, Server, TOKEN, json, param};

fn flow() -> Flow {
    let provider = Naming::provider("forge").scope(["read"]).build().unwrap();
    Flow::builder(provider).http_client(Naming::default()).build().unwrap()
}

async fn connect(flow: &Flow, user: &str, connection: &str, code: &str) {
    let request = flow.begin(user).connection(connection).await.unwrap();
    flow.finish(user, &format!("code={code}&state={}", request.state.as_str())).await.unwrap();
}

#[tokio::test]
async fn each_connection_has_a_token_of_its_own() {
    let flow = flow();
    for (user, connection, code) in
        [("u", "", "0"), ("u", "work", "1"), ("u", "home", "2"), ("v", "work", "3"), ("u", "work", "4")]
    {
        connect(&flow, user, connection, code).await;
    }
    let expect = async |user: &str, expected: &[(&str, &str)]| {
        let names: Vec<_> = expected.iter().map(|(name, _)| *name).collect();
        assert_eq!(flow.connections(user).await.unwrap(), names, "{user}");
        for (name, access) in expected {
            let token = flow.session(user).connection(name).await.unwrap().token().await.unwrap();
            assert_eq!(token.access_token().expose(), *access, "{user} {name}");
        }
    };
    expect("u", &[("", "access.0"), ("home", "access.2"), ("work", "access.4")]).await;
    expect("v", &[("work", "access.3")]).await;
    assert_eq!(flow.session("v").await.unwrap_err().kind(), ErrorKind::NoToken);

    flow.session("u").connection("work").await.unwrap().refresh().await.unwrap();
    flow.session("u").connection("home").await.unwrap().forget().await.unwrap();
    expect("u", &[("", "access.0"), ("work", "access.4.next")]).await;
    expect("v", &[("work", "access.3")]).await;

    let token = Token::from_json(r#"{"v":1,"access_token":"a","token_type":"Bearer","scope":[]}"#).unwrap();
    flow.store_token("w", &token).connection("elsewhere").await.unwrap();
    expect("w", &[("elsewhere", "a")]).await;
    for refused in [flow.store_token("w\0", &token).await, flow.store_token("w", &token).connection("\0").await] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Configuration);
    }
    assert_eq!(flow.begin("w").connection("\0").await.unwrap_err().kind(), ErrorKind::Configuration);
}

/// What is asked for on top is asked for together with what there is, since most providers issue what the last login asked for.
#[tokio::test]
async fn more_scopes_come_on_top_of_those_that_were_granted() {
    let flow = flow();
    let asked = async |begin: acf_core::Begin<'_>| param(&begin.await.unwrap().url, "scope").unwrap();
    assert_eq!(asked(flow.begin("u").more_scope("calendar")).await, "read calendar", "nothing is stored yet");
    let granted =
        Token::from_json(r#"{"v":1,"access_token":"a","token_type":"Bearer","scope":["write","mail"]}"#).unwrap();
    flow.store_token("u", &granted).connection("work").await.unwrap();
    for (begin, scope) in [
        (flow.begin("u").connection("work").more_scope("calendar mail"), "write mail calendar"),
        (flow.begin("u").more_scope("calendar"), "read calendar"),
        (flow.begin("u").connection("work").scope("mail").more_scope("calendar"), "mail calendar"),
        (flow.begin("u").connection("work"), "read"),
    ] {
        assert_eq!(asked(begin).await, scope);
    }
    for begin in [
        flow.begin("u").more_scope(["no scope"]),
        flow.begin("u").scope(["no scope"]).more_scope("calendar"),
        flow.begin("u").scope("calendar").more_scope(["no scope"]),
    ] {
        let error = begin.await.unwrap_err();
        assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains("scope grammar"), "{error}");
    }
}

#[tokio::test]
async fn a_refused_upgrade_leaves_the_token() {
    let server = Server::start(|_| json(200, TOKEN)).await;
    let flow = server.flow();
    connect(&flow, "u", "work", "c").await;
    let request = flow.begin("u").connection("work").more_scope("calendar").await.unwrap();
    let refused = format!("error=access_denied&state={}", request.state.as_str());
    assert_eq!(flow.finish("u", &refused).await.unwrap_err().kind(), ErrorKind::AccessDenied);
    let token = flow.session("u").connection("work").await.unwrap().token().await.unwrap();
    assert_eq!(token.access_token().expose(), "access-1");
}
