//! The language against what is known about 108 real providers: a declaration is made of the facts about each, all of
//! them compile, and what goes over the wire is what the facts say.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod declare;
#[rustfmt::skip]
mod declared;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use acf_core::{
    Flow, HttpClient,
    http::{HttpError, Limits, Request, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

/// What is known about one provider.
pub(crate) struct Fact(Map<String, Value>);

impl Fact {
    fn get(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn list(&self, key: &str) -> Vec<String> {
        let list = self.0.get(key).and_then(Value::as_array).into_iter().flatten();
        list.map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let pairs = self.0.get(key).and_then(Value::as_object).into_iter().flatten();
        pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
    }

    fn has(&self, quirk: &str) -> bool {
        self.list("quirks").iter().any(|own| own == quirk)
    }

    /// An endpoint as it must be requested.
    fn url(&self, key: &str) -> String {
        let mut url = self.get(key).to_owned();
        for (name, host) in declare::placeholders(self) {
            url = url.replace(&format!("{{{name}}}"), if host { "forge.example" } else { "a%20b%2Fc" });
        }
        url
    }

    /// What stands for a parameter's standard name.
    fn called<'a>(&'a self, key: &str, standard: &'a str) -> &'a str {
        Some(self.get(key)).filter(|name| !name.is_empty()).unwrap_or(standard)
    }
}

fn facts() -> Vec<Fact> {
    let facts: Vec<Map<String, Value>> = serde_json::from_str(include_str!("facts.json")).unwrap();
    facts.into_iter().map(Fact).collect()
}

#[test]
fn declarations_are_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts/declared.rs");
    let text = declare::file(&facts());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).unwrap();
        return;
    }
    assert!(std::fs::read_to_string(path).unwrap() == text, "UPDATE=1 writes declared.rs anew");
}

/// Stands where the vendors' token endpoints would: they cannot be reached from a test.
#[derive(Clone, Default)]
struct Vendor {
    answer: Arc<str>,
    seen: Arc<Mutex<Vec<Request>>>,
}

#[async_trait::async_trait]
impl HttpClient for Vendor {
    async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
        self.seen.lock().unwrap().push(request);
        let mut response = Response::new(self.answer.as_bytes().to_vec().into());
        response.headers_mut().insert("content-type", "application/json".parse().unwrap());
        Ok(response)
    }
}

type Pairs = BTreeMap<String, String>;

fn pairs(text: &str) -> Pairs {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    let count = pairs.len();
    let map: Pairs = pairs.into_iter().collect();
    assert_eq!(map.len(), count, "a parameter is sent twice: {text}");
    map
}

/// Base, query and fragment of a URL.
fn split(url: &str) -> (String, Pairs, String) {
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    (base.to_owned(), pairs(query), fragment.to_owned())
}

#[tokio::test]
async fn what_is_sent_is_what_the_facts_say() {
    let facts = facts();
    let providers = declared::all();
    assert_eq!((facts.len(), providers.len()), (108, 108));
    for (fact, provider) in facts.iter().zip(providers) {
        let key = fact.get("key");
        assert_eq!(provider.describe().name(), key);
        assert_eq!(provider.describe().docs(), Some(fact.get("docs")));
        let vendor = Vendor { answer: answer(fact).into(), ..Vendor::default() };
        let flow = Flow::builder(provider).http_client(vendor.clone()).build().unwrap_or_else(|e| panic!("{key}: {e}"));
        let request = flow.begin("user").await.unwrap();
        check_authorization(fact, &request.url, request.state.as_str());

        let callback = format!("code=the+code&state={}", request.state.as_str());
        let token = flow.finish("user", &callback).await.unwrap_or_else(|e| panic!("{key}: {e}"));
        assert_eq!(token.access_token().expose(), "at", "{key}");
        assert_eq!(token.expires_at().is_some(), !fact.has("expires_zero"), "{key}");
        let seen = vendor.seen.lock().unwrap();
        assert_eq!(seen.len(), 1, "{key}");
        check_token_request(fact, &seen[0], request.state.as_str());
    }
}

fn check_authorization(fact: &Fact, url: &str, state: &str) {
    let key = fact.get("key");
    let (base, mut sent, fragment) = split(url);
    let (endpoint, own, _) = split(&fact.url("authorization_endpoint"));
    let mut expected = own;
    expected.insert("response_type".to_owned(), "code".to_owned());
    expected.insert(fact.called("client_id_param", "client_id").to_owned(), "the-id".to_owned());
    expected.insert("redirect_uri".to_owned(), "https://app.example/cb".to_owned());
    expected.insert("state".to_owned(), state.to_owned());
    let scopes = fact.list("scopes");
    if !scopes.is_empty() {
        let joined = scopes.join(fact.called("scope_separator", " "));
        expected.insert(fact.called("scope_param", "scope").to_owned(), joined);
    }
    expected.extend(fact.pairs("authorize_params"));
    if fact.has("form_post") {
        expected.insert("response_mode".to_owned(), "form_post".to_owned());
    }
    if fact.get("pkce") != "off" {
        let method = if fact.get("pkce") == "plain" { "plain" } else { "S256" };
        expected.insert("code_challenge_method".to_owned(), method.to_owned());
        assert_eq!(sent.remove("code_challenge").unwrap_or_else(|| panic!("{key}: {url}")).len(), 43, "{key}");
    }
    assert_eq!((base, sent, fragment.as_str()), (endpoint, expected, fact.get("authorize_fragment")), "{key}");
}

fn check_token_request(fact: &Fact, request: &Request, state: &str) {
    let key = fact.get("key");
    let in_query = fact.get("token_method") == "get"
        || fact.get("token_parameters") == "query"
        || fact.has("token_params_in_query");
    let body = String::from_utf8(request.body().clone()).unwrap();
    let (base, query, _) = split(&request.uri().to_string());
    let (endpoint, own, _) = split(&fact.url("token_endpoint"));
    assert_eq!(base, endpoint, "{key}");
    assert_eq!(request.method(), if fact.get("token_method") == "get" { "GET" } else { "POST" }, "{key}");
    let content_type = request.headers().get("content-type").map(|value| value.to_str().unwrap());
    let mut sent = if in_query {
        assert_eq!((body.as_str(), content_type), ("", None), "{key}");
        query.clone()
    } else if fact.get("token_encoding") == "json" {
        assert_eq!(content_type, Some("application/json"), "{key}");
        serde_json::from_str(&body).unwrap()
    } else {
        assert_eq!(content_type, Some("application/x-www-form-urlencoded"), "{key}");
        pairs(&body)
    };

    let mut expected = if in_query {
        own
    } else {
        assert_eq!(query, own, "{key}");
        Pairs::new()
    };
    expected.insert("grant_type".to_owned(), "authorization_code".to_owned());
    expected.insert("code".to_owned(), "the code".to_owned());
    if !fact.has("redirect_uri_not_sent") {
        expected.insert("redirect_uri".to_owned(), "https://app.example/cb".to_owned());
    }
    let basic = fact.get("client_auth") == "client_secret_basic";
    if !basic || fact.has("client_id_with_basic") {
        expected.insert(fact.called("client_id_param", "client_id").to_owned(), "the-id".to_owned());
    }
    if fact.get("client_auth") == "client_secret_post" {
        expected.insert(fact.called("client_secret_param", "client_secret").to_owned(), "s3cret".to_owned());
    }
    if fact.has("state_on_token") {
        expected.insert("state".to_owned(), state.to_owned());
    }
    if fact.has("scope_on_token") {
        expected.insert("scope".to_owned(), fact.list("scopes").join(" "));
    }
    expected.extend(fact.pairs("token_params"));
    if fact.get("pkce") != "off" {
        assert_eq!(sent.remove("code_verifier").unwrap_or_else(|| panic!("{key}: {sent:?}")).len(), 43, "{key}");
    }
    assert_eq!(sent, expected, "{key}");

    let authorization = basic.then(|| format!("Basic {}", BASE64_STANDARD.encode("the-id:s3cret")));
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("authorization"), authorization, "{key}");
    for (name, value) in fact.pairs("token_headers") {
        assert_eq!(header(&name), Some(value), "{key}");
    }
}

/// A token response as the vendor would send it.
fn answer(fact: &Fact) -> String {
    let mut token = json!({ "access_token": "at", "scope": "granted" });
    if fact.has("scope_array") {
        token["scope"] = json!(["granted"]);
    }
    if fact.has("token_type_nonstandard") {
        token["token_type"] = json!("User Access Token");
    } else if !fact.has("no_token_type") {
        token["token_type"] = json!("bearer");
    }
    let expires = fact.called("expires_field", "expires_in");
    token[expires] = match expires {
        "expires_at" => json!("2099-01-01T00:00:00Z"),
        _ if fact.has("expires_zero") => json!(0),
        _ => json!(3600),
    };
    match fact.get("token_path") {
        "" => token.to_string(),
        path => json!({ path.trim_start_matches('/'): token }).to_string(),
    }
}
