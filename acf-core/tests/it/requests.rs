//! Token requests, byte for byte.

use acf_core::{ClientAuth, Custom, Flow, MemoryStore, Post};
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::support::{Seen, Server, TOKEN};

async fn exchange(server: &Server, provider: Custom) -> (Seen, String) {
    let flow = Flow::new(provider).unwrap();
    let before = server.seen().len();
    let request = flow.begin("u").await.unwrap();
    flow.finish("u", &format!("code=a%2Bb%3D&state={}", request.state.as_str())).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), before + 1);
    let seen = seen.last().unwrap().clone();
    let verifier = match seen.body.strip_prefix('{') {
        Some(json) => json.split_once("\"code_verifier\":\"").unwrap().1[..43].to_owned(),
        None => seen.form()["code_verifier"].clone(),
    };
    (seen, verifier)
}

#[tokio::test]
async fn each_client_authentication_method_and_no_other() {
    let server = Server::issuing(TOKEN).await;
    let grant = |verifier: &str| {
        format!(
            "grant_type=authorization_code&code=a%2Bb%3D&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback\
             &code_verifier={verifier}"
        )
    };
    // Basic with `the client` and `s3cret+/&=`, form-encoded first (RFC 6749 section 2.3.1) and raw.
    let encoded = "Basic dGhlK2NsaWVudDpzM2NyZXQlMkIlMkYlMjYlM0Q=";
    let raw = "Basic dGhlIGNsaWVudDpzM2NyZXQrLyY9";
    for (method, authorization, more) in [
        (ClientAuth::ClientSecretBasic, Some(encoded), ""),
        (ClientAuth::ClientSecretBasicRaw, Some(raw), ""),
        (ClientAuth::ClientSecretPost, None, "&client_id=the%20client&client_secret=s3cret%2B%2F%26%3D"),
    ] {
        let (seen, verifier) = exchange(&server, server.provider().client_auth(method).build().unwrap()).await;
        assert_eq!(seen.body, grant(&verifier) + more, "{method:?}");
        assert_eq!(seen.header("authorization"), authorization, "{method:?}");
        assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(seen.header("accept"), Some("application/json"));
        assert!(seen.head.starts_with("POST /token HTTP/1.1\r\n"), "{}", seen.head);
        assert!(!seen.head.to_ascii_lowercase().contains("accept-encoding: gzip"), "{}", seen.head);
    }

    // A colon in the identifier would end it (RFC 6749 section 2.3.1); raw, nothing is encoded.
    for (method, credentials) in
        [(ClientAuth::ClientSecretBasic, "a%3Ab+c:p%25%2B%2F%C3%A9"), (ClientAuth::ClientSecretBasicRaw, "a:b c:p%+/é")]
    {
        let provider = server.provider().client_id("a:b c").client_secret("p%+/é".parse().unwrap()).client_auth(method);
        let (seen, verifier) = exchange(&server, provider.build().unwrap()).await;
        let authorization = format!("Basic {}", BASE64_STANDARD.encode(credentials));
        assert_eq!((seen.header("authorization"), &seen.body), (Some(&*authorization), &grant(&verifier)));
    }

    let public = Custom::builder("forge")
        .base_uri(server.url(""))
        .authorization_path("/authorize")
        .access_token_path("/token")
        .client_auth(ClientAuth::None)
        .client_id("the client")
        .redirect_uri("https://app.example/callback");
    let (seen, verifier) = exchange(&server, public.build().unwrap()).await;
    assert_eq!(seen.body, grant(&verifier) + "&client_id=the%20client");
    assert_eq!(seen.header("authorization"), None);
}

#[tokio::test]
async fn a_json_body() {
    let server = Server::issuing(TOKEN).await;
    let (seen, verifier) = exchange(&server, server.provider().post(Post::Json).build().unwrap()).await;
    assert_eq!(
        seen.body,
        format!(
            r#"{{"grant_type":"authorization_code","code":"a+b=","redirect_uri":"https://app.example/callback","code_verifier":"{verifier}","client_id":"the client","client_secret":"s3cret+/&="}}"#
        )
    );
    assert_eq!(seen.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn the_redirect_uri_of_the_login_goes_into_the_token_request() {
    let server = Server::issuing(TOKEN).await;
    let flow = server.flow();
    let request = flow.begin("u").redirect_uri("http://127.0.0.1:7/cb").await.unwrap();
    flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    assert_eq!(server.seen()[0].form()["redirect_uri"], "http://127.0.0.1:7/cb");

    // Also where the configuration was changed in between.
    let store = MemoryStore::new();
    let at = |redirect_uri: &str| {
        let provider = server.provider().redirect_uri(redirect_uri).build().unwrap();
        Flow::builder(provider).state_store(store.clone()).build().unwrap()
    };
    let request = at("https://app.example/old?a=%2f").begin("u").await.unwrap();
    at("https://app.example/new").finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    assert_eq!(server.seen()[1].form()["redirect_uri"], "https://app.example/old?a=%2f");
}

#[tokio::test]
async fn two_logins_at_once_keep_their_verifiers_apart() {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use sha2::{Digest, Sha256};

    let server = Server::issuing(TOKEN).await;
    let flow = server.flow();
    let (one, two) = (flow.begin("u").await.unwrap(), flow.begin("u").await.unwrap());
    for (request, code) in [(&two, "second"), (&one, "first")] {
        flow.finish("u", &format!("code={code}&state={}", request.state.as_str())).await.unwrap();
        let form = server.seen().last().unwrap().form();
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
        assert_eq!(crate::support::param(&request.url, "code_challenge"), Some(challenge));
        assert_eq!(form["code"], code);
    }
}
