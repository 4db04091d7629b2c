//! Keeps a provider that is in trouble from being asked by everybody at once.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::{error::Error, lock::lock, store::TokenKey, timer::jittered};

/// So many refreshes in a row have to fail, each for another grant than the one before, until it steps in.
const TROUBLES: u32 = 5;
/// No more than so many are let through at once while a crowd is waiting.
const PLENTY: u32 = 64;
/// Whoever was turned away comes again sooner than that: after such a time without anybody, the crowd is gone.
const QUIET: Duration = Duration::from_secs(1);
/// The pause after the first of them; each further one doubles it.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// Counts the refreshes of all grants at one provider. Once it is in trouble, nobody asks for a while, then one; and each
/// one that succeeds lets one more through: whoever waited does not bring it down again.
#[derive(Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Default)]
struct State {
    /// How many failed, one after the other.
    troubles: u32,
    /// How many may be under way; any number, where there was no trouble.
    allowed: Option<u32>,
    under_way: u32,
    not_before: Option<Instant>,
    /// When somebody was turned away last, because enough were asking.
    crowded: Option<Instant>,
    /// What the provider, or the way to it, failed with, and for whom. One grant that always fails says nothing of the
    /// provider.
    last: Option<(Error, TokenKey)>,
}

/// Why somebody has to wait.
pub(super) enum Closed {
    /// The provider is in trouble: what it failed with, as far as is known.
    Trouble(Option<Error>),
    /// It has just recovered, and enough are asking.
    Busy,
}

impl Breaker {
    /// Lets one through.
    pub(super) fn enter(&self, now: Instant) -> Result<Pass<'_>, Closed> {
        let mut state = lock(&self.0);
        if state.not_before.is_some_and(|not_before| now < not_before) {
            return Err(Closed::Trouble(state.last.as_ref().map(|(error, _)| error.again())));
        }
        if state.allowed.is_some_and(|allowed| state.under_way >= allowed) {
            state.crowded = Some(now);
            return Err(Closed::Busy);
        }
        state.under_way += 1;
        Ok(Pass(self))
    }

    /// Whether it stepped in just now.
    fn troubled(&self, error: &Error, grant: &TokenKey, now: Instant) -> bool {
        let mut state = lock(&self.0);
        if state.last.as_ref().is_some_and(|(_, last)| last == grant) {
            return false;
        }
        state.last = Some((error.again(), grant.clone()));
        if state.allowed.is_some() {
            // It has not recovered: one failure says so.
            state.troubles = state.troubles.max(TROUBLES - 1);
        }
        state.troubles = state.troubles.saturating_add(1);
        let Some(more) = state.troubles.checked_sub(TROUBLES) else { return false };
        let first = state.allowed.is_none();
        let pause = (PAUSE * 2_u32.saturating_pow(more.min(6))).min(LONGEST);
        state.allowed = Some(1);
        state.not_before = now.checked_add(error.retry_after().unwrap_or_else(|| jittered(pause)).min(LONGEST));
        first
    }

    /// Whether it steps out just now.
    fn answered(&self, now: Instant) -> bool {
        let mut state = lock(&self.0);
        state.troubles = 0;
        state.last = None;
        let Some(allowed) = state.allowed else { return false };
        if allowed < PLENTY {
            state.allowed = Some(allowed + 1);
            return false;
        }
        let quiet = state.crowded.is_none_or(|crowded| now.saturating_duration_since(crowded) >= QUIET);
        if quiet {
            *state = State { under_way: state.under_way, ..State::default() };
        }
        quiet
    }
}

/// One that was let through, until it is dropped.
pub(super) struct Pass<'a>(&'a Breaker);

impl Pass<'_> {
    /// The provider did not answer, or could not. Whether nobody is let through from now on.
    pub(super) fn troubled(&self, error: &Error, grant: &TokenKey) -> bool {
        self.0.troubled(error, grant, Instant::now())
    }

    /// It has answered, whatever it said. Whether everybody is let through again.
    pub(super) fn answered(&self) -> bool {
        self.0.answered(Instant::now())
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.0);
        state.under_way = state.under_way.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn error() -> Error {
        Error::new(ErrorKind::Timeout, "no answer")
    }

    fn key(grant: u32) -> TokenKey {
        TokenKey::new("forge", grant.to_string())
    }

    /// Those who are let through at that time.
    fn let_in(breaker: &Breaker, now: Instant, most: usize) -> Vec<Pass<'_>> {
        std::iter::from_fn(|| breaker.enter(now).ok()).take(most).collect()
    }

    #[test]
    fn a_few_failures_close_nothing_and_one_answer_forgives_them() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..10 {
            for grant in 1..TROUBLES {
                assert!(!breaker.troubled(&error(), &key(grant), now));
            }
            assert!(!breaker.answered(now));
        }
        assert_eq!(let_in(&breaker, now, 1_000).len(), 1_000);
    }

    #[test]
    fn one_grant_that_always_fails_closes_nothing() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..100 {
            assert!(!breaker.troubled(&error(), &key(0), now));
        }
        assert_eq!(let_in(&breaker, now, 1_000).len(), 1_000);
    }

    #[test]
    fn it_opens_by_and_by() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        let closed: Vec<_> = (0..TROUBLES).map(|grant| breaker.troubled(&error(), &key(grant), now)).collect();
        assert_eq!(closed, [false, false, false, false, true]);
        let Err(Closed::Trouble(Some(told))) = breaker.enter(now) else { panic!("it is closed") };
        assert_eq!(told.kind(), ErrorKind::Timeout);

        let later = now + PAUSE;
        let round = |at: Instant, most: usize| {
            let passes = let_in(&breaker, at, most);
            let recovered = passes.iter().filter(|_| breaker.answered(at)).count();
            (passes.len(), recovered)
        };
        let crowd: Vec<_> = (0..9).map(|_| round(later, 1_000).0).collect();
        assert_eq!(crowd, [1, 2, 4, 8, 16, 32, 64, 64, 64], "no more, as long as a crowd is waiting");
        assert_eq!(round(later + QUIET, 10), (10, 1));
        assert_eq!(round(later + QUIET, 1_000), (1_000, 0));
    }

    #[test]
    fn each_probe_that_fails_doubles_the_pause_up_to_a_minute() {
        let (breaker, mut now) = (Breaker::default(), Instant::now());
        for grant in 0..TROUBLES {
            breaker.troubled(&error(), &key(grant), now);
        }
        let mut pauses = Vec::new();
        for grant in 100..110 {
            let until = lock(&breaker.0).not_before.unwrap();
            pauses.push(until - now);
            now = until;
            let passes = let_in(&breaker, now, 10);
            assert_eq!(passes.len(), 1);
            assert!(!breaker.troubled(&error(), &key(grant), now), "it is closed already");
        }
        for (times, pause) in pauses.into_iter().enumerate() {
            let whole = (PAUSE * 2_u32.pow(u32::try_from(times).unwrap())).min(LONGEST);
            assert!(pause >= whole / 2 && pause <= whole, "{times}: {pause:?} of {whole:?}");
        }
        breaker.troubled(&error().with_retry_after(Some(Duration::from_secs(7))), &key(0), now);
        assert_eq!(lock(&breaker.0).not_before.unwrap() - now, Duration::from_secs(7), "it has said when");
    }
}
