//! What runs in a process of the application: it does what it is asked for over the real store and the real transport, and
//! halts where it is told to.

use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use acf_core::{
    ClientAuth, Custom, Error, Flow, Token, TokenStore,
    http::{Limits, ReqwestClient},
    store::{Expect, TokenKey},
};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::{
    authority::{GRACE, GRACEFUL},
    backend::Backend,
    random::Random,
    steps::{Step, Steps, Watched, WatchedClient},
};

/// The environment variable with the job.
pub(crate) const JOB: &str = "ACF_PROCESS";

/// Goes before each line that is for the parent: what runs the tests writes to the same output.
pub(crate) const MARK: &str = "acf: ";

/// What is answered unasked.
pub(crate) const READY: u64 = 0;

/// Where a process runs.
#[derive(Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) backend: Backend,
    pub(crate) authority: SocketAddr,
    /// Of token requests.
    pub(crate) deadline: Duration,
}

/// What a process does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Calls the API; says the status.
    Call,
    /// Says the access token of `Session::token`.
    Token,
    /// Says the access token of `Session::refresh`.
    Refresh,
    /// Says which tokens are stored.
    Stored,
    Forget,
    Revoke,
    /// Stores a token, as a new login does.
    Store(String),
    /// Begins a login; says the state.
    Begin,
    /// Finishes it with this callback; says the access token.
    Finish(String),
    /// Asks so many times at once; says how often each outcome was seen.
    Many(u32, Box<Ask>),
    /// Asks for the tokens of this many users, in so many tasks for so long; fails with the first that is another's.
    Mix {
        users: u32,
        tasks: u32,
        seed: u64,
        lasts: Duration,
    },
    /// Writes all the time for so long; says how often.
    Write(Duration),
    /// Says the time, in seconds.
    Clock,
    /// Halts at this step, when it was passed so many times. Without an answer.
    Hold(Step, u32),
    /// Goes on. Without an answer.
    Go,
}

/// What a process says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Said {
    /// It halts there.
    At(Step),
    Answer(u64, Result<String, Failed>),
}

/// An error, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failed {
    /// The kind, and behind a space the provider's code if there is one.
    pub(crate) what: String,
    pub(crate) next: String,
    pub(crate) text: String,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let code = error.provider().map(|said| format!(" {}", said.error())).unwrap_or_default();
        let (what, next) = (format!("{:?}{code}", error.kind()), format!("{:?}", error.next()));
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self { what, next, text }
    }
}

pub(crate) fn say(said: &Said) {
    let line = format!("\n{MARK}{}\n", serde_json::to_string(said).unwrap());
    // Nobody listens any more: there is nothing to do, either.
    if std::io::stdout().lock().write_all(line.as_bytes()).is_err() {
        std::process::exit(1);
    }
}

/// Without a job there is nothing to do: whoever runs all tests, also the ignored ones, runs this one, too.
#[test]
#[ignore = "is what the other tests start"]
fn a_process() {
    let Ok(job) = std::env::var(JOB) else { return };
    let job: Job = serde_json::from_str(&job).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(job));
}

async fn run(job: Job) {
    let process = Process::new(&job).await;
    say(&Said::Answer(READY, Ok("ready".to_owned())));
    let (send, mut asked) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            send.send(serde_json::from_str::<(u64, String, Ask)>(&line).unwrap()).unwrap();
        }
    });
    // With its input the process ends.
    while let Some((id, user, ask)) = asked.recv().await {
        match ask {
            Ask::Hold(step, passes) => process.steps.hold(step, passes),
            Ask::Go => process.steps.go_on(),
            ask => {
                let process = process.clone();
                tokio::spawn(async move { say(&Said::Answer(id, process.answer(&user, ask).await)) });
            }
        }
    }
}

#[derive(Clone)]
struct Process {
    strict: Flow,
    graceful: Flow,
    tokens: Arc<dyn TokenStore>,
    api: String,
    steps: Arc<Steps>,
}

impl Process {
    async fn new(job: &Job) -> Self {
        let states = job.backend.open().await;
        let tokens = Arc::clone(&states).token_store().unwrap();
        let (steps, base) = (Arc::new(Steps::default()), format!("http://{}", job.authority));
        let http = ReqwestClient::new().unwrap();
        let flow = |name: &str, grace: Option<Duration>| {
            let mut provider = Custom::builder(name)
                .base_uri(&base)
                .authorization_path("/authorize")
                .access_token_path("/token")
                .revocation_path("/revoke")
                .client_auth(ClientAuth::None)
                .client_id("id")
                .redirect_uri("https://app.example/callback");
            if let Some(grace) = grace {
                provider = provider.set("refresh.reuse_grace", grace.as_secs().to_string());
            }
            let store = Watched { states: Arc::clone(&states), tokens: Arc::clone(&tokens), steps: Arc::clone(&steps) };
            Flow::builder(provider.build().unwrap())
                .http_client(WatchedClient { http: http.clone(), steps: Arc::clone(&steps) })
                .state_store(store)
                .limits(Limits { deadline: job.deadline, ..Limits::TOKEN })
                .build()
                .unwrap()
        };
        let (strict, graceful) = (flow("strict", None), flow("graceful", Some(GRACE)));
        Self { strict, graceful, tokens, api: format!("{base}/me"), steps }
    }

    fn flow(&self, user: &str) -> &Flow {
        if user.contains(GRACEFUL) { &self.graceful } else { &self.strict }
    }

    async fn answer(&self, user: &str, ask: Ask) -> Result<String, Failed> {
        match ask {
            Ask::Many(count, ask) => self.many(user, count, &ask).await,
            Ask::Mix { users, tasks, seed, lasts } => self.mix(user, users, tasks, seed, lasts).await,
            Ask::Write(lasts) => self.write(user, lasts).await.map_err(Failed::from),
            ask => self.one(user, ask).await.map_err(Failed::from),
        }
    }

    async fn one(&self, user: &str, ask: Ask) -> Result<String, Error> {
        let done = |()| "done".to_owned();
        match ask {
            Ask::Store(token) => {
                let token = Token::from_json(&token)?;
                Ok(self.flow(user).store_token(user, &token).await.map(done)?)
            }
            Ask::Clock => Ok(std::time::UNIX_EPOCH.elapsed().map_err(Error::store)?.as_secs().to_string()),
            Ask::Begin => Ok(self.flow(user).begin(user).await?.state.as_str().to_owned()),
            Ask::Finish(callback) => Ok(access(&self.flow(user).finish(user, &callback).await?)),
            ask => {
                let session = self.flow(user).session(user).await?;
                Ok(match ask {
                    Ask::Call => session.get(&self.api).send().await?.status().as_str().to_owned(),
                    Ask::Token => access(&session.token().await?),
                    Ask::Refresh => access(&session.refresh().await?),
                    Ask::Forget => session.forget().await.map(done)?,
                    Ask::Revoke => session.revoke().await.map(done)?,
                    _ => {
                        let token = session.stored_token().await?;
                        let refresh = token.refresh_token().map(|token| token.expose());
                        format!("{} {}", access(&token), refresh.unwrap_or_default())
                    }
                })
            }
        }
    }

    async fn many(&self, user: &str, count: u32, ask: &Ask) -> Result<String, Failed> {
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            let (process, user, ask) = (self.clone(), user.to_owned(), ask.clone());
            tasks.spawn(async move { process.one(&user, ask).await });
        }
        let mut outcomes = BTreeMap::<String, u32>::new();
        while let Some(outcome) = tasks.join_next().await {
            *outcomes.entry(outcome.unwrap().unwrap_or_else(|error| Failed::from(error).text)).or_default() += 1;
        }
        Ok(serde_json::to_string(&outcomes).unwrap())
    }

    async fn mix(&self, named: &str, users: u32, count: u32, seed: u64, lasts: Duration) -> Result<String, Failed> {
        let (end, mut tasks) = (Instant::now() + lasts, JoinSet::new());
        for task in 0..count {
            let (process, named, mut random) = (self.clone(), named.to_owned(), Random::new(seed + u64::from(task)));
            tasks.spawn(async move {
                let mut times = 0_u32;
                while Instant::now() < end {
                    let user = format!("{named}{}", random.below(users));
                    let ask = if random.below(4) == 0 { Ask::Refresh } else { Ask::Token };
                    let token = process.one(&user, ask).await?;
                    if !token.starts_with(&format!("{user}/")) {
                        let text = format!("{user} got {token}");
                        return Err(Failed { what: "Mixed".to_owned(), next: String::new(), text });
                    }
                    times += 1;
                }
                Ok(times)
            });
        }
        let mut times = 0;
        while let Some(done) = tasks.join_next().await {
            times += done.unwrap()?;
        }
        Ok(times.to_string())
    }

    /// A row of its own, one that all write to, and logins: without a pause.
    async fn write(&self, user: &str, lasts: Duration) -> Result<String, Error> {
        let (own, shared) = (TokenKey::new("own", std::process::id().to_string()), TokenKey::new("shared", user));
        let token = Token::from_json(r#"{"v":1,"access_token":"a","token_type":"Bearer","scope":[]}"#)?;
        let (end, mut times) = (Instant::now() + lasts, 0_u32);
        while Instant::now() < end {
            self.tokens.save(&own, &token, Expect::Anything).await?;
            match self.tokens.load(&shared).await? {
                Some(stored) => drop(self.tokens.save(&shared, &token, Expect::Version(stored.version)).await?),
                None => drop(self.tokens.save(&shared, &token, Expect::Anything).await?),
            }
            drop(self.strict.begin(user).await?);
            times += 1;
        }
        Ok(times.to_string())
    }
}

fn access(token: &Token) -> String {
    token.access_token().expose().to_owned()
}
