//! A provider that answers what it is told and counts, a store that counts and can fail, and what is true of every error.

use std::{
    error::Error as StdError,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use acf_core::{
    ClientAuth, Custom, CustomBuilder, Error, ErrorKind, Flow, HttpClient, MemoryStore, SqliteStore, StateStore,
    TokenStore,
    http::{HttpError, Limits, Request, Response},
    store::{Binding, PendingLogin, StateKey, Taken, TokenKey},
};

pub const TOKEN: &str =
    r#"{"access_token":"access-1","token_type":"bearer","expires_in":3600,"refresh_token":"refresh-1"}"#;
pub const ISSUER: &str = "https://forge.example";

/// A token endpoint: what it was sent, and what it answers.
#[derive(Clone)]
pub struct Endpoint {
    seen: Arc<Mutex<Vec<Request>>>,
    answer: Arc<Mutex<Response>>,
}

impl Endpoint {
    fn new() -> Self {
        let endpoint = Self { seen: Arc::default(), answer: Arc::default() };
        endpoint.answers(200, "application/json", TOKEN.as_bytes());
        endpoint
    }

    pub fn answers(&self, status: u16, content_type: &str, body: &[u8]) {
        let mut answer = http::Response::builder().status(status);
        if !content_type.is_empty() {
            answer = answer.header("content-type", content_type);
        }
        if status == 401 {
            answer = answer.header("www-authenticate", "Basic realm=\"unterminated, Bearer \\");
        }
        *self.answer.lock().unwrap() = answer.body(body.to_vec().into()).unwrap();
    }

    pub fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// A parameter of the last request.
    pub fn sent(&self, name: &str) -> Option<String> {
        let seen = self.seen.lock().unwrap();
        form_urlencoded::parse(seen.last()?.body()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

#[async_trait::async_trait]
impl HttpClient for Endpoint {
    async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
        assert_eq!(request.uri(), "https://forge.example/token", "credentials go nowhere else");
        self.seen.lock().unwrap().push(request);
        Ok(self.answer.lock().unwrap().clone())
    }
}

/// A real store, watched.
#[derive(Clone)]
pub struct Watched {
    states: Arc<dyn StateStore>,
    tokens: Arc<dyn TokenStore>,
    takes: Arc<AtomicUsize>,
    down: Arc<AtomicBool>,
    deadline: Arc<Mutex<Option<u64>>>,
}

impl Watched {
    fn new<S: StateStore + TokenStore + Clone>(store: S) -> Self {
        Self {
            states: Arc::new(store.clone()),
            tokens: Arc::new(store),
            takes: Arc::default(),
            down: Arc::default(),
            deadline: Arc::default(),
        }
    }

    /// How often anybody looked for a login.
    pub fn takes(&self) -> usize {
        self.takes.load(Ordering::SeqCst)
    }

    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// Writes another end into each login that is kept from now on.
    pub fn set_deadline(&self, deadline: Option<u64>) {
        *self.deadline.lock().unwrap() = deadline;
    }
}

#[async_trait::async_trait]
impl StateStore for Watched {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        let deadline = *self.deadline.lock().unwrap();
        let Some(deadline) = deadline else { return self.states.put(key, login).await };
        let text = String::from_utf8(login.to_bytes()).unwrap();
        let text = text.replace(&format!(":{}", login.expires_at()), &format!(":{deadline}"));
        let login = PendingLogin::from_bytes(text.as_bytes())?;
        assert_eq!(login.expires_at(), deadline);
        self.states.put(key, login).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        self.takes.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) {
            return Err(Error::store("out of order"));
        }
        self.states.take(key, binding).await
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(Arc::clone(&self.tokens))
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
            Self::new("memory", Watched::new(MemoryStore::new()), None),
            Self::new("sqlite", Watched::new(sqlite), Some(file)),
        ]
    }

    /// Another handle on the same contents: for SQLite, another connection.
    pub async fn handle(&self) -> Watched {
        match &self.file {
            Some(file) => Watched::new(SqliteStore::open(file).await.unwrap()),
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

    /// Whether a token is stored for a user.
    pub async fn has_token(&self, user: &str) -> bool {
        self.store.tokens.load(&TokenKey::new("forge", user)).await.unwrap().is_some()
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
