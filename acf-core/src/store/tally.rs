//! When a store tidies its pending logins up.

use std::time::{Duration, Instant};

/// Expired logins are removed that often, or after so many new ones; and twice as many at a time, so that they never pile
/// up, however many begin a login and do not come back.
const PURGE_EVERY: Duration = Duration::from_secs(60);
const PURGE_AFTER: u32 = 1_000;

/// How many logins are removed at a time.
pub(super) const BATCH: u32 = 2 * PURGE_AFTER;

/// How many logins there are, as far as this process knows: others of the same store put and take, too.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) capacity: u64,
    logins: u64,
    /// How many of them are new since the last purge.
    new: u32,
    purged: Instant,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// Expired logins are to be removed.
    pub(super) purge: bool,
    /// The logins are to be counted. That looks at every row, so it is done rarely: once a minute, and before somebody's login
    /// has to give way.
    pub(super) count: bool,
}

impl Tally {
    /// For at most `capacity` logins, at least one.
    pub(super) fn new(capacity: usize) -> Self {
        let capacity = u64::try_from(capacity).unwrap_or(u64::MAX).max(1);
        Self { capacity, logins: 0, new: 0, purged: Instant::now() }
    }

    pub(super) fn put(&mut self) {
        (self.logins, self.new) = (self.logins + 1, self.new.saturating_add(1));
    }

    pub(super) fn gone(&mut self, logins: u64) {
        self.logins = self.logins.saturating_sub(logins);
    }

    pub(super) fn counted(&mut self, logins: u64) {
        self.logins = logins;
    }

    #[cfg(feature = "postgres")]
    pub(super) const fn logins(&self) -> u64 {
        self.logins
    }

    /// What is due now; a purge that is said to be due is not due again at once.
    pub(super) fn due(&mut self) -> Due {
        let minute = self.purged.elapsed() >= PURGE_EVERY;
        let purge = minute || self.new >= PURGE_AFTER;
        if purge {
            (self.purged, self.new) = (Instant::now(), 0);
        }
        Due { purge, count: minute || self.excess().is_some() }
    }

    /// How many have to give way: a few more than need to, so that the next time is not the next login.
    pub(super) fn excess(&self) -> Option<u64> {
        (self.logins > self.capacity).then(|| self.logins - self.capacity + self.capacity / 256)
    }
}
