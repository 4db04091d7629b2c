//! Logins that nobody finishes: removed beside everything else, and never in its way.

use std::sync::Arc;

use super::{
    Shared,
    calls::{Value, rows, signed},
};
use crate::{
    lock::lock,
    store::tally::{BATCH, Due, Tally},
};

/// One batch of those that have ended. What somebody else is removing is left to them.
const PURGE: &str = "
    DELETE FROM acf_pending_login WHERE key IN (
        SELECT key FROM acf_pending_login WHERE expires_at <= now()
        ORDER BY expires_at LIMIT $1::bigint FOR UPDATE SKIP LOCKED)
    RETURNING true";

/// One batch of those that are too many, a few more than need to; and how many are left. Counted and removed by one look at
/// the table: of several processes that do it at once, all mean the same logins.
const TRIM: &str = "
    WITH counted AS (SELECT count(*) AS logins FROM acf_pending_login),
    gone AS (
        DELETE FROM acf_pending_login WHERE key IN (
            SELECT key FROM acf_pending_login ORDER BY expires_at LIMIT (
                SELECT least($2::bigint, CASE WHEN logins > $1::bigint THEN logins - $1 + $1 / 256 ELSE 0 END)
                FROM counted))
        RETURNING true)
    SELECT counted.logins - (SELECT count(*) FROM gone) AS left FROM counted";

/// How many logins there are, and whether somebody is tidying them up.
pub(super) struct Books {
    pub(super) tally: Tally,
    busy: bool,
    /// Whether it is known how many were there before. Nobody looks sooner than at the first call: until then the capacity is
    /// perhaps not the one that is meant.
    counted: bool,
}

impl Books {
    pub(super) fn new(capacity: usize) -> Self {
        Self { tally: Tally::new(capacity), busy: false, counted: false }
    }

    /// What is due, for whoever is to do it alone.
    fn begin(&mut self) -> Option<Due> {
        if self.busy {
            return None;
        }
        let mut due = self.tally.due();
        due.count |= !std::mem::replace(&mut self.counted, true);
        self.busy = due.purge || due.count;
        self.busy.then_some(due)
    }
}

impl Shared {
    /// Begins what is due, if it is not under way.
    pub(super) fn tidy(self: &Arc<Self>) {
        if let Some(due) = lock(&self.books).begin() {
            self.work(due);
        }
    }

    fn work(self: &Arc<Self>, due: Due) {
        let shared = Arc::clone(self);
        drop(self.runtime.handle().spawn(async move {
            let mut next = Some(due);
            while let Some(due) = next {
                let done = shared.remove(due).await;
                let mut books = lock(&shared.books);
                books.busy = false;
                // Meanwhile there may be more to do. What has failed is left to the next time.
                next = done.and_then(|()| books.begin());
            }
        }));
    }

    /// `None` if the database did not do it.
    async fn remove(&self, mut due: Due) -> Option<()> {
        let batch = || Value::Number(i64::from(BATCH));
        while due.purge {
            let gone = rows(self, PURGE, &[batch()]).await.ok()?.len();
            lock(&self.books).tally.gone(gone as u64);
            due.purge = gone >= BATCH as usize;
        }
        while due.count {
            let (capacity, before) = {
                let tally = &lock(&self.books).tally;
                (tally.capacity, tally.logins())
            };
            let counted = rows(self, TRIM, &[Value::Number(signed(capacity)), batch()]).await.ok()?;
            let left: i64 = counted.first()?.try_get("left").ok()?;
            let tally = &mut lock(&self.books).tally;
            // Meanwhile others were put.
            let since = tally.logins().saturating_sub(before);
            tally.counted(left.unsigned_abs() + since);
            due.count = tally.excess().is_some();
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_already_is_counted_once() {
        let mut books = Books::new(1);
        assert_eq!(books.begin(), Some(Due { purge: false, count: true }));
        assert_eq!(books.begin(), None, "somebody does it");
        books.busy = false;
        assert_eq!(books.begin(), None);
    }
}
