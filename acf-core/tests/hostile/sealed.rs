//! Sealed texts that somebody has changed: rows of a store, and cookies.

use acf_core::{
    Encrypted,
    ErrorKind::{StateUnknown, Store},
    Flow, MemoryStore, SealingKeys, StateStore, Token, TokenStore,
    store::{Binding, Expect, PendingLogin, StateKey, Taken, TokenKey},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::{
    properties::asked_for,
    world::{World, shown},
};

fn keys() -> SealingKeys {
    SealingKeys::new("key", [7; 32]).unwrap().and("older", [8; 32]).unwrap()
}

pub fn over<S>(store: S) -> Encrypted<S> {
    Encrypted::new(store, keys())
}

/// A few changes to a text, wherever they fall.
#[derive(Clone, Debug)]
enum Change {
    Set(prop::sample::Index, char),
    Insert(prop::sample::Index, String),
    Remove(prop::sample::Index, usize),
    Cut(prop::sample::Index),
    Whole(String),
}

fn change() -> impl Strategy<Value = Change> {
    // What a sealed text is made of, and anything.
    let character = || prop_oneof![8 => prop::char::ranges((&['A'..='Z', 'a'..='z', '-'..='9', '_'..='_']).into()), 1 => any::<char>()];
    let at = any::<prop::sample::Index>;
    prop_oneof![
        8 => (at(), character()).prop_map(|(at, c)| Change::Set(at, c)),
        3 => (at(), "[A-Za-z0-9_.-]{1,8}|.{1,4}").prop_map(|(at, text)| Change::Insert(at, text)),
        3 => (at(), 1..9_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        1 => at().prop_map(Change::Cut),
        1 => "(v1\\.)?(key|older|[a-z]{0,40})\\.[A-Za-z0-9_-]{0,200}|.{0,40}".prop_map(Change::Whole),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for change in changes {
        match change {
            Change::Whole(whole) => text = whole.chars().collect(),
            _ if text.is_empty() => {}
            Change::Set(at, c) => *at.get_mut(&mut text) = *c,
            Change::Insert(at, more) => {
                let at = at.index(text.len());
                text.splice(at..at, more.chars());
            }
            Change::Remove(at, count) => {
                let at = at.index(text.len());
                text.drain(at..text.len().min(at + count));
            }
            Change::Cut(at) => text.truncate(at.index(text.len())),
        }
    }
    text.into_iter().collect()
}

/// What is put, and seen on its way.
#[derive(Clone, Default)]
struct Caught(MemoryStore, std::sync::Arc<std::sync::Mutex<Option<(StateKey, PendingLogin)>>>);

#[async_trait::async_trait]
impl StateStore for Caught {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), acf_core::Error> {
        *self.1.lock().unwrap() = Some((key, login.clone()));
        self.0.put(key, login).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, acf_core::Error> {
        self.0.take(key, binding).await
    }
}

#[test]
fn nothing_that_was_changed_opens() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::all()).swap_remove(0);
    let (caught, tokens, key) = (Caught::default(), MemoryStore::new(), TokenKey::new("forge", "u"));
    let builder = Flow::builder(World::provider("forge").build().unwrap()).state_store(over(caught.clone()));
    let builder = builder.token_store(over(tokens.clone())).http_client(world.endpoint.clone());
    let flow = builder.sealing_keys(keys()).build().unwrap();
    let (cookie, callback, row, (state, login)) = runtime.block_on(async {
        let request = flow.begin("u").sealed().await.unwrap();
        let callback = format!("code=c0de&state={}", request.state.as_str());
        let stored = r#"{"v":1,"access_token":"secret","token_type":"Bearer","scope":[]}"#;
        over(tokens.clone()).save(&key, &Token::from_json(stored).unwrap(), Expect::Anything).await.unwrap();
        drop(flow.begin("u").await.unwrap());
        let row = tokens.load(&key).await.unwrap().unwrap().token.expose_json();
        (request.cookie, callback, row, caught.1.lock().unwrap().take().unwrap())
    });
    let sealed =
        |row: &str| serde_json::from_str::<serde_json::Value>(row).unwrap()["sealed"].as_str().unwrap().to_owned();
    let with = |row: &str, text: String| {
        let mut row: serde_json::Value = serde_json::from_str(row).unwrap();
        row["sealed"] = text.into();
        row.to_string()
    };
    let login_row = String::from_utf8(login.to_bytes()).unwrap();

    let config = Config { cases: asked_for().unwrap_or(512), failure_persistence: None, ..Config::default() };
    let tried = TestRunner::new(config).run(&prop::collection::vec(change(), 1..4), |changes| {
        runtime.block_on(async {
            let value = changed(cookie.value(), &changes);
            // White space around it, and whatever is behind a `;`, is no part of a cookie.
            if value.split(';').next().unwrap().trim() != cookie.value() {
                let cookies = format!("a=b; {}={value}", cookie.name());
                let error = flow.finish_sealed("u", &callback, &cookies).await.unwrap_err();
                prop_assert_eq!(error.kind(), StateUnknown);
                shown(&error, &[cookie.value()]);
                drop(flow.spent_cookie(&callback, &cookies));
            }
            let text = changed(&sealed(&row), &changes);
            if text != sealed(&row) {
                let row = Token::from_json(&with(&row, text)).unwrap();
                tokens.save(&key, &row, Expect::Anything).await.unwrap();
                let error = flow.session("u").await.unwrap_err();
                prop_assert_eq!(error.kind(), Store);
                shown(&error, &["secret"]);
            }
            let text = changed(&sealed(&login_row), &changes);
            if text != sealed(&login_row) {
                let row = PendingLogin::from_bytes(with(&login_row, text).as_bytes()).unwrap();
                caught.0.put(state, row).await.unwrap();
                let taken = over(caught.clone()).take(&state, login.binding()).await;
                prop_assert_eq!(taken.unwrap_err().kind(), Store);
            }
            // Rows that are changed anywhere: what can be read is what was written, or cannot be opened.
            drop((
                Token::from_json(&changed(&row, &changes)),
                PendingLogin::from_bytes(changed(&login_row, &changes).as_bytes()),
            ));
            Ok(())
        })
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
    assert_eq!(world.endpoint.calls(), 0);
    // As it was, it does open.
    runtime.block_on(flow.finish_sealed("u", &callback, &format!("{}={}", cookie.name(), cookie.value()))).unwrap();
}
