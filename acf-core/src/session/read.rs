//! One read of a row for all who want to see it at the same time.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    runtime::{Handle, Id},
    sync::watch,
};

use super::Session;
use crate::{error::Error, lock::lock, store::StoredToken};

type Seen = Result<StoredToken, Error>;

#[derive(Default)]
pub(super) struct Reads {
    /// How many are reading, or waiting for a read.
    inside: AtomicUsize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    /// Whoever waits for the next read listens to this.
    next: Option<watch::Sender<Option<Seen>>>,
    /// Where there is a task that reads.
    served: Option<Id>,
}

impl Session {
    /// What is stored now.
    ///
    /// Whoever comes while somebody reads shares the next read with all others who do: what it sees was there after each of
    /// them had come, as if each had read.
    ///
    /// A task of its own reads for them, so that nobody depends on another caller being polled: the body of a loop over
    /// `buffer_unordered` waits, and what it loops over is not polled meanwhile. Nor on another runtime: it may stand still.
    pub(crate) async fn stored(&self) -> Seen {
        let reads = &self.gate.reads;
        let _inside = Inside(&reads.inside);
        if reads.inside.fetch_add(1, Ordering::SeqCst) == 0 {
            return self.read().await;
        }
        if let Some(mut told) = self.join()
            && let Ok(seen) = told.wait_for(Option::is_some).await
            && let Some(seen) = seen.as_ref()
        {
            return Error::again_in(seen);
        }
        self.read().await
    }

    /// What the next read will see; `None` where it is not shared.
    fn join(&self) -> Option<watch::Receiver<Option<Seen>>> {
        let here = Handle::try_current().ok()?;
        let (told, first) = {
            let mut queue = lock(&self.gate.reads.queue);
            let first = queue.served.is_none();
            if *queue.served.get_or_insert(here.id()) != here.id() {
                return None;
            }
            (queue.next.get_or_insert_with(|| watch::channel(None).0).subscribe(), first)
        };
        // Not behind the lock: a runtime that shuts down drops it here and now.
        if first {
            let serving = Serving { session: self.clone(), ended: false };
            drop(here.spawn(serving.run()));
        }
        Some(told)
    }
}

/// Counts as inside until it is dropped.
struct Inside<'a>(&'a AtomicUsize);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The task that reads. If it ends before its time (a store that panics, a runtime that shuts down), those who wait read for
/// themselves.
struct Serving {
    session: Session,
    ended: bool,
}

impl Serving {
    /// Reads until nobody waits for it.
    async fn run(mut self) {
        while let Some(next) = self.next() {
            // Nobody may be left who hears it.
            drop(next.send(Some(self.session.read().await)));
        }
    }

    fn next(&mut self) -> Option<watch::Sender<Option<Seen>>> {
        let mut queue = lock(&self.session.gate.reads.queue);
        let next = queue.next.take();
        if next.is_none() {
            (queue.served, self.ended) = (None, true);
        }
        next
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Once it has ended, the queue is another one's.
        if !self.ended {
            *lock(&self.session.gate.reads.queue) = Queue::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{Future, poll_fn},
        pin::{Pin, pin},
        sync::Arc,
        task::Poll,
    };

    use async_trait::async_trait;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::{
        ClientAuth, Custom, Flow,
        store::{Expect, TokenKey, TokenStore, Version},
        token::Token,
    };

    /// A row that is read slowly: each read says what it saw when it is let go.
    struct Row {
        version: AtomicUsize,
        reads: AtomicUsize,
        go: Semaphore,
        panics: bool,
    }

    #[async_trait]
    impl TokenStore for Row {
        async fn load(&self, _: &TokenKey) -> Result<Option<StoredToken>, Error> {
            let (number, version) = (self.reads.fetch_add(1, Ordering::SeqCst), self.version.load(Ordering::SeqCst));
            self.go.acquire().await.unwrap().forget();
            assert!(!self.panics || number != 1, "a bug of somebody's store");
            let token = Token::from_json(r#"{"v":1,"access_token":"a","token_type":"b","scope":[]}"#)?;
            Ok(Some(StoredToken::new(token, Version(version as i64))))
        }

        async fn save(&self, _: &TokenKey, _: &Token, _: Expect) -> Result<Option<Version>, Error> {
            unreachable!("nothing is saved")
        }

        async fn delete(&self, _: &TokenKey) -> Result<bool, Error> {
            unreachable!("nothing is deleted")
        }

        async fn connections(&self, _: &str, _: &str) -> Result<Vec<String>, Error> {
            unreachable!("nothing is listed")
        }
    }

    fn session(panics: bool) -> (Arc<Row>, Session) {
        let row = Row { version: 1.into(), reads: 0.into(), go: Semaphore::new(0), panics };
        let row = Arc::new(row);
        let provider = Custom::builder("x")
            .authorization_endpoint("https://x.example/a")
            .token_endpoint("https://x.example/t")
            .client_auth(ClientAuth::None)
            .client_id("id")
            .redirect_uri("https://app.example/cb");
        let flow = Flow::builder(provider.build().unwrap()).token_store(Arc::clone(&row)).build().unwrap();
        (row, Session::new(flow, TokenKey::new("x", "u")))
    }

    /// Polls it once, and lets the tasks go on.
    async fn step(mut future: Pin<&mut impl Future>) -> bool {
        let ready = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
        tokio::task::yield_now().await;
        ready
    }

    async fn version(session: &Session) -> i64 {
        session.stored().await.unwrap().version.0
    }

    #[tokio::test]
    async fn those_who_come_during_a_read_share_the_next_one() {
        let (row, session) = session(false);
        let mut first = pin!(version(&session));
        assert!(!step(first.as_mut()).await);
        // It reads at once, and is not polled again until the end.
        let mut second = pin!(version(&session));
        assert!(!step(second.as_mut()).await);
        assert_eq!(row.reads.load(Ordering::SeqCst), 2);

        row.version.store(2, Ordering::SeqCst);
        let (mut gone, mut third, mut fourth) =
            (Box::pin(version(&session)), pin!(version(&session)), pin!(version(&session)));
        assert!(!step(gone.as_mut()).await && !step(third.as_mut()).await && !step(fourth.as_mut()).await);
        drop(gone);
        row.go.add_permits(3);
        assert_eq!((third.await, fourth.await, row.reads.load(Ordering::SeqCst)), (2, 2, 3));
        assert_eq!((first.await, second.await), (1, 1));

        row.version.store(3, Ordering::SeqCst);
        row.go.add_permits(1);
        assert_eq!((version(&session).await, row.reads.load(Ordering::SeqCst)), (3, 4));
        assert!(lock(&session.gate.reads.queue).next.is_none());
    }

    #[tokio::test]
    async fn on_another_runtime_or_none_nobody_waits_for_others() {
        let (row, session) = session(false);
        let (mut first, mut second) = (pin!(version(&session)), pin!(version(&session)));
        assert!(!step(first.as_mut()).await && !step(second.as_mut()).await);
        // This one does not run meanwhile.
        row.go.add_permits(4);
        let there = std::thread::scope(|scope| {
            let elsewhere = || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                (runtime.block_on(version(&session)), crate::executor::block_on(version(&session)))
            };
            scope.spawn(elsewhere).join().unwrap()
        });
        assert_eq!(there, (1, 1));
        assert_eq!((first.await, second.await), (1, 1));
    }

    #[tokio::test]
    async fn where_the_task_that_reads_ends_everybody_reads() {
        let (row, session) = session(true);
        let (mut first, mut second) = (pin!(version(&session)), pin!(version(&session)));
        assert!(!step(first.as_mut()).await && !step(second.as_mut()).await);
        let mut third = pin!(version(&session));
        assert!(!step(third.as_mut()).await);
        row.go.add_permits(4);
        assert_eq!((first.await, second.await, third.await), (1, 1, 1));
        assert_eq!(row.reads.load(Ordering::SeqCst), 4);
    }
}
