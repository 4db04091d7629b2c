//! Logins that nobody finishes: removed beside everything else, and never in its way.

use std::sync::{Arc, atomic::Ordering};

use super::{
    Shared,
    calls::{Value, rows, signed},
    lock,
};
use crate::store::tally::{BATCH, Due};

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

impl Shared {
    /// Begins what is due, if it is not under way.
    pub(super) fn tidy(self: &Arc<Self>, first: bool) {
        let due = lock(&self.tally).due();
        let due = Due { count: due.count || first, ..due };
        if (due.purge || due.count) && !self.tidying.swap(true, Ordering::AcqRel) {
            let shared = Arc::clone(self);
            drop(self.runtime.spawn(async move {
                shared.remove(due).await;
                shared.tidying.store(false, Ordering::Release);
            }));
        }
    }

    /// What fails now is done the next time.
    async fn remove(&self, mut due: Due) {
        let batch = || Value::Number(i64::from(BATCH));
        while due.purge {
            let Ok(gone) = rows(&self.pool, PURGE, &[batch()]).await else { return };
            lock(&self.tally).gone(gone.len() as u64);
            due.purge = gone.len() >= BATCH as usize;
        }
        while due.count {
            let (capacity, before) = {
                let tally = lock(&self.tally);
                (tally.capacity, tally.logins())
            };
            let Ok(counted) = rows(&self.pool, TRIM, &[Value::Number(signed(capacity)), batch()]).await else { return };
            let Some(left) = counted.first().and_then(|row| row.try_get::<_, i64>("left").ok()) else { return };
            let mut tally = lock(&self.tally);
            // Meanwhile others were put.
            let since = tally.logins().saturating_sub(before);
            tally.counted(left.unsigned_abs() + since);
            due.count = tally.excess().is_some();
        }
    }
}
