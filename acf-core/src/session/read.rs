//! One read of a row for all who want to see it at the same time.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

use tokio::sync::Mutex;

use crate::{error::Error, store::StoredToken};

type Seen = Result<StoredToken, Error>;

/// Of those who come while a read is under way the first one reads next, for all of them: what it sees was there after each of
/// them had come, as if each had read.
#[derive(Default)]
pub(super) struct Reads {
    /// How many have begun.
    begun: AtomicU64,
    /// How many are waiting or at it.
    inside: AtomicUsize,
    /// What the last one saw, and its number.
    last: Mutex<Option<(u64, Seen)>>,
}

impl Reads {
    pub(super) async fn one(&self, read: impl Future<Output = Seen>) -> Seen {
        let before = self.begun.load(Ordering::SeqCst);
        let inside = Inside::of(&self.inside);
        let mut last = self.last.lock().await;
        let (number, seen) = match last.take() {
            Some((number, seen)) if number > before => (number, seen),
            _ => (self.begun.fetch_add(1, Ordering::SeqCst) + 1, read.await),
        };
        // A token is not kept for nobody.
        if inside.leaves_others() {
            *last = Some((number, again(&seen)));
        }
        seen
    }
}

fn again(seen: &Seen) -> Seen {
    match seen {
        Ok(stored) => Ok(stored.clone()),
        Err(error) => Err(error.again()),
    }
}

/// Counts as inside until it is dropped.
struct Inside<'a>(&'a AtomicUsize);

impl<'a> Inside<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }

    fn leaves_others(self) -> bool {
        self.0.load(Ordering::SeqCst) > 1
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, future::pending, task::Poll};

    use tokio::{join, sync::oneshot};

    use super::*;
    use crate::{store::Version, token::Token};

    fn row(version: i64) -> Seen {
        let token = Token::from_json(r#"{"v":1,"access_token":"a","token_type":"b","scope":[]}"#)?;
        Ok(StoredToken::new(token, Version(version)))
    }

    #[tokio::test]
    async fn those_who_come_during_a_read_share_the_next_one() {
        let (reads, stored, count) = (Reads::default(), Cell::new(1), Cell::new(0));
        let (answer, answered) = oneshot::channel::<()>();
        let read = async || {
            count.set(count.get() + 1);
            row(stored.get())
        };
        let slow = async {
            let seen = read().await;
            answered.await.unwrap();
            seen
        };
        let change = async {
            stored.set(2);
            // Gone before its turn comes.
            assert!(
                std::future::poll_fn(|context| {
                    Poll::Ready(std::pin::pin!(reads.one(pending())).poll(context).is_pending())
                })
                .await
            );
        };
        let begin = async { answer.send(()).unwrap() };
        let (first, (), second, third, ()) =
            join!(reads.one(slow), change, reads.one(read()), reads.one(read()), begin);
        assert_eq!([first, second, third].map(|seen| seen.unwrap().version.0), [1, 2, 2]);
        assert_eq!(count.get(), 2);
        assert!(reads.last.lock().await.is_none(), "nobody is left who needs it");
        stored.set(3);
        assert_eq!(reads.one(read()).await.unwrap().version.0, 3);
    }
}
