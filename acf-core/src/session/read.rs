//! One read of a row for all who want to see it at the same time.

use std::{
    future::Future,
    mem,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use tokio::{
    runtime::{self, Handle},
    sync::Notify,
};

use crate::{error::Error, lock::lock, store::StoredToken};

pub(super) type Seen = Result<StoredToken, Error>;
pub(super) type Reading = Pin<Box<dyn Future<Output = Seen> + Send>>;

/// Whoever comes while somebody reads shares the next read with all others who do: what it sees was there after each of them
/// had come, as if each had read.
///
/// Nobody depends on another caller being polled. A task may hold calls that it does not poll while it waits for one more, as
/// the body of a loop over `buffer_unordered` does: so whoever waits for a read drives it, and none is kept for nobody.
#[derive(Default)]
pub(super) struct Reads {
    /// How many are reading, or waiting for a read.
    inside: AtomicUsize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    begun: Weak<Shared>,
    next: Weak<Shared>,
    /// The runtime that they belong to.
    home: Option<runtime::Id>,
}

impl Reads {
    /// Reads; or, where somebody does already, sees what comes of a read that `share` makes for all.
    pub(super) async fn one(&self, read: impl Future<Output = Seen>, share: impl FnOnce() -> Reading) -> Seen {
        let _inside = Inside(&self.inside);
        if self.inside.fetch_add(1, Ordering::SeqCst) == 0 {
            return read.await;
        }
        let Some((before, ours)) = self.join(share) else { return read.await };
        while let Some(bell) = before.upgrade().map(|before| Arc::clone(&before.bell)) {
            let rung = bell.waiting.notified();
            // Not held while it is waited for: it ends with those who came for it.
            if before.upgrade().is_none_or(|before| before.step().is_ready()) {
                break;
            }
            rung.await;
        }
        self.begin(&ours);
        loop {
            let rung = ours.bell.waiting.notified();
            match ours.step() {
                Poll::Ready(Some(seen)) => return seen,
                Poll::Ready(None) => return read.await,
                Poll::Pending => rung.await,
            }
        }
    }

    /// The read that begins next, and the one that has to end before. `None` if they belong to another runtime: a store may use
    /// the timers of the one that it began in.
    fn join(&self, share: impl FnOnce() -> Reading) -> Option<(Weak<Shared>, Arc<Shared>)> {
        let here = Handle::try_current().ok().map(|runtime| runtime.id());
        let mut queue = lock(&self.queue);
        if queue.begun.strong_count() + queue.next.strong_count() == 0 {
            queue.home = here;
        }
        if queue.home != here {
            return None;
        }
        let ours = queue.next.upgrade().unwrap_or_else(|| Arc::new(Shared::new(share())));
        queue.next = Arc::downgrade(&ours);
        Some((queue.begun.clone(), ours))
    }

    /// Whoever comes from now on comes too late for this one.
    fn begin(&self, ours: &Arc<Shared>) {
        let mut queue = lock(&self.queue);
        if queue.next.as_ptr() == Arc::as_ptr(ours) {
            queue.begun = mem::take(&mut queue.next);
        }
    }
}

/// Counts as inside until it is dropped.
struct Inside<'a>(&'a AtomicUsize);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A read that is driven by all who wait for it.
struct Shared {
    stage: Mutex<Stage>,
    bell: Arc<Bell>,
}

enum Stage {
    Reading(Reading),
    Seen(Seen),
    /// The store has panicked.
    Broken,
}

impl Shared {
    fn new(reading: Reading) -> Self {
        let bell = Bell { rang: AtomicBool::new(true), waiting: Notify::new() };
        Self { stage: Mutex::new(Stage::Reading(reading)), bell: Arc::new(bell) }
    }

    /// Goes on if there is something to do, and says what was seen; `None` if nothing ever will be.
    fn step(&self) -> Poll<Option<Seen>> {
        let mut stage = lock(&self.stage);
        match &*stage {
            Stage::Seen(seen) => return Poll::Ready(Some(again(seen))),
            Stage::Broken => return Poll::Ready(None),
            Stage::Reading(_) if !self.bell.rang.swap(false, Ordering::SeqCst) => return Poll::Pending,
            Stage::Reading(_) => {}
        }
        let Stage::Reading(mut reading) = mem::replace(&mut *stage, Stage::Broken) else { return Poll::Ready(None) };
        let waker = Waker::from(Arc::clone(&self.bell));
        let polled = catch_unwind(AssertUnwindSafe(|| reading.as_mut().poll(&mut Context::from_waker(&waker))));
        match polled {
            Ok(Poll::Pending) => {
                *stage = Stage::Reading(reading);
                return Poll::Pending;
            }
            Ok(Poll::Ready(seen)) => *stage = Stage::Seen(seen),
            Err(panic) => {
                drop(stage);
                self.bell.ring();
                resume_unwind(panic);
            }
        }
        drop(stage);
        self.bell.ring();
        self.step()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.bell.ring();
    }
}

/// Wakes all who wait: one of them may be gone, or not listen.
struct Bell {
    rang: AtomicBool,
    waiting: Notify,
}

impl Bell {
    fn ring(&self) {
        self.rang.store(true, Ordering::SeqCst);
        self.waiting.notify_waiters();
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.ring();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
    }
}

fn again(seen: &Seen) -> Seen {
    match seen {
        Ok(stored) => Ok(stored.clone()),
        Err(error) => Err(error.again()),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, poll_fn},
        pin::pin,
        sync::{Arc, Mutex},
    };

    use tokio::{join, sync::oneshot};

    use super::*;
    use crate::{store::Version, token::Token};

    /// A row, and how often it was read.
    #[derive(Clone, Default)]
    struct Row(Arc<Mutex<(i64, u32)>>);

    impl Row {
        fn set(&self, version: i64) {
            lock(&self.0).0 = version;
        }

        fn times(&self) -> u32 {
            lock(&self.0).1
        }

        async fn read(self) -> Seen {
            let mut row = lock(&self.0);
            row.1 += 1;
            let token = Token::from_json(r#"{"v":1,"access_token":"a","token_type":"b","scope":[]}"#)?;
            Ok(StoredToken::new(token, Version(row.0)))
        }

        /// Sees the row, and says so when it is told to.
        async fn slowly(self, answered: oneshot::Receiver<()>) -> Seen {
            let seen = self.read().await;
            drop(answered.await);
            seen
        }

        async fn see(&self, reads: &Reads) -> i64 {
            let share = || -> Reading { Box::pin(self.clone().read()) };
            reads.one(self.clone().read(), share).await.unwrap().version.0
        }
    }

    async fn once(future: Pin<&mut impl Future>) -> bool {
        let mut future = future;
        poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
    }

    #[tokio::test]
    async fn those_who_come_during_a_read_share_the_next_one() {
        let (reads, row) = (Reads::default(), Row::default());
        let (answer, answered) = oneshot::channel::<()>();
        let mut first = pin!(reads.one(row.clone().slowly(answered), || unreachable!("nobody reads")));
        assert!(!once(first.as_mut()).await);

        let (answer_second, answered) = oneshot::channel::<()>();
        let share = || -> Reading { Box::pin(row.clone().slowly(answered)) };
        let mut second = Box::pin(reads.one(pending(), share));
        assert!(!once(second.as_mut()).await, "it does not wait for the first");
        assert_eq!(row.times(), 2);

        row.set(1);
        let mut gone = Box::pin(reads.one(pending(), || Box::pin(pending())));
        assert!(!once(gone.as_mut()).await);
        drop(gone);
        let change = async {
            row.set(2);
            answer_second.send(()).unwrap();
        };
        // Nobody polls the second one: those who need its end see to it.
        let (third, fourth, ()) = join!(row.see(&reads), row.see(&reads), change);
        assert_eq!((third, fourth, row.times()), (2, 2, 3));
        answer.send(()).unwrap();
        assert_eq!(join!(first, second).1.unwrap().version.0, 0);

        let queue = lock(&reads.queue);
        assert!(queue.begun.upgrade().is_none() && queue.next.upgrade().is_none(), "nobody is left who needs it");
    }

    #[tokio::test]
    async fn whoever_waits_for_a_read_that_is_given_up_or_panics_reads() {
        let (reads, row) = (Reads::default(), Row::default());
        let mut first = pin!(reads.one(pending(), || unreachable!("nobody reads")));
        assert!(!once(first.as_mut()).await);

        let mut given_up = Box::pin(reads.one(pending(), || Box::pin(pending())));
        assert!(!once(given_up.as_mut()).await);
        let mut waits = pin!(row.see(&reads));
        assert!(!once(waits.as_mut()).await);
        drop(given_up);
        assert_eq!((waits.await, row.times()), (0, 1));

        let (begin, begun) = oneshot::channel::<()>();
        let share = || -> Reading {
            Box::pin(async {
                drop(begun.await);
                panic!("a bug of somebody's store")
            })
        };
        let mut before = Box::pin(reads.one(pending(), || Box::pin(pending())));
        assert!(!once(before.as_mut()).await);
        let mut panics = Box::pin(reads.one(pending(), share));
        let mut waits = pin!(reads.one(row.clone().read(), || unreachable!("it is shared")));
        assert!(!once(panics.as_mut()).await && !once(waits.as_mut()).await);
        drop(before);
        assert!(!once(panics.as_mut()).await && !once(waits.as_mut()).await);
        drop(begin);
        let poll = || panics.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        catch_unwind(AssertUnwindSafe(poll)).unwrap_err();
        assert_eq!((waits.await.unwrap().version.0, row.times()), (0, 2));
    }

    #[test]
    fn nobody_drives_a_read_that_began_in_another_runtime() {
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        let (reads, row) = (Reads::default(), Row::default());
        let mut first = pin!(reads.one(pending(), || unreachable!("nobody reads")));
        let share = || -> Reading {
            Box::pin(poll_fn(|_| {
                assert!(Handle::try_current().is_ok(), "it needs its runtime");
                Poll::Pending
            }))
        };
        let mut second = pin!(reads.one(pending(), share));
        runtime.block_on(async { assert!(!once(first.as_mut()).await && !once(second.as_mut()).await) });
        assert_eq!((crate::executor::block_on(row.see(&reads)), row.times()), (0, 1));
    }
}
