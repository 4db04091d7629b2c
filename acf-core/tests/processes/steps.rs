//! The store and the transport of a process, which halts at any step between them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use acf_core::{
    Error, HttpClient, StateStore, Token, TokenStore,
    http::{HttpError, Limits, Request, ReqwestClient, Response},
    store::{Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version},
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::child::{Said, say};

/// The steps of a refresh, and of a logout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// The row is about to be read.
    Load,
    Loaded,
    /// The row is about to say that the refresh token will be sent.
    Claim,
    Claimed,
    /// The refresh token is about to be sent.
    Send,
    Answered,
    /// What came of it is about to be saved.
    Keep,
    Kept,
    Delete,
    Deleted,
}

/// Where a process is, and where it halts.
#[derive(Default)]
pub(crate) struct Steps {
    hold: Mutex<Option<(Step, u32)>>,
    go: Notify,
    /// Whether the refresh token was sent since the row was last saved: what is saved now is what came of it.
    sent: AtomicBool,
}

impl Steps {
    pub(crate) fn hold(&self, step: Step, passes: u32) {
        *self.hold.lock().unwrap() = Some((step, passes));
    }

    pub(crate) fn go_on(&self) {
        self.go.notify_one();
    }

    async fn reach(&self, step: Step) {
        let halts = {
            let mut hold = self.hold.lock().unwrap();
            match hold.as_mut() {
                Some((at, passes)) if *at == step && *passes > 0 => {
                    *passes -= 1;
                    false
                }
                Some((at, _)) if *at == step => hold.take().is_some(),
                _ => false,
            }
        };
        if halts {
            say(&Said::At(step));
            self.go.notified().await;
        }
    }
}

/// The store, step by step.
pub(crate) struct Watched {
    pub(crate) states: Arc<dyn StateStore>,
    pub(crate) tokens: Arc<dyn TokenStore>,
    pub(crate) steps: Arc<Steps>,
}

#[async_trait::async_trait]
impl StateStore for Watched {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        self.states.put(key, login).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        self.states.take(key, binding).await
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl TokenStore for Watched {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        self.steps.reach(Step::Load).await;
        let loaded = self.tokens.load(key).await;
        self.steps.reach(Step::Loaded).await;
        loaded
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let (before, after) = match self.steps.sent.swap(false, Ordering::SeqCst) {
            true => (Step::Keep, Step::Kept),
            false => (Step::Claim, Step::Claimed),
        };
        self.steps.reach(before).await;
        let saved = self.tokens.save(key, token, expect).await;
        self.steps.reach(after).await;
        saved
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.steps.reach(Step::Delete).await;
        let deleted = self.tokens.delete(key).await;
        self.steps.reach(Step::Deleted).await;
        deleted
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.tokens.connections(provider, user).await
    }
}

/// The transport, step by step.
pub(crate) struct WatchedClient {
    pub(crate) http: ReqwestClient,
    pub(crate) steps: Arc<Steps>,
}

#[async_trait::async_trait]
impl HttpClient for WatchedClient {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        if request.uri().path() != "/token" {
            return self.http.send(request, limits).await;
        }
        self.steps.reach(Step::Send).await;
        let answer = self.http.send(request, limits).await;
        self.steps.sent.store(true, Ordering::SeqCst);
        self.steps.reach(Step::Answered).await;
        answer
    }
}
