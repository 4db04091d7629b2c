//! Each preset against the facts of its vendor's page: the authorization URL, the token request, and the vendor's way of
//! answering.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, missing_docs, reason = "tests")]

use std::sync::{Arc, Mutex};

use acf_core::{
    Error, Flow, HttpClient, OAuthProvider, Token,
    http::{HttpError, Limits, Request, Response},
};
use acf_providers::{GitHub, Google, StackExchange};

/// Stands where the vendor's token endpoint would: it cannot be reached from a test.
#[derive(Clone)]
struct Vendor {
    answers: &'static str,
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

#[async_trait::async_trait]
impl HttpClient for Vendor {
    async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
        assert_eq!(request.headers()["accept"], "application/json");
        let body = String::from_utf8(request.body().clone()).unwrap();
        self.seen.lock().unwrap().push((request.uri().to_string(), body));
        let mut response = Response::new(self.answers.into());
        response.headers_mut().insert("content-type", "application/json; charset=utf-8".parse().unwrap());
        Ok(response)
    }
}

struct Facts {
    authorization: &'static str,
    token_endpoint: &'static str,
    /// What the vendor answers, and the scopes and the end that this means.
    answers: &'static str,
    granted: &'static str,
    expires: bool,
    revokes: bool,
}

async fn check(provider: Result<impl OAuthProvider, Error>, facts: &Facts) -> Token {
    let vendor = Vendor { answers: facts.answers, seen: Arc::default() };
    let flow = Flow::builder(provider.unwrap()).http_client(vendor.clone()).build().unwrap();
    let request = flow.begin("u").await.unwrap();
    let (head, tail) = request.url.split_once("&code_challenge=").unwrap();
    let url = format!("{head}{}", &tail[43..]).replace(request.state.as_str(), "STATE");
    assert_eq!(url, facts.authorization);

    let token = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    let (uri, body) = vendor.seen.lock().unwrap()[0].clone();
    assert_eq!(uri, facts.token_endpoint);
    let start = "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&code_verifier=";
    assert!(body.starts_with(start) && body.ends_with("&client_id=id&client_secret=secret"), "{body}");
    assert_eq!(token.scopes().to_string(), facts.granted);
    assert_eq!(token.expires_at().is_some(), facts.expires);
    assert_eq!(flow.can_revoke(), facts.revokes);
    token
}

const CREDENTIALS: (&str, &str, &str) = ("id", "secret", "https://app.example/callback");

#[tokio::test]
async fn github() {
    let facts = Facts {
        authorization: "https://github.com/login/oauth/authorize?client_id=id\
            &code_challenge_method=S256&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&response_type=code\
            &scope=read%3Auser&state=STATE",
        token_endpoint: "https://github.com/login/oauth/access_token",
        answers: r#"{"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","scope":"repo,gist","token_type":"bearer"}"#,
        granted: "repo gist",
        expires: false,
        revokes: false,
    };
    let (id, secret, uri) = CREDENTIALS;
    check(GitHub::new(id, secret, uri), &facts).await;

    let scoped = GitHub::new(id, secret, uri).unwrap().scope("repo gist");
    let enterprise = Facts {
        authorization: "https://git.example/login/oauth/authorize?client_id=id\
            &code_challenge_method=S256&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&response_type=code\
            &scope=repo%20gist&state=STATE",
        token_endpoint: "https://git.example/login/oauth/access_token",
        ..facts
    };
    check(scoped.unwrap().host("git.example"), &enterprise).await;
    for wrong in ["git.example/evil", "user@git.example", "https://git.example", ""] {
        assert!(GitHub::new(id, secret, uri).unwrap().host(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn google() {
    let facts = Facts {
        authorization: "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&client_id=id\
            &code_challenge_method=S256&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&response_type=code\
            &scope=openid%20email%20profile&state=STATE",
        token_endpoint: "https://oauth2.googleapis.com/token",
        answers: r#"{"access_token":"ya29.a0","expires_in":3599,"refresh_token":"1//0g","scope":"openid https://www.googleapis.com/auth/userinfo.email","token_type":"Bearer","id_token":"e30.e30.x"}"#,
        granted: "openid https://www.googleapis.com/auth/userinfo.email",
        expires: true,
        revokes: true,
    };
    let (id, secret, uri) = CREDENTIALS;
    let token = check(Google::new(id, secret, uri), &facts).await;
    assert!(token.refresh_token().is_some() && token.id_token().is_some());
}

#[tokio::test]
async fn stack_exchange() {
    let facts = Facts {
        authorization: "https://stackoverflow.com/oauth?client_id=id\
            &code_challenge_method=S256&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&response_type=code\
            &scope=read_inbox%2Cprivate_info&state=STATE",
        token_endpoint: "https://stackoverflow.com/oauth/access_token/json",
        answers: r#"{"access_token":"Jx0Hn7Yw(RgSt3fpxOFVhw))","expires":86399}"#,
        granted: "read_inbox private_info",
        expires: true,
        revokes: false,
    };
    let (id, secret, uri) = CREDENTIALS;
    check(StackExchange::new(id, secret, uri).unwrap().scope(["read_inbox", "private_info"]), &facts).await;
}

#[test]
fn every_preset_is_made_from_values_from_names_and_from_serde() {
    fn names<T: OAuthProvider>(prefix: &str, made: impl Fn(&dyn Fn(&str) -> Option<String>) -> Result<T, Error>) {
        let value = |name: &str| match name.strip_prefix(prefix) {
            Some("_CLIENT_ID") => Some("id".to_owned()),
            Some("_CLIENT_SECRET") => Some("secret".to_owned()),
            Some("_REDIRECT_URI") => Some("https://app.example/callback".to_owned()),
            Some("_SCOPE") => Some("a b".to_owned()),
            _ => None,
        };
        assert!(made(&value).is_ok(), "{prefix}");
        let none = made(&|_| None).err().unwrap().to_string();
        assert_eq!(none, format!("missing {prefix}_CLIENT_ID, {prefix}_CLIENT_SECRET, {prefix}_REDIRECT_URI"));
        let newline = |name: &str| value(name).map(|value| value + "\n");
        let error = made(&newline).err().unwrap().to_string();
        assert!(error.contains(prefix) && error.contains("white space"), "{error}");
        assert!(!error.contains("secret\n"), "{error}");
    }
    names("GITHUB", |lookup| GitHub::from_lookup(lookup));
    names("GOOGLE", |lookup| Google::from_lookup(lookup));
    names("STACK_EXCHANGE", |lookup| StackExchange::from_lookup(lookup));

    let json =
        r#"{"client_id":"id","client_secret":"secret","redirect_uri":"https://app.example/callback","scope":["repo"]}"#;
    let github: GitHub = serde_json::from_str(json).unwrap();
    assert_eq!(github.scope.unwrap().to_string(), "repo");
    let error = serde_json::from_str::<Google>(&json.replace("https", "http")).unwrap_err();
    assert!(error.to_string().contains("must use https"), "{error}");
}
