//! What becomes of logins and tokens, in as few words as possible; and the library, which must do the same.

use std::{collections::HashMap, sync::Mutex};

use acf_core::{
    Completed, Error, ErrorKind, Token, TokenStore,
    http::Request,
    store::{Expect, TokenKey},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::{prelude::*, test_runner::TestCaseError};
use sha2::{Digest, Sha256};

use super::{
    grammar::{Answer, Finish, Iss, Options, Shape, State, Step, access, refresh},
    stage::{DEFINITIONS, Stage},
};
use crate::{
    support::param,
    world::{Health, shown},
};

pub type Checked<T = ()> = Result<T, TestCaseError>;

/// What stored tokens are kept under.
const PROVIDERS: [&str; 2] = ["forge", "other"];

const SECRETS: [&str; 6] =
    ["cl1ent-s3cret", "0ther-s3cret", "tok3ncanary", "tok3n canary", "acc3ssstored", "refr3shstored"];

/// How often the calls of all cases ended how; `None` is a success.
pub type Met = Mutex<HashMap<Option<ErrorKind>, usize>>;

struct Login {
    user: usize,
    at: usize,
    state: String,
    challenge: String,
    redirect_uri: &'static str,
    return_to: Option<&'static str>,
    ends: i64,
    spent: bool,
}

/// What must become of a callback.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    /// Refused; a login stays as it was.
    Kept(ErrorKind),
    /// The login is gone, and nothing is sent.
    Burnt(ErrorKind),
    /// The login is gone, and one request leaves.
    Sent,
}
use Verdict::{Burnt, Kept, Sent};

/// A token as it is stored.
type Row = Option<String>;

/// What is known of the refresh of a stored token.
#[derive(Clone, Copy, Default)]
struct Known {
    /// How often its refresh token was sent in vain, without anybody knowing what became of it.
    lost: u8,
    /// Whether the provider has said that it is good no longer.
    over: bool,
}

struct Case<'a> {
    stage: &'a Stage,
    met: &'a Met,
    users: [String; 2],
    logins: Vec<Login>,
    /// By provider and user.
    tokens: [[Row; 2]; 2],
    known: [[Known; 2]; 2],
    states: Health,
    token_health: Health,
    clock: i64,
    answer: Answer,
    serial: usize,
    secrets: Vec<String>,
}

/// Does the steps and compares what came of each of them.
pub async fn run(stage: &Stage, steps: &[Step], met: &Met) -> Checked {
    let world = &stage.world;
    let mut case = Case {
        stage,
        met,
        users: [world.user(), world.user()],
        logins: Vec::new(),
        tokens: Default::default(),
        known: Default::default(),
        states: Health::Up,
        token_health: Health::Up,
        clock: 0,
        answer: Answer::Token { refresh: true, lives: Some(3600) },
        serial: world.endpoint.calls(),
        secrets: SECRETS.map(str::to_owned).into(),
    };
    world.store.set_states(Health::Up);
    world.store.set_tokens(Health::Up);
    world.store.set_clock(Some(0));
    // One of them was there before.
    for (provider, more) in [(0, r#","refresh_token":"refr3shstored""#), (1, "")] {
        let json = format!(r#"{{"v":1,"access_token":"acc3ssstored","token_type":"Bearer","scope":["read"]{more}}}"#);
        let key = TokenKey::new(PROVIDERS[provider], &case.users[0]);
        world.store.save(&key, &Token::from_json(&json).unwrap(), Expect::Anything).await.unwrap();
        case.tokens[provider][0] = case.stored(provider, 0).await;
    }
    for step in steps {
        case.step(step).await?;
        case.check_tokens().await?;
    }
    Ok(())
}

impl Case<'_> {
    async fn step(&mut self, step: &Step) -> Checked {
        let store = &self.stage.world.store;
        match step {
            Step::Begin { user, at, options } => self.begin(*user, *at, options).await?,
            Step::Finish(finish) => self.finish(finish).await?,
            Step::Refresh { user, at } => self.refresh(*user, *at).await?,
            Step::Answers(answer) => self.answer = answer.clone(),
            Step::States(health) => {
                self.states = *health;
                store.set_states(*health);
            }
            Step::Tokens(health) => {
                self.token_health = *health;
                store.set_tokens(*health);
            }
            Step::Clock(seconds) => {
                self.clock += seconds;
                store.set_clock(Some(self.clock));
            }
        }
        Ok(())
    }

    async fn begin(&mut self, user: usize, at: usize, options: &Options) -> Checked {
        let calls = self.stage.world.endpoint.calls();
        let mut begin = self.stage.flows[at][0].begin(&self.users[user]);
        if let Some(scope) = options.scope {
            begin = begin.scope(scope);
        }
        if let Some(redirect_uri) = options.redirect_uri {
            begin = begin.redirect_uri(redirect_uri);
        }
        if let Some(path) = options.return_to {
            begin = begin.return_to(path);
        }
        if options.param {
            begin = begin.param("prompt", "consent");
        }
        let begun = begin.await;
        prop_assert_eq!(self.stage.world.endpoint.calls(), calls, "a beginning sends nothing");
        self.shows_nothing(begun.as_ref().map(|request| request as _))?;
        match begun {
            Ok(request) => {
                prop_assert_eq!(self.states, Health::Up, "INV-9: begun without a store");
                let state = request.state.as_str().to_owned();
                prop_assert_eq!(param(&request.url, "state"), Some(state.clone()));
                self.secrets.push(state.clone());
                self.logins.push(Login {
                    user,
                    at,
                    state,
                    challenge: param(&request.url, "code_challenge").unwrap(),
                    redirect_uri: options.redirect_uri.unwrap_or("https://app.example/callback"),
                    return_to: options.return_to.map(|path| if path.starts_with("//") { "/" } else { path }),
                    ends: self.clock + 600,
                    spent: false,
                });
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::Store);
                prop_assert_ne!(self.states, Health::Up);
            }
        }
        Ok(())
    }

    /// The order of the checks is that of the documentation of `Flow::finish`.
    fn verdict(&self, finish: &Finish, login: Option<&Login>, at: usize) -> Verdict {
        let callback = &finish.callback;
        if let Some(kind) = callback.flaw() {
            return Kept(kind);
        }
        let right = match callback.iss {
            (Shape::Missing, _) => true,
            (Shape::Once, Iss::Of(definition)) => DEFINITIONS[definition].issuer == DEFINITIONS[at].issuer,
            _ => false,
        };
        if !right {
            return Kept(ErrorKind::IssuerMismatch);
        }
        if self.states == Health::Down {
            return Kept(ErrorKind::Store);
        }
        let right = |login: &&Login| callback.state.1 == State::Right && !login.spent;
        let found = login.filter(right);
        let Some(login) = found else {
            return Kept(if self.states == Health::Up { ErrorKind::StateUnknown } else { ErrorKind::Store });
        };
        let (begun, here) = (&DEFINITIONS[login.at], &DEFINITIONS[at]);
        let ours = begun.name == here.name && !finish.by_a_stranger;
        match self.states {
            Health::Up if begun.name != here.name => Kept(ErrorKind::ProviderMismatch),
            Health::Up if !ours => Kept(ErrorKind::BindingMismatch),
            Health::Up if self.clock >= login.ends => Burnt(ErrorKind::StateExpired),
            Health::Up if begun.token_endpoint != here.token_endpoint => Burnt(ErrorKind::ProviderMismatch),
            Health::Up => match (callback.has_code(), callback.has_error()) {
                (true, false) => Sent,
                (true, true) => Burnt(ErrorKind::Callback),
                _ if callback.error.1 == "access_denied" => Burnt(ErrorKind::AccessDenied),
                _ => Burnt(ErrorKind::Provider),
            },
            _ if ours => Burnt(ErrorKind::Store),
            _ => Kept(ErrorKind::Store),
        }
    }

    async fn finish(&mut self, finish: &Finish) -> Checked {
        let index = (!self.logins.is_empty()).then(|| finish.login.index(self.logins.len()));
        let login = index.map(|index| &self.logins[index]);
        let at = finish.elsewhere.or(login.map(|login| login.at)).unwrap_or(0);
        let owner = login.map_or(0, |login| login.user);
        let user = if finish.by_a_stranger { 1 - owner } else { owner };
        let verdict = self.verdict(finish, login, at);
        let state = login.map_or_else(|| "never-begun".to_owned(), |login| login.state.clone());
        let callback = finish.callback.text(&state, &DEFINITIONS.each_ref().map(|definition| definition.issuer));
        // What of the code every encoding leaves as it is.
        self.secrets.push(finish.callback.code.1[..12].to_owned());

        let calls = self.expect_a_call();
        let mut results = self.call(user, at, &callback, finish.times).await;
        let requests = self.stage.world.endpoint.since(calls);
        prop_assert_eq!(requests.len(), usize::from(matches!(verdict, Sent)), "INV-1, INV-2, INV-9: {:?}", verdict);
        if let (Some(request), Some(index)) = (requests.first(), index) {
            self.check_exchange(request, index, &finish.callback.code.1)?;
        }
        for result in &results {
            self.shows_nothing(result.as_ref().map(|completed| completed as _))?;
        }

        let saved = matches!(verdict, Sent) && self.answer.refusal().is_none() && self.token_health == Health::Up;
        let (one, others) = match verdict {
            Kept(kind) => (Some(kind), kind),
            Burnt(ErrorKind::Store) => (Some(ErrorKind::Store), ErrorKind::Store),
            Burnt(kind) => (Some(kind), ErrorKind::StateUnknown),
            Sent if saved => (None, ErrorKind::StateUnknown),
            Sent => (Some(self.answer.refusal().unwrap_or(ErrorKind::Store)), ErrorKind::StateUnknown),
        };
        let kinds: Vec<_> = results.iter().map(|result| result.as_ref().err().map(Error::kind)).collect();
        let place = kinds.iter().position(|kind| *kind == one);
        prop_assert!(place.is_some(), "{:?} is not among {:?}: {}", one, kinds, callback);
        let first = results.swap_remove(place.unwrap_or(0));
        let rest: Vec<_> = results.iter().map(|result| result.as_ref().err().map(Error::kind)).collect();
        prop_assert!(rest.iter().all(|kind| *kind == Some(others)), "INV-2: beside {:?} there are {:?}", one, rest);
        if let (Some(index), Burnt(_) | Sent) = (index, verdict) {
            self.logins[index].spent = true;
        }
        if let Ok(completed) = first {
            let return_to = index.and_then(|index| self.logins[index].return_to);
            prop_assert_eq!(completed.return_to.as_deref(), return_to);
            prop_assert_eq!(completed.token.access_token().expose(), access(self.serial));
            self.saved(at, user, &completed.token.expose_json()).await?;
        }
        Ok(())
    }

    /// The same callback, so many times at once.
    async fn call(&self, user: usize, at: usize, callback: &str, times: usize) -> Vec<Result<Completed, Error>> {
        let flows = &self.stage.flows[at];
        if times == 1 {
            return vec![flows[0].complete(&self.users[user], callback).await];
        }
        let tasks = (0..times).map(|n| {
            let (flow, user, callback) = (flows[n % 2].clone(), self.users[user].clone(), callback.to_owned());
            tokio::spawn(async move { flow.complete(&user, &callback).await })
        });
        let mut results = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            results.push(task.await.unwrap());
        }
        results
    }

    async fn refresh(&mut self, user: usize, at: usize) -> Checked {
        let provider = usize::from(at == 2);
        // A stored token knows no endpoint: with the definition that is in force, it goes there.
        let before = self.tokens[provider][user].clone();
        let token = before.as_ref().map(|json| Token::from_json(json).unwrap());
        let old = token.as_ref().and_then(|token| token.refresh_token()).map(|secret| secret.expose().to_owned());
        let Known { lost, over } = self.known[provider][user];
        let spent = over || lost == 2;
        let calls = self.expect_a_call();
        let result = match self.stage.flows[at][0].session(&self.users[user]).await {
            Ok(session) => session.refresh().await,
            Err(error) => Err(error),
        };
        let requests = self.stage.world.endpoint.since(calls);
        self.shows_nothing(result.as_ref().map(|token| token as _))?;
        let expected = match (self.token_health, &before, &old) {
            (Health::Up, None, _) => Some(ErrorKind::NoToken),
            (Health::Up, Some(_), None) => Some(ErrorKind::TokenExpired),
            // Nothing that could be sent would help.
            (Health::Up, Some(_), Some(_)) if over => Some(ErrorKind::Provider),
            (Health::Up, Some(_), Some(_)) if spent => Some(ErrorKind::TokenExpired),
            (Health::Up, Some(_), Some(_)) => self.answer.refusal(),
            _ => Some(ErrorKind::Store),
        };
        prop_assert_eq!(result.as_ref().err().map(Error::kind), expected);
        let sent = self.token_health == Health::Up && old.is_some() && !spent;
        prop_assert_eq!(requests.len(), usize::from(sent), "INV-9");
        let old = old.unwrap_or_default();
        if let Some(request) = requests.first() {
            self.check_request(request, at, &[("grant_type", "refresh_token"), ("refresh_token", &old)])?;
        }
        if let Ok(token) = &result {
            prop_assert_eq!(token.access_token().expose(), access(self.serial));
            let new = token.refresh_token().unwrap().expose().to_owned();
            prop_assert!(new == refresh(self.serial) || new == old);
            self.saved(at, user, &token.expose_json()).await?;
        } else if let (true, Err(error)) = (sent, &result) {
            let code = error.provider().map(|said| said.error());
            let later = code == Some("temporarily_unavailable") || error.retry_after().is_some();
            let unknown = match error.kind() {
                ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::TokenResponse => true,
                ErrorKind::Provider | ErrorKind::Response => {
                    !later && error.status().is_none_or(|status| !(300..500).contains(&status))
                }
                _ => false,
            };
            self.known[provider][user] = match code {
                Some("invalid_grant") => Known { over: true, ..Known::default() },
                _ if unknown => Known { lost: lost + 1, over: false },
                _ => Known { lost, over },
            };
        }
        Ok(())
    }

    /// Makes the next answer one of its own; how many calls there were before it.
    fn expect_a_call(&mut self) -> usize {
        self.serial += 1;
        let (answer, serial) = (self.answer.clone(), self.serial);
        self.secrets.extend([access(serial), refresh(serial)]);
        self.stage.world.endpoint.answers_by(move |request| answer.to(request, serial));
        self.stage.world.endpoint.calls()
    }

    /// INV-1 and INV-3: what was sent is of the login that was begun, and of no other.
    fn check_exchange(&mut self, request: &Request, index: usize, code: &str) -> Checked {
        let verifier = form_urlencoded::parse(request.body()).find(|(name, _)| name == "code_verifier");
        let verifier = verifier.map(|(_, value)| value.into_owned()).unwrap_or_default();
        self.secrets.push(verifier.clone());
        let login = &self.logins[index];
        prop_assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)), login.challenge.as_str(), "INV-1");
        let own = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", login.redirect_uri),
            ("code_verifier", &verifier),
        ];
        self.check_request(request, login.at, &own)
    }

    /// INV-3 and INV-4: the right address, and nothing in it but what belongs there.
    fn check_request(&self, request: &Request, at: usize, own: &[(&str, &str)]) -> Checked {
        let definition = &DEFINITIONS[at];
        prop_assert_eq!(request.uri().to_string(), definition.token_endpoint, "INV-3");
        prop_assert_eq!(request.method(), "POST");
        let mut expected = own.to_vec();
        expected.extend([("client_id", "the client"), ("client_secret", definition.secret)]);
        expected.sort_unstable();
        let mut sent: Vec<_> = form_urlencoded::parse(request.body()).collect();
        sent.sort_unstable();
        let sent: Vec<_> = sent.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        prop_assert_eq!(sent, expected, "INV-4");
        for value in request.headers().values() {
            let value = value.to_str().unwrap();
            prop_assert!(!self.secrets.iter().any(|secret| value.contains(secret.as_str())), "INV-4: {}", value);
        }
        Ok(())
    }

    /// INV-7.
    fn shows_nothing(&self, result: Result<&dyn std::fmt::Debug, &Error>) -> Checked {
        *self.met.lock().unwrap().entry(result.err().map(Error::kind)).or_default() += 1;
        let secrets: Vec<_> = self.secrets.iter().map(String::as_str).collect();
        match result {
            Ok(value) => {
                let text = format!("{value:?}");
                prop_assert!(!secrets.iter().any(|secret| text.contains(secret)), "INV-7: {}", text);
            }
            Err(error) => drop(shown(error, &secrets)),
        }
        Ok(())
    }

    /// A new token was stored, whole.
    async fn saved(&mut self, at: usize, user: usize, json: &str) -> Checked {
        let provider = usize::from(at == 2);
        let stored = self.stored(provider, user).await;
        let before = self.tokens[provider][user].take();
        prop_assert_eq!(&stored, &Some(row(json)), "saved before it is handed out");
        prop_assert_ne!(&stored, &before);
        self.tokens[provider][user] = stored;
        self.known[provider][user] = Known::default();
        Ok(())
    }

    async fn stored(&self, provider: usize, user: usize) -> Row {
        let stored = self.stage.world.stored(PROVIDERS[provider], &self.users[user]).await?;
        Some(row(&stored.token.expose_json()))
    }

    /// INV-5: what nobody replaced is as it was.
    async fn check_tokens(&self) -> Checked {
        for (provider, user) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            prop_assert_eq!(&self.stored(provider, user).await, &self.tokens[provider][user], "INV-5");
        }
        Ok(())
    }
}

/// What is known of its refresh is no part of a token.
fn row(json: &str) -> String {
    let mut row: serde_json::Value = serde_json::from_str(json).unwrap();
    row.as_object_mut().unwrap().remove("refreshing");
    row.to_string()
}
