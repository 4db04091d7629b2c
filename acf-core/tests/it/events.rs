//! What the library tells of itself, against the table of what it tells.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use acf_core::{ErrorKind, Flow, MemoryStore, Token, TokenStore, store::TokenKey};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

use crate::support::{Full, Server, Trouble, answer, json};

/// One span or event.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub name: String,
    pub level: String,
    pub fields: BTreeMap<String, String>,
}

type All = Arc<Mutex<Vec<Told>>>;

impl Visit for Told {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

struct Recorder;

impl Recorder {
    fn keep(metadata: &tracing::Metadata<'_>, record: impl FnOnce(&mut Told)) {
        if let Some(all) = LISTENING.with_borrow(Option::clone)
            && metadata.target() == "acf"
        {
            let level = metadata.level().to_string().to_lowercase();
            let mut told = Told { name: metadata.name().to_owned(), level, ..Told::default() };
            record(&mut told);
            all.lock().unwrap().push(told);
        }
    }
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        Self::keep(span.metadata(), |told| span.record(told));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        Self::keep(event.metadata(), |told| event.record(told));
    }
}

thread_local! {
    static LISTENING: RefCell<Option<All>> = const { RefCell::new(None) };
}

pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        LISTENING.set(None);
    }
}

/// Everything that is told on this thread until the guard is dropped. There is one subscriber for all threads: what a thread
/// without one passes first is taken for what nobody wants to know, also on the others.
pub fn listen() -> (All, Guard) {
    static GLOBAL: Once = Once::new();
    GLOBAL.call_once(|| tracing_subscriber::registry().with(Recorder).init());
    let all = All::default();
    LISTENING.set(Some(Arc::clone(&all)));
    (all, Guard)
}

/// The table of the documentation: name, level and fields.
fn documented() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let words = |text: &str| -> BTreeSet<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    include_str!("../../src/events.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"))
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            (cells[0].trim_matches('`').to_owned(), (cells[1].to_owned(), words(cells[3])))
        })
        .collect()
}

const USER: &str = "somebody in particular";

fn old(more: &str) -> Token {
    let text = format!(
        r#"{{"v":1,"access_token":"old","token_type":"Bearer","expires_at":1,"refresh_token":"r","scope":[]{more}}}"#
    );
    Token::from_json(&text).unwrap()
}

#[tokio::test]
async fn what_is_told_is_what_is_documented() {
    let (told, _listening) = listen();
    let store = Full { store: MemoryStore::new(), of: "access-1", troubles: Arc::default() };
    let (troubles, deleting) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let server = Server::start({
        let (troubles, deleting, store) = (Arc::clone(&troubles), Arc::clone(&deleting), store.clone());
        move |seen| {
            if seen.head.starts_with("GET /me ") {
                let good = seen.head.contains("Bearer access-1");
                return answer(if good { 200 } else { 401 }, "", "");
            }
            if seen.head.starts_with("POST /device ") {
                let codes = r#"{"device_code":"d","user_code":"u","verification_uri":"https://x.example","expires_in":9,"interval":1}"#;
                return json(200, codes);
            }
            if troubles.load(Ordering::SeqCst) > 0 {
                troubles.fetch_sub(1, Ordering::SeqCst);
                return json(503, r#"{"error":"temporarily_unavailable"}"#);
            }
            if deleting.swap(false, Ordering::SeqCst) {
                drop(at_once(store.store.delete(&TokenKey::new("forge", USER))));
            }
            json(
                200,
                r#"{"access_token":"access-1","token_type":"bearer","expires_in":3600,"refresh_token":"r2","ends":3600}"#,
            )
        }
    })
    .await;
    let provider = server.provider().set("token_response.refresh_expires", "ends").build().unwrap();
    let flow = Flow::builder(provider).token_store(store.clone()).build().unwrap();
    let keep = async |user: &str, more: &str| flow.store_token(user, &old(more)).await.unwrap();

    let request = flow.begin(USER).connection("work").await.unwrap();
    flow.finish(USER, &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    flow.finish(USER, "code=c&state=unknown").await.unwrap_err();

    keep(USER, "").await;
    let session = flow.session(USER).await.unwrap();
    session.refresh().await.unwrap();
    keep(USER, "").await;
    deleting.store(true, Ordering::SeqCst);
    assert_eq!(session.refresh().await.unwrap_err().kind(), ErrorKind::Conflict);

    // Another process has begun, and its time is almost over.
    let lease = acf_core::http::Limits::TOKEN.deadline + Duration::from_secs(20);
    let at = UNIX_EPOCH.elapsed().unwrap() - lease + Duration::from_secs(1);
    keep(USER, &format!(r#","refreshing":{{"tried":{{"at":{},"times":1,"lost":false}}}}"#, at.as_secs())).await;
    session.token().await.unwrap();

    keep(USER, "").await;
    store.troubles.lock().unwrap().push(Trouble::Refused);
    assert_eq!(session.token().await.unwrap().access_token().expose(), "access-1");
    assert!(flow.drain(Duration::from_secs(10)).await);

    let hour = UNIX_EPOCH.elapsed().unwrap().as_secs() + 3600;
    keep(USER, "").await;
    let unexpired = old("").expose_json().replace(r#""expires_at":1"#, &format!(r#""expires_at":{hour}"#));
    flow.store_token(USER, &Token::from_json(&unexpired).unwrap()).await.unwrap();
    assert_eq!(session.get(server.url("/me")).send().await.unwrap().status(), 200);
    session.get("http://127.0.0.1:1/").send().await.unwrap_err();

    for grant in 0..100 {
        keep(&grant.to_string(), "").await;
    }
    troubles.store(5, Ordering::SeqCst);
    for grant in 0..5 {
        flow.session(&grant.to_string()).await.unwrap().token().await.unwrap_err();
    }
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    for grant in 5..100 {
        flow.session(&grant.to_string()).await.unwrap().token().await.unwrap();
    }
    let device = server.provider().set("device_authorization_path", "/device").build().unwrap();
    let device = Flow::new(device).unwrap();
    device.device().await.unwrap().token().await.unwrap();

    let documented = documented();
    let told = told.lock().unwrap();
    for Told { name, level, fields } in told.iter() {
        let mut fields: BTreeSet<_> = fields.keys().cloned().collect();
        fields.remove("message");
        assert_eq!(documented.get(name), Some(&(level.clone(), fields)), "{name}");
    }
    let names: BTreeSet<_> = told.iter().map(|told| told.name.as_str()).collect();
    let missing: Vec<_> = documented.keys().filter(|name| !names.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "documented, and not told: {missing:?}");
    assert!(documented.len() > 15, "{}", documented.len());

    let text = format!("{told:?}");
    for secret in [USER, "access-1", "\"r2\"", request.state.as_str(), "work"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let grants: BTreeSet<_> = told.iter().filter_map(|told| told.fields.get("grant")).collect();
    assert_eq!(grants.len(), 101, "one digest for each user");
}

/// What a memory store does, it does at once.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(result) => result,
        std::task::Poll::Pending => panic!("a memory store does not wait"),
    }
}
