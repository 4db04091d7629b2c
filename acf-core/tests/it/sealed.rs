//! What `Encrypted` keeps, and logins that wait in a cookie.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use acf_core::{
    Encrypted, Error,
    ErrorKind::{
        self, AccessDenied, BindingMismatch, Callback, Configuration, IssuerMismatch, ProviderMismatch, StateExpired,
        StateMissing, StateUnknown, Store,
    },
    Flow, FlowBuilder, MemoryStore, SealingKeys, StateStore, Token, TokenStore,
    store::{Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::support::{Naming, Server, TOKEN, param};

/// The same store, encrypted.
pub fn over<S>(store: S) -> Encrypted<S> {
    Encrypted::new(store, keys(&["a"])).strict()
}

fn keys(names: &[&str]) -> SealingKeys {
    let mut made: Option<SealingKeys> = None;
    for name in names {
        let key: [u8; 32] = std::array::from_fn(|n| name.bytes().fold(n as u8, |sum, b| sum.wrapping_mul(31) ^ b));
        made = Some(made.map_or_else(|| SealingKeys::new(name, key), |keys| keys.and(name, key)).unwrap());
    }
    made.unwrap()
}

type Mishap = fn() -> Result<Option<Version>, Error>;

/// A store that remembers every byte it is given, and does not always write.
#[derive(Clone, Default)]
struct Spy {
    inner: MemoryStore,
    seen: Arc<Mutex<Vec<(StateKey, PendingLogin)>>>,
    tokens: Arc<Mutex<Vec<(TokenKey, Token)>>>,
    saves: Arc<AtomicUsize>,
    /// What a save comes to, where it is not done.
    mishap: Arc<Mutex<Option<Mishap>>>,
    /// What the store's own clock says of the next row.
    saved: Arc<Mutex<Option<(Duration, SystemTime)>>>,
}

impl Spy {
    fn bytes(&self) -> String {
        let logins: Vec<_> = self.seen.lock().unwrap().iter().map(|(_, login)| login.to_bytes()).collect();
        let tokens: Vec<_> = self.tokens.lock().unwrap().iter().map(|(_, token)| token.expose_json()).collect();
        let logins = logins.into_iter().map(|bytes| String::from_utf8(bytes).unwrap());
        logins.chain(tokens.iter().map(|json| json.to_string())).collect::<Vec<_>>().join("\n")
    }

    fn saves(&self) -> usize {
        self.saves.load(Ordering::SeqCst)
    }

    /// The sealed text of what is stored.
    async fn sealed(&self, key: &TokenKey) -> String {
        let row = self.inner.load(key).await.unwrap().unwrap().token.expose_json();
        serde_json::from_str::<serde_json::Value>(&row).unwrap()["sealed"].as_str().unwrap_or_default().to_owned()
    }
}

#[async_trait::async_trait]
impl StateStore for Spy {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        self.seen.lock().unwrap().push((key, login.clone()));
        self.inner.put(key, login).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        self.inner.take(key, binding).await
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl TokenStore for Spy {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let stored = self.inner.load(key).await?;
        let saved = *self.saved.lock().unwrap();
        Ok(stored.map(|stored| saved.map_or(stored.clone(), |(ago, at)| stored.saved_ago(ago, at))))
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        if let Some(mishap) = *self.mishap.lock().unwrap() {
            return mishap();
        }
        self.tokens.lock().unwrap().push((key.clone(), token.clone()));
        let saved = self.inner.save(key, token, expect).await?;
        self.saves.fetch_add(usize::from(saved.is_some()), Ordering::SeqCst);
        Ok(saved)
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.inner.delete(key).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.inner.connections(provider, user).await
    }
}

/// A token, with this said of its refresh.
fn token(text: &str, refreshing: &str) -> Token {
    Token::from_json(&format!(
        r#"{{"v":1,"access_token":"{text}","token_type":"Bearer","refresh_token":"r","scope":["a"],"expires_at":4102444800,"issued_at":4102441200,"refreshing":{refreshing}}}"#
    ))
    .unwrap()
}

const IDLE: &str = r#""idle""#;

#[tokio::test]
async fn the_store_within_sees_no_secret() {
    let server = Server::issuing(TOKEN).await;
    let spy = Spy::default();
    let flow = Flow::builder(server.provider().build().unwrap())
        .state_store(Encrypted::new(spy.clone(), keys(&["a"])).strict())
        .build()
        .unwrap();
    let request = flow.begin("u").connection("work").return_to("/canary").await.unwrap();
    let completed = flow.complete("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    assert_eq!(completed.return_to.as_deref(), Some("/canary"));
    let session = flow.session("u").connection("work").await.unwrap();
    assert_eq!(session.refresh().await.unwrap().access_token().expose(), "access-1");
    assert_eq!(flow.connections("u").await.unwrap(), ["work"]);

    let bytes = spy.bytes();
    assert_eq!(bytes.lines().count(), 4, "the login, its token, the claim of the refresh, and the new one: {bytes}");
    let verifier = server.seen()[0].form()["code_verifier"].clone();
    let redirect = "https://app.example/callback";
    for secret in
        ["access-1", "refresh-1", "canary", "token", "Bearer", "tried", redirect, &verifier, request.state.as_str()]
    {
        assert!(!bytes.contains(secret), "{secret}: {bytes}");
    }
    assert!(bytes.lines().all(|line| line.contains(r#""v":2"#) && line.contains("v1.a.")), "{bytes}");
    session.forget().await.unwrap();
    assert_eq!(flow.session("u").connection("work").await.unwrap_err().kind(), ErrorKind::NoToken);
}

/// Of each row: what was done to it, and what is said.
#[tokio::test]
async fn a_row_opens_in_its_own_place_with_its_own_key_and_whole() {
    let (spy, mine) = (Spy::default(), TokenKey::new("forge", "me"));
    let store = Encrypted::new(spy.clone(), keys(&["a"]));
    store.save(&mine, &token("secret", IDLE), Expect::Anything).await.unwrap();
    let row = spy.inner.load(&mine).await.unwrap().unwrap().token;
    let json = row.expose_json();
    // One character of the text itself, so that it is the same length.
    let at = json.len() - 10;
    let flipped = format!("{}{}{}", &json[..at], if &json[at..=at] == "A" { "B" } else { "A" }, &json[at + 1..]);
    let text = |text: &str| Token::from_json(text).unwrap();
    let moved = "was moved here from another place";
    for (what, keys, key, row, said) in [
        ("another user's", &["a"][..], TokenKey::new("forge", "you"), row.clone(), moved),
        ("another provider's", &["a"], TokenKey::new("other", "me"), row.clone(), moved),
        ("another connection's", &["a"], mine.clone().connection("work"), row.clone(), moved),
        ("borders moved", &["a"], TokenKey::new("forgem", "e"), row.clone(), moved),
        ("one character", &["a"], mine.clone(), text(&flipped), "was changed"),
        ("cut", &["a"], mine.clone(), text(&json.replace(&json[at..at + 8], "")), "was changed"),
        (
            "no text of ours",
            &["a"],
            mine.clone(),
            text(r#"{"v":2,"sealed":"x"}"#),
            "it is damaged, or of a later release",
        ),
        ("another key", &["b", "c"], mine.clone(), row.clone(), "the key `a`, which is not among the keys"),
        ("in clear", &["a"], mine.clone(), token("mine", IDLE), "in clear"),
    ] {
        spy.inner.save(&key, &row, Expect::Anything).await.unwrap();
        let (saves, store) = (spy.saves(), Encrypted::new(spy.clone(), self::keys(keys)).strict());
        let error = store.load(&key).await.unwrap_err();
        assert_eq!(error.kind(), Store, "{what}");
        assert!(error.to_string().contains(said), "{what}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
        assert_eq!(spy.saves(), saves, "{what}: a row that is not understood is left alone");
    }
    // Sealed twice it would never open again.
    assert_eq!(store.save(&mine, &row, Expect::Anything).await.unwrap_err().kind(), Store);

    // Likewise logins: under another state, for another owner, as the row of something else.
    let naming = Naming::default();
    let builder = Flow::builder(Naming::provider("forge").build().unwrap());
    let flow = builder.state_store(store.clone()).http_client(naming.clone()).build().unwrap();
    let states = [flow.begin("me").await.unwrap().state, flow.begin("me").await.unwrap().state];
    let seen = spy.seen.lock().unwrap().clone();
    spy.inner.put(seen[0].0, seen[1].1.clone()).await.unwrap();
    let bytes = String::from_utf8(seen[1].1.to_bytes()).unwrap();
    for changed in [
        bytes.replace(r#""sealed":"v1.a."#, r#""sealed":"v1.b."#),
        bytes.replace(r#""sealed":"v1.a."#, r#""sealed":"v1.a.A"#),
    ] {
        spy.inner.put(seen[1].0, PendingLogin::from_bytes(changed.as_bytes()).unwrap()).await.unwrap();
        for state in &states {
            let error = flow.finish("me", &format!("code=c&state={}", state.as_str())).await.unwrap_err();
            assert!([Store, StateUnknown].contains(&error.kind()), "{error}");
        }
    }
    assert_eq!(naming.calls(), 0);
    for unreadable in [bytes.replace("\"v\":2", "\"v\":3"), bytes.replace("\"v\"", "\"x\":1,\"v\"")] {
        assert_eq!(PendingLogin::from_bytes(unreadable.as_bytes()).unwrap_err().kind(), Store);
    }
    for unreadable in [json.replace("\"v\":2", "\"v\":3"), json.replace("\"v\"", "\"x\":1,\"v\"")] {
        assert_eq!(Token::from_json(&unreadable).unwrap_err().kind(), Store);
    }
}

/// A program that reads an encrypted store without its keys is told so, and sends nothing.
#[tokio::test]
async fn what_is_encrypted_is_of_no_use_without_the_wrapper() {
    let server = Server::issuing(TOKEN).await;
    let spy = Spy::default();
    let provider = || server.provider().set("introspection_path", "/introspect").build().unwrap();
    let wrapped = Encrypted::new(spy.clone(), keys(&["a"]));
    let wrapped = Flow::builder(provider()).state_store(wrapped).build().unwrap();
    wrapped.store_token("u", &token("secret", IDLE)).await.unwrap();
    let state = wrapped.begin("u").await.unwrap().state;
    let bare = Flow::builder(provider()).state_store(spy.clone()).build().unwrap();
    let callback = format!("code=c&state={}", state.as_str());
    let row = spy.inner.load(&TokenKey::new("forge", "u")).await.unwrap().unwrap().token;
    assert_eq!(format!("{row:?}"), "Token(sealed)");
    assert_eq!(Token::from_json(&row.expose_json()).unwrap(), row);

    // Whose login it is can be told, what it asked for cannot.
    assert_eq!(bare.finish("somebody else", &callback).await.unwrap_err().kind(), BindingMismatch);
    for error in [
        bare.session("u").await.unwrap_err(),
        bare.begin("u").more_scope("more").await.unwrap_err(),
        bare.refresh(&row).await.unwrap_err(),
        bare.revoke(&row).await.unwrap_err(),
        bare.introspect(&row).await.unwrap_err(),
        bare.check_user_state("u", state.as_str()).await.unwrap_err(),
        bare.finish("u", &callback).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), Store, "{error}");
        assert!(error.to_string().contains("wrap the store in `Encrypted`"), "{error}");
    }
    assert!(server.seen().is_empty());
}

/// Rows in clear and under older keys: read, and sealed under the first key once, unless a refresh is under way.
#[tokio::test]
async fn rows_come_under_the_first_key_once_and_never_during_a_refresh() {
    let tried = r#"{"tried":{"at":1,"times":1,"lost":true}}"#;
    for (what, before, stage, renewed) in [
        ("under the first key", Some(&["new", "old"][..]), IDLE, false),
        ("under the old one", Some(&["old"]), IDLE, true),
        ("refused before", Some(&["old"]), r#""over""#, true),
        ("in clear", None, IDLE, true),
        ("a refresh is under way", Some(&["old"]), tried, false),
        ("a refresh is under way, in clear", None, tried, false),
    ] {
        let (spy, key) = (Spy::default(), TokenKey::new("forge", "u"));
        let token = token("secret", stage);
        let version = match before {
            Some(names) => Encrypted::new(spy.clone(), keys(names)).save(&key, &token, Expect::Anything).await,
            None => spy.save(&key, &token, Expect::Anything).await,
        };
        let (version, row) = (version.unwrap().unwrap(), spy.sealed(&key).await);
        let store = Encrypted::new(spy.clone(), keys(&["new", "old"]));

        // Where the store does not write, or somebody was faster, what was read is good all the same.
        for mishap in [|| Err(Error::store("read only")), || Ok(None)] {
            *spy.mishap.lock().unwrap() = Some(mishap);
            let stored = store.load(&key).await.unwrap().unwrap();
            assert_eq!((&stored.token, stored.version), (&token, version), "{what}");
        }
        *spy.mishap.lock().unwrap() = None;

        // Whoever loads it knows the version that is there, also the one who has just written it.
        let saves = spy.saves();
        for _ in 0..3 {
            let stored = store.load(&key).await.unwrap().unwrap();
            let there = spy.inner.load(&key).await.unwrap().unwrap().version;
            assert_eq!((&stored.token, stored.version), (&token, there), "{what}");
            assert_eq!(there != version, renewed, "{what}");
        }
        assert_eq!(spy.saves() - saves, usize::from(renewed), "{what}");
        let now = spy.sealed(&key).await;
        assert_eq!(now != row, renewed, "{what}");
        assert!(!renewed || now.starts_with("v1.new."), "{what}: {now}");
    }
}

/// Two processes that do not agree which key is the first one, over a row that neither has written.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_change_during_a_refresh_cost_no_token() {
    for _ in 0..20 {
        let (memory, naming, key) = (MemoryStore::new(), Naming::default(), TokenKey::new("forge", "u"));
        let json = token("old", IDLE).expose_json().replace("4102444800", "1");
        memory.save(&key, &Token::from_json(&json).unwrap(), Expect::Anything).await.unwrap();
        let mut callers = Vec::new();
        for names in [["a", "b"], ["b", "a"]] {
            let store = Encrypted::new(memory.clone(), keys(&names));
            let flow = Flow::builder(Naming::provider("forge").build().unwrap()).token_store(store);
            let flow = flow.http_client(naming.clone()).build().unwrap();
            for _ in 0..8 {
                let flow = flow.clone();
                callers.push(tokio::spawn(async move { flow.session("u").await?.token().await }));
            }
        }
        for caller in callers {
            assert_eq!(caller.await.unwrap().unwrap().access_token().expose(), "access.r");
        }
        assert_eq!(naming.calls(), 1);
    }
}

/// A row that comes under another key is saved by another machine than before: its times are translated, once.
#[tokio::test]
async fn a_row_that_is_sealed_anew_keeps_its_times() {
    let (spy, key) = (Spy::default(), TokenKey::new("forge", "u"));
    Encrypted::new(spy.clone(), keys(&["old"])).save(&key, &token("t", IDLE), Expect::Anything).await.unwrap();
    let end = token("t", IDLE).expires_at().unwrap();
    let hour = Duration::from_secs(3600);
    // Saved a moment ago, by a machine whose clock is an hour behind.
    *spy.saved.lock().unwrap() = Some((Duration::ZERO, SystemTime::now() - hour));
    let store = Encrypted::new(spy.clone(), keys(&["new", "old"]));
    let flow =
        Flow::builder(Naming::provider("forge").build().unwrap()).token_store(store).http_client(Naming::default());
    let session = flow.build().unwrap().session("u").await.unwrap();
    *spy.saved.lock().unwrap() = Some((Duration::ZERO, SystemTime::now()));
    let now = session.stored_token().await.unwrap().expires_at().unwrap();
    assert!(now.duration_since(end + hour).unwrap() < Duration::from_secs(5), "{now:?}");
    assert!(spy.sealed(&key).await.starts_with("v1.new."));
}

fn sealing(provider: acf_core::CustomBuilder, names: &[&str]) -> FlowBuilder {
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
    let pair = |request: &acf_core::SealedRequest| format!("{}={}", request.cookie.name(), request.cookie.value());
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
    let of = |request: &acf_core::SealedRequest| format!("code=c&state={}", request.state.as_str());
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
