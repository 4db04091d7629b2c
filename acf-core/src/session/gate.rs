//! What one process knows of its refreshes: who is at it, what came of it, and what is not saved yet.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::{breaker::Breaker, read::Reads};
use crate::{
    error::{Error, Next},
    lock::lock,
    store::{TokenKey, Version},
    timer::jittered,
    token::Token,
};

type Observer = dyn Fn(&TokenKey, &Token) + Send + Sync;

/// How a flow refreshes.
#[derive(Default)]
pub(crate) struct Refreshing {
    gates: Mutex<Gates>,
    pub(super) breaker: Breaker,
    /// How many refreshes have begun and not come to their end.
    under_way: Arc<AtomicUsize>,
    pub(crate) by_hand: bool,
    pub(crate) observer: Option<Box<Observer>>,
}

#[derive(Default)]
struct Gates {
    by_key: HashMap<TokenKey, Arc<Gate>>,
    /// How many were left when it was last tidied.
    tidied: usize,
}

impl Refreshing {
    pub(super) fn gate(&self, key: &TokenKey) -> Arc<Gate> {
        let mut gates = lock(&self.gates);
        if let Some(gate) = gates.by_key.get(key) {
            return Arc::clone(gate);
        }
        if gates.by_key.len() > 2 * gates.tidied + 64 {
            gates.by_key.retain(|_, gate| Arc::strong_count(gate) > 1 || lock(&gate.kept).is_of_use());
            gates.tidied = gates.by_key.len();
        }
        Arc::clone(gates.by_key.entry(key.clone()).or_default())
    }

    /// Something else has taken the place of what was received for this key.
    pub(crate) fn replaced(&self, key: &TokenKey) {
        let gate = lock(&self.gates).by_key.get(key).cloned();
        if let Some(gate) = gate {
            gate.replaced();
        }
    }

    /// Counts as under way until it is dropped.
    pub(super) fn begun(&self) -> Begun {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        Begun(Arc::clone(&self.under_way))
    }

    pub(super) fn is_idle(&self) -> bool {
        self.under_way.load(Ordering::SeqCst) == 0
    }
}

impl fmt::Debug for Refreshing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refreshing").field("by_hand", &self.by_hand).finish_non_exhaustive()
    }
}

/// A refresh that has begun.
pub(super) struct Begun(Arc<AtomicUsize>);

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What a turn comes to.
pub(super) type Outcome = Result<Brought, Error>;

#[derive(Clone)]
pub(super) struct Brought {
    pub(super) token: Token,
    /// Whether the provider has just issued it: whatever it is like, there is no better one.
    pub(super) new: bool,
}

/// Lets one caller of this process through at a time.
#[derive(Default)]
pub(super) struct Gate {
    pub(super) reads: Reads,
    round: Mutex<Option<watch::Receiver<Option<Outcome>>>>,
    pub(super) kept: Mutex<Kept>,
}

impl Gate {
    /// Something else has taken the place of what was received.
    pub(super) fn replaced(&self) {
        lock(&self.kept).unsaved = None;
    }

    /// The turn; or, where somebody has it, what will come of that.
    ///
    /// No lock that is handed from one to the next: whoever gets it may be a future that is not polled while its task waits
    /// for another one.
    pub(super) fn enter(self: &Arc<Self>) -> Result<Turn, watch::Receiver<Option<Outcome>>> {
        let mut round = lock(&self.round);
        if let Some(theirs) = round.as_ref().filter(|theirs| theirs.has_changed().is_ok()) {
            return Err(theirs.clone());
        }
        let (tell, told) = watch::channel(None);
        *round = Some(told);
        Ok(Turn { gate: Arc::clone(self), tell })
    }
}

/// Ends when it is dropped, and those who wait try to get the next one.
pub(super) struct Turn {
    gate: Arc<Gate>,
    tell: watch::Sender<Option<Outcome>>,
}

impl Turn {
    /// Ends it, and tells those who wait what came of it.
    pub(super) fn end(self, outcome: &Outcome) {
        lock(&self.gate.kept).note(outcome);
        // Who comes from now on has the next turn, and what came of this one is not kept for nobody.
        *lock(&self.gate.round) = None;
        drop(self.tell.send(Some(Error::again_in(outcome))));
    }
}

/// A token that was received and is not known to be saved.
#[derive(Clone)]
pub(super) struct Unsaved {
    /// What it came of.
    pub(super) old: Token,
    pub(super) new: Token,
    /// The row that says so.
    pub(super) mine: Version,
}

/// What outlives those who wait.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) unsaved: Option<Unsaved>,
    failures: u32,
    /// Until when whoever has no other reason waits, and what went wrong.
    pause: Option<(Instant, Error)>,
}

impl Kept {
    fn is_of_use(&self) -> bool {
        self.unsaved.is_some() || self.failed().is_some()
    }

    /// What went wrong a moment ago.
    pub(super) fn failed(&self) -> Option<&Error> {
        self.pause.as_ref().filter(|(until, _)| Instant::now() < *until).map(|(_, error)| error)
    }

    fn note(&mut self, outcome: &Outcome) {
        (self.failures, self.pause) = match outcome {
            Err(error) if error.next() == Next::Retry => {
                let failures = self.failures.saturating_add(1);
                let pause = Duration::from_millis(500) * 2_u32.saturating_pow(failures.min(7));
                let until = Instant::now().checked_add(error.retry_after().unwrap_or_else(|| jittered(pause)));
                (failures, until.map(|until| (until, error.again())))
            }
            _ => (0, None),
        };
    }
}
