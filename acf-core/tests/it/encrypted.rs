//! What `Encrypted` keeps.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use acf_core::{
    Encrypted, Error,
    ErrorKind::{self, BindingMismatch, StateUnknown, Store},
    Flow, MemoryStore, Next, SealingKeys, StateStore, Token, TokenStore,
    store::{Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version},
};

use crate::support::{Naming, Server, TOKEN};

/// The same store, encrypted.
pub fn over<S>(store: S) -> Encrypted<S> {
    Encrypted::new(store, keys(&["a"])).strict()
}

/// Keys of these names, the first of which seals.
pub fn keys(names: &[&str]) -> SealingKeys {
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
            assert_eq!(error.next(), Next::Reauthorize, "{error}");
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
    assert_eq!(bare.finish("u", &callback).await.unwrap_err().kind(), StateUnknown, "it was taken");
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
        for mishap in [(|| Err(Error::store("read only"))) as Mishap, || Ok(None)] {
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
