//! A provider that answers what it is told and counts, a store that counts and can fail, and what is true of every error.

use std::{
    error::Error as StdError,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use acf_core::{
    ClientAuth, Custom, CustomBuilder, Error, ErrorKind, Flow, HttpClient, MemoryStore, SqliteStore, StateStore, Token,
    TokenStore,
    http::{HttpError, Limits, Request, Response},
    store::{Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version},
};

pub const TOKEN: &str =
    r#"{"access_token":"access-1","token_type":"bearer","expires_in":3600,"refresh_token":"refresh-1"}"#;
pub const ISSUER: &str = "https://forge.example";

type Answering = dyn Fn(&Request) -> Result<Response, HttpError> + Send + Sync;

/// Token endpoints: what they were sent, and what they answer.
#[derive(Clone)]
pub struct Endpoint {
    addresses: Arc<Mutex<Vec<&'static str>>>,
    seen: Arc<Mutex<Vec<Request>>>,
    answer: Arc<Mutex<Arc<Answering>>>,
}

impl Endpoint {
    fn new() -> Self {
        let endpoint = Self {
            addresses: Arc::new(Mutex::new(vec!["https://forge.example/token"])),
            seen: Arc::default(),
            answer: Arc::new(Mutex::new(Arc::new(|_| Ok(Response::default())))),
        };
        endpoint.answers(200, "application/json", TOKEN.as_bytes());
        endpoint
    }

    /// One more address that it stands for.
    pub fn also_at(&self, address: &'static str) {
        self.addresses.lock().unwrap().push(address);
    }

    pub fn answers(&self, status: u16, content_type: &str, body: &[u8]) {
        let answer = answer(status, content_type, body);
        self.answers_by(move |_| Ok(answer.clone()));
    }

    pub fn answers_by(&self, answer: impl Fn(&Request) -> Result<Response, HttpError> + Send + Sync + 'static) {
        *self.answer.lock().unwrap() = Arc::new(answer);
    }

    pub fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// What it was sent after that many calls.
    pub fn since(&self, calls: usize) -> Vec<Request> {
        self.seen.lock().unwrap()[calls..].to_vec()
    }

    /// A parameter of the last request.
    pub fn sent(&self, name: &str) -> Option<String> {
        let seen = self.seen.lock().unwrap();
        form_urlencoded::parse(seen.last()?.body()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

pub fn answer(status: u16, content_type: &str, body: &[u8]) -> Response {
    let mut answer = http::Response::builder().status(status);
    if !content_type.is_empty() {
        answer = answer.header("content-type", content_type);
    }
    if status == 401 {
        answer = answer.header("www-authenticate", "Basic realm=\"unterminated, Bearer \\");
    }
    answer.body(body.to_vec().into()).unwrap()
}

#[async_trait::async_trait]
impl HttpClient for Endpoint {
    async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
        let address = request.uri().to_string();
        assert!(self.addresses.lock().unwrap().contains(&address.as_str()), "credentials go nowhere else: {address}");
        let answer = Arc::clone(&self.answer.lock().unwrap());
        let answer = answer(&request);
        self.seen.lock().unwrap().push(request);
        answer
    }
}

/// How a store is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Health {
    #[default]
    Up,
    /// It does nothing, and says so.
    Down,
    /// It does its work, and the answer is lost.
    Mute,
}

impl Health {
    fn begin(self) -> Result<(), Error> {
        if self == Self::Down { Err(Error::store("out of order")) } else { Ok(()) }
    }

    fn end<T>(self, outcome: T) -> Result<T, Error> {
        if self == Self::Up { Ok(outcome) } else { Err(Error::store("out of order")) }
    }
}

/// What is done to a store, and what is known of it.
#[derive(Default)]
struct Watch {
    takes: AtomicUsize,
    states: Mutex<Health>,
    tokens: Mutex<Health>,
    clock: Mutex<Option<i64>>,
}

/// A real store, watched.
#[derive(Clone)]
pub struct Watched {
    states: Arc<dyn StateStore>,
    tokens: Arc<dyn TokenStore>,
    watch: Arc<Watch>,
}

/// Further ahead than any test moves its clock.
const FAR: i64 = 1 << 40;

impl Watched {
    fn new<S: StateStore + TokenStore + Clone>(store: S, watch: Arc<Watch>) -> Self {
        Self { states: Arc::new(store.clone()), tokens: Arc::new(store), watch }
    }

    /// How often anybody looked for a login.
    pub fn takes(&self) -> usize {
        self.watch.takes.load(Ordering::SeqCst)
    }

    /// How logins fare from now on.
    pub fn set_states(&self, health: Health) {
        *self.watch.states.lock().unwrap() = health;
    }

    /// How tokens fare from now on.
    pub fn set_tokens(&self, health: Health) {
        *self.watch.tokens.lock().unwrap() = health;
    }

    /// As if the clock had been moved by that many seconds, for logins that are begun and finished while this is set.
    /// The store below, which has the real clock, is shown ends so far ahead that it throws none of them away.
    pub fn set_clock(&self, seconds: Option<i64>) {
        *self.watch.clock.lock().unwrap() = seconds;
    }

    fn moved(&self, login: PendingLogin, by: fn(i64) -> i64) -> Result<PendingLogin, Error> {
        let Some(clock) = *self.watch.clock.lock().unwrap() else { return Ok(login) };
        let mut row: serde_json::Value = serde_json::from_slice(&login.to_bytes()).unwrap();
        row["expires_at"] = login.expires_at().checked_add_signed(by(clock)).unwrap().into();
        PendingLogin::from_bytes(&serde_json::to_vec(&row).unwrap())
    }

    fn states(&self) -> Health {
        *self.watch.states.lock().unwrap()
    }

    fn tokens(&self) -> Health {
        *self.watch.tokens.lock().unwrap()
    }
}

#[async_trait::async_trait]
impl StateStore for Watched {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        let health = self.states();
        health.begin()?;
        health.end(self.states.put(key, self.moved(login, |clock| FAR + clock)?).await?)
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        self.watch.takes.fetch_add(1, Ordering::SeqCst);
        let health = self.states();
        health.begin()?;
        let back = |login| self.moved(login, |clock| -FAR - clock);
        health.end(match self.states.take(key, binding).await? {
            Taken::Login(login) => Taken::Login(back(login)?),
            Taken::Kept(login) => Taken::Kept(back(login)?),
            Taken::Absent => Taken::Absent,
        })
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl TokenStore for Watched {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let health = self.tokens();
        health.begin()?;
        health.end(self.tokens.load(key).await?)
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let health = self.tokens();
        health.begin()?;
        health.end(self.tokens.save(key, token, expect).await?)
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        let health = self.tokens();
        health.begin()?;
        health.end(self.tokens.delete(key).await?)
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.tokens.connections(provider, user).await
    }
}

/// One kind of store, and everything around it.
pub struct World {
    pub name: &'static str,
    pub endpoint: Endpoint,
    pub store: Watched,
    file: Option<PathBuf>,
    users: AtomicUsize,
}

impl World {
    fn new(name: &'static str, store: Watched, file: Option<PathBuf>) -> Self {
        Self { name, endpoint: Endpoint::new(), store, file, users: AtomicUsize::new(0) }
    }

    /// A new world for each kind of store.
    pub async fn all() -> Vec<Self> {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let unique = format!("acf-hostile-{}-{}.db", std::process::id(), FILES.fetch_add(1, Ordering::SeqCst));
        let file = std::env::temp_dir().join(unique);
        let sqlite = SqliteStore::open(&file).await.unwrap();
        vec![
            Self::new("memory", Watched::new(MemoryStore::new(), Arc::default()), None),
            Self::new("sqlite", Watched::new(sqlite, Arc::default()), Some(file)),
            #[cfg(feature = "encrypted")]
            Self::new("encrypted", Watched::new(crate::sealed::over(MemoryStore::new()), Arc::default()), None),
        ]
    }

    /// Another handle on the same contents, in the same health: for SQLite, another connection.
    pub async fn handle(&self) -> Watched {
        match &self.file {
            Some(file) => Watched::new(SqliteStore::open(file).await.unwrap(), Arc::clone(&self.store.watch)),
            None => self.store.clone(),
        }
    }

    pub fn provider(name: &str) -> CustomBuilder {
        Custom::builder(name)
            .base_uri("https://forge.example")
            .authorization_path("/authorize")
            .access_token_path("/token")
            .issuer(ISSUER)
            .scope(["read"])
            .client_auth(ClientAuth::ClientSecretPost)
            .client_id("the client")
            .client_secret("cl1ent-s3cret".parse().unwrap())
            .redirect_uri("https://app.example/callback")
    }

    pub fn flow(&self) -> Flow {
        self.flow_of(Self::provider("forge"), self.store.clone())
    }

    pub fn declared(&self, entries: &[(&str, &str)]) -> Flow {
        let builder = entries.iter().fold(Self::provider("forge"), |builder, (key, text)| builder.set(*key, *text));
        self.flow_of(builder, self.store.clone())
    }

    pub fn flow_of(&self, provider: CustomBuilder, store: Watched) -> Flow {
        let builder = Flow::builder(provider.build().unwrap()).state_store(store);
        builder.http_client(self.endpoint.clone()).build().unwrap()
    }

    /// A user whom no store has seen.
    pub fn user(&self) -> String {
        format!("user-{}", self.users.fetch_add(1, Ordering::SeqCst))
    }

    /// What is stored for a user, whatever health the store is in.
    pub async fn stored(&self, provider: &str, user: &str) -> Option<StoredToken> {
        self.store.tokens.load(&TokenKey::new(provider, user)).await.unwrap()
    }

    /// Whether a token is stored for a user.
    pub async fn has_token(&self, user: &str) -> bool {
        self.stored("forge", user).await.is_some()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            if let Some(file) = &self.file {
                drop(std::fs::remove_file(format!("{}{end}", file.display())));
            }
        }
    }
}

/// What an error says, with all its causes. It holds nothing that was meant for others, and nothing that a terminal, a log
/// or a page would act on.
pub fn shown(error: &Error, secrets: &[&str]) -> String {
    let mut texts = vec![format!("{error:?}")];
    let mut next: Option<&dyn StdError> = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    let said = error.provider().map(ToString::to_string).unwrap_or_default();
    for text in texts.iter().chain([&said]) {
        for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
            assert!(!text.contains(secret), "shows {secret}: {text}");
        }
        assert!(!text.chars().any(|c| c.is_control() || matches!(c, '\u{61C}' | '\u{202E}' | '\u{2066}')), "{text:?}");
        assert!(text.len() < 8 * 1024, "{} bytes", text.len());
    }
    texts.swap_remove(1)
}

#[track_caller]
pub fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.expect_err("refused").kind()
}
