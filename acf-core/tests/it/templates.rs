//! What is filled into requests means no harm, whoever it comes from.

use acf_core::{ErrorKind, Flow};
use acf_rules::language::{Key, Kind, STRUCT};

use crate::{
    shapes::{provider, try_provider},
    support::{Server, json, logged_in},
};

/// A token response with a member that the provider chose.
async fn issuing(uid: &'static str) -> Server {
    Server::start(move |_| {
        let uid = serde_json::to_string(uid).unwrap();
        json(200, &format!(r#"{{"access_token":"access-1","token_type":"bearer","uid":{uid}}}"#))
    })
    .await
}

#[tokio::test]
async fn an_answer_fills_one_segment_of_a_path_and_nothing_else() {
    let lines = "token_response.keep=uid\nuserinfo_path=/u/{uid}/me";
    for (uid, target) in [
        ("../../admin", "/u/..%2F..%2Fadmin/me"),
        ("a?b#c", "/u/a%3Fb%23c/me"),
        ("@evil.example\\", "/u/%40evil.example%5C/me"),
        ("%2e%2e", "/u/%252e%252e/me"),
        ("{access_token}", "/u/%7Baccess_token%7D/me"),
        ("é", "/u/%C3%A9/me"),
    ] {
        let server = issuing(uid).await;
        logged_in(&Flow::new(provider(&server, lines)).unwrap()).await.userinfo().await.unwrap();
        let head = server.seen().last().unwrap().head.clone();
        assert!(head.starts_with(&format!("GET {target} HTTP/1.1")), "{head}");
    }
}

#[tokio::test]
async fn what_cannot_be_filled_in_is_not_sent() {
    let path = "token_response.keep=uid\nuserinfo_path=/u/{uid}/me";
    let dotted = "token_response.keep=uid\nuserinfo_path=/u/.{uid}/me";
    let header = "token_response.keep=uid\nuserinfo.headers.X-Uid={uid}";
    for (lines, uid, says) in [
        (path, "", "one path segment"),
        (path, ".", "one path segment"),
        (path, "..", "one path segment"),
        (dotted, ".", "one path segment"),
        (header, "a\r\nx-admin: 1", "the header `x-uid` cannot be sent"),
        (header, "a\nb", "the header `x-uid` cannot be sent"),
        (header, "a\0b", "the header `x-uid` cannot be sent"),
    ] {
        let server = issuing(uid).await;
        let session = logged_in(&Flow::new(provider(&server, lines)).unwrap()).await;
        let sent = server.seen().len();
        let error = session.userinfo().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(error.to_string().contains(says), "{uid:?}: {error}");
        assert_eq!(server.seen().len(), sent);
    }
    // The response does not have it at all.
    let server = Server::issuing(crate::support::TOKEN).await;
    let session = logged_in(&Flow::new(provider(&server, path)).unwrap()).await;
    let error = session.userinfo().await.unwrap_err();
    assert!(error.to_string().contains("nothing provides `{uid}`"), "{error}");
}

#[tokio::test]
async fn a_host_is_chosen_by_a_host_alone() {
    let server = issuing("x").await;
    for (lines, says) in [
        ("userinfo_endpoint=https://{client_id}.forge.example/me", "`client_id` is not a host"),
        ("userinfo_endpoint=https://{redirect_uri}/me", "`redirect_uri` is not a host"),
        ("userinfo_endpoint=https://{uid}.forge.example/me\ntoken_response.keep=uid", "`{uid}`"),
        ("userinfo_endpoint=https://{access_token}/me", "`{access_token}`"),
        ("userinfo_endpoint=https://forge.example?u={access_token}", "`{access_token}`"),
        ("userinfo_endpoint=https://{t}.forge.example/me\nplaceholders.t=evil.example/", "`t` is not a host"),
        ("userinfo_endpoint=https://{t}.forge.example/me\nplaceholders.t=a@b", "`t` is not a host"),
        ("userinfo_endpoint=https://a.{t}/me\nplaceholders.t=a#b", "`t` is not a host"),
    ] {
        let error = try_provider(&server, lines).err().unwrap_or_else(|| panic!("accepted: {lines}"));
        assert!(error.to_string().contains(says), "{lines}\n{error}");
    }
    try_provider(&server, "userinfo_endpoint=https://{t}.forge.example/me\nplaceholders.t=eu").unwrap();
}

#[tokio::test]
async fn no_value_begins_another_line_of_a_definition() {
    fn whole(keys: &[Key], group: &str, out: &mut Vec<String>) {
        for key in keys {
            let name = if group.is_empty() { key.name.to_owned() } else { format!("{group}.{}", key.name) };
            match key.kind {
                Kind::Group(inner) => whole(inner, key.name, out),
                Kind::Map(_) => out.extend([format!("{name}.x"), format!("{name}.x\nclient_auth=none\na")]),
                _ => out.push(name),
            }
        }
    }
    let server = issuing("x").await;
    let mut keys = Vec::new();
    whole(STRUCT, "", &mut keys);
    for key in keys {
        let clean = server.provider();
        for value in ["a\nclient_auth=none", "a\r\nclient_auth=none"] {
            let built = clean.clone().set(&key, value).build();
            if let Ok(custom) = built {
                let lines = custom.definition().to_string();
                assert!(!lines.lines().any(|line| line == "client_auth=none"), "{key}\n{lines}");
            }
        }
        if key.contains('\n') {
            assert!(clean.set(&key, "a").build().is_err(), "{key}");
        }
    }
    // A name ends where the value begins.
    for name in ["a=b", "a\nb"] {
        assert!(server.provider().authorize_param(name, "c").build().is_err(), "{name}");
    }
}
