//! Logins that wait in a cookie.

use std::time::Duration;

use acf_core::{
    CustomBuilder, Error,
    ErrorKind::{
        AccessDenied, BindingMismatch, Callback, Configuration, IssuerMismatch, ProviderMismatch, StateExpired,
        StateMissing, StateUnknown, Store,
    },
    Flow, FlowBuilder, MemoryStore, SealedRequest, StateStore,
    store::{Binding, PendingLogin, StateKey, Taken},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    encrypted::keys,
    support::{Naming, param},
};

fn sealing(provider: CustomBuilder, names: &[&str]) -> FlowBuilder {
    Flow::builder(provider.build().unwrap()).sealing_keys(keys(names))
}

/// Refuses to be of any use.
#[derive(Clone)]
struct Nowhere;

#[async_trait::async_trait]
impl StateStore for Nowhere {
    async fn put(&self, _: StateKey, _: PendingLogin) -> Result<(), Error> {
        Err(Error::store("there is no store"))
    }

    async fn take(&self, _: &StateKey, _: &Binding) -> Result<Taken, Error> {
        Err(Error::store("there is no store"))
    }
}

#[tokio::test]
async fn a_login_waits_in_a_cookie_and_nowhere_else() {
    let naming = Naming::default();
    let tokens = MemoryStore::new();
    // Two instances, of which one has a new key already.
    let instance = |names| {
        let builder = sealing(Naming::provider("forge"), names).state_store(Nowhere).token_store(tokens.clone());
        builder.http_client(naming.clone()).build().unwrap()
    };
    let (one, two) = (instance(&["old", "new"]), instance(&["new", "old"]));
    let mut tabs = Vec::new();
    for tab in 0..4 {
        let begin = one.begin("u").connection(&tab.to_string()).return_to(&format!("/{tab}")).param("prompt", "login");
        tabs.push(begin.sealed().await.unwrap());
    }
    assert!(param(&tabs[0].url, "code_challenge").is_some() && param(&tabs[0].url, "prompt").is_some());
    let pairs: Vec<_> = tabs.iter().map(|tab| format!("{}={}", tab.cookie.name(), tab.cookie.value())).collect();
    assert!(pairs.iter().all(|pair| pair.len() < 600), "{}", pairs[0].len());
    for request in &tabs {
        let body = request.cookie.value().strip_prefix("v1.old.").unwrap();
        let bytes = String::from_utf8_lossy(&BASE64_URL_SAFE_NO_PAD.decode(body).unwrap()).into_owned();
        for secret in ["forge", "https", "expires_at", request.state.as_str()] {
            assert!(!bytes.contains(secret) && !request.cookie.value().contains(secret), "{secret}");
        }
    }
    let cookies = format!("session=1; {};{}", pairs.join("; "), " other=\"a b\"; odd");
    for (tab, request) in tabs.iter().enumerate().rev() {
        let callback = format!("code=c{tab}.&state={}", request.state.as_str());
        let completed = two.complete_sealed("u", &callback, &cookies).await.unwrap();
        assert_eq!(completed.token.access_token().expose(), format!("access.c{tab}."));
        assert_eq!(completed.return_to, Some(format!("/{tab}")));
        let spent = two.spent_cookie(&callback, &cookies).unwrap().to_string();
        let name = request.cookie.name();
        assert_eq!(spent, format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"));
        assert!(two.spent_cookie(&callback, "session=1").is_none());
    }
    assert_eq!(naming.calls(), 4);
    assert_eq!(two.connections("u").await.unwrap(), ["0", "1", "2", "3"]);
}

#[tokio::test]
async fn the_attributes_of_the_cookie() {
    let loopback = "http://127.0.0.1:8000/callback";
    for (posted, redirect_uri, prefix, attributes) in [
        (false, "https://app.example/callback", "__Host-acf-", "SameSite=Lax; Secure"),
        (true, "https://app.example/callback", "__Host-acf-", "SameSite=None; Secure"),
        (false, loopback, "acf-", "SameSite=Lax"),
        // Without `Secure` no browser takes it from another site, and that of this machine counts as such.
        (true, loopback, "acf-", "SameSite=None; Secure"),
    ] {
        let mut provider = Naming::provider("forge").redirect_uri(redirect_uri);
        if posted {
            provider = provider.set("callback.form_post", "");
        }
        let flow = sealing(provider, &["a"]).http_client(Naming::default()).login_lifetime(Duration::from_secs(90));
        let flow = flow.build().unwrap();
        let request = flow.begin("u").sealed().await.unwrap();
        let cookie = request.cookie.to_string();
        let (pair, rest) = cookie.split_once("; ").unwrap();
        assert_eq!(rest, format!("Path=/; Max-Age=90; HttpOnly; {attributes}"));
        let (name, value) = pair.split_once('=').unwrap();
        let suffix = name.strip_prefix(prefix).unwrap();
        assert!(suffix.len() == 16 && !request.state.as_str().contains(suffix), "{name}");
        assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{value}");
        let callback = format!("code=c&state={}", request.state.as_str());
        flow.finish_sealed("u", &callback, pair).await.unwrap();
        // Set by a page on plain http, or by a neighbour, under the name without the prefix.
        if prefix.len() > 4 {
            let error = flow.finish_sealed("u", &callback, pair.trim_start_matches("__Host-")).await.unwrap_err();
            assert_eq!(error.kind(), StateUnknown);
        }
    }
    // A login may say so for itself.
    let flow = sealing(Naming::provider("forge"), &["a"]).http_client(Naming::default()).build().unwrap();
    let request = flow.begin("u").param("response_mode", "form_post").sealed().await.unwrap();
    assert!(request.cookie.to_string().contains("SameSite=None"));
    let request = flow.begin("u").redirect_uri(loopback).sealed().await.unwrap();
    assert!(request.cookie.name().starts_with("acf-"));
}

/// The checks of `finish`, in their order; none of these sends a request.
#[tokio::test]
async fn sealed_callbacks_that_fail() {
    let naming = Naming::default();
    let flow = |name: &str, names: &[&str], change: &dyn Fn(FlowBuilder) -> FlowBuilder| {
        let provider = Naming::provider(name).issuer("https://forge.example");
        change(
            sealing(provider, names).state_store(Nowhere).token_store(MemoryStore::new()).http_client(naming.clone()),
        )
        .build()
        .unwrap()
    };
    let (same, over) = (|b: FlowBuilder| b, |b: FlowBuilder| b.login_lifetime(Duration::ZERO));
    let ours = flow("forge", &["a"], &same);
    let moved =
        sealing(Naming::provider("forge").issuer("https://forge.example").access_token_path("/elsewhere"), &["a"]);
    let moved = moved.http_client(naming.clone()).build().unwrap();
    let pair = |request: &SealedRequest| format!("{}={}", request.cookie.name(), request.cookie.value());
    let good = ours.begin("u").sealed().await.unwrap();
    let other = ours.begin("u").sealed().await.unwrap();
    let late = flow("forge", &["a"], &over).begin("u").sealed().await.unwrap();
    let foreign = flow("other", &["a"], &same).begin("u").sealed().await.unwrap();
    let unknown = flow("forge", &["b"], &same).begin("u").sealed().await.unwrap();
    let (cookie, name) = (pair(&good), good.cookie.name());
    // The cookie of another login, under this one's name; and what else may arrive in its place.
    let swapped = format!("{name}={}", other.cookie.value());
    let twice = format!("{cookie}; {cookie}");
    let shadowed = format!("{cookie}; {}", cookie.trim_start_matches("__Host-"));
    let large = format!("{name}=v1.a.{}", "A".repeat(8 * 1024));
    let cut = &cookie[..cookie.len() - 4];
    let code = format!("code=c&state={}", good.state.as_str());
    let with = |text: &str| format!("{text}&state={}", good.state.as_str());
    let of = |request: &SealedRequest| format!("code=c&state={}", request.state.as_str());
    for (what, by, callback, cookies, expected) in [
        ("no callback", &ours, with("code=a&code=b"), &*cookie, Callback),
        ("no state", &ours, "code=c".to_owned(), &cookie, StateMissing),
        ("another issuer, and no cookie", &ours, with("code=c&iss=https://evil.example"), "", IssuerMismatch),
        ("no cookie", &ours, code.clone(), "", StateUnknown),
        ("other cookies", &ours, code.clone(), "a=b; acf-=; __Host-acf-AAAAAAAAAAAAAAAA=v1.a.b", StateUnknown),
        ("another login's", &ours, code.clone(), &pair(&other), StateUnknown),
        ("another login's, renamed", &ours, code.clone(), &swapped, StateUnknown),
        ("two of them", &ours, code.clone(), &twice, StateUnknown),
        ("two of them, by both names", &ours, code.clone(), &shadowed, StateUnknown),
        ("cut", &ours, code.clone(), cut, StateUnknown),
        ("empty", &ours, code.clone(), &format!("{name}="), StateUnknown),
        ("too long", &ours, code.clone(), &large, StateUnknown),
        ("another key", &ours, of(&unknown), &pair(&unknown), StateUnknown),
        ("another provider's", &ours, of(&foreign), &pair(&foreign), ProviderMismatch),
        ("expired", &ours, of(&late), &pair(&late), StateExpired),
        ("other endpoints", &moved, code.clone(), &cookie, ProviderMismatch),
        ("refused", &ours, with("error=access_denied"), &cookie, AccessDenied),
        ("both", &ours, with("error=access_denied&code=c"), &cookie, Callback),
    ] {
        let error = by.complete_sealed("u", &callback, cookies).await.unwrap_err();
        assert_eq!(error.kind(), expected, "{what}: {error}");
        assert!(!error.to_string().contains(good.cookie.value()), "{what}");
    }
    for (what, request) in [("this provider's", &good), ("an expired one", &late)] {
        let error = ours.finish_sealed("somebody else", &of(request), &pair(request)).await.unwrap_err();
        assert_eq!(error.kind(), BindingMismatch, "{what}");
    }
    // A login waits where it was begun, and nowhere else.
    assert_eq!(ours.finish("u", &code).await.unwrap_err().kind(), Store);
    let keyless =
        Flow::builder(Naming::provider("forge").build().unwrap()).http_client(naming.clone()).build().unwrap();
    let stored = keyless.begin("u").await.unwrap();
    assert_eq!(
        ours.finish_sealed("u", &format!("code=c&state={}", stored.state.as_str()), "").await.unwrap_err().kind(),
        StateUnknown
    );
    assert_eq!(keyless.finish_sealed("u", &code, &cookie).await.unwrap_err().kind(), Configuration);
    assert_eq!(naming.calls(), 0);
    // None of this has spoilt it.
    ours.finish_sealed("u", &code, &cookie).await.unwrap();
    assert_eq!(naming.calls(), 1);

    // What cannot begin.
    let long_path = format!("/{}", "x".repeat(2_000));
    for (what, result) in [
        ("too long", ours.begin("u").return_to(&long_path).scope("x".repeat(1_000).as_str()).sealed().await),
        ("nobody", ours.begin("").sealed().await),
        ("no keys", keyless.begin("u").sealed().await),
        #[cfg(feature = "legacy-grants")]
        ("a token through the browser", keyless.implicit("u").sealed().await),
    ] {
        assert_eq!(result.unwrap_err().kind(), Configuration, "{what}");
    }
    assert!(ours.begin("u").return_to(&long_path).sealed().await.is_ok());
}
