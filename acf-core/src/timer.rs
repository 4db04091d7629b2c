//! Waiting, on any executor or none: the standard library has no timer for futures, and a runtime's own would tie every
//! program to that runtime.
//!
//! One thread serves all sleeps of the process, and ends when nobody sleeps. A thread for each would be shorter by a few
//! lines, and a program that waits for a thousand people would have a thousand threads.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{Condvar, Mutex, MutexGuard},
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use crate::lock::lock;

/// When somebody is woken, and a number that tells them from others of the same instant.
type Key = (Instant, u64);

struct Sleepers {
    wakers: BTreeMap<Key, Waker>,
    /// How many there were so far.
    count: u64,
    /// Whether the thread is there.
    served: bool,
}

static SLEEPERS: Mutex<Sleepers> = Mutex::new(Sleepers { wakers: BTreeMap::new(), count: 0, served: false });
static CHANGED: Condvar = Condvar::new();

fn sleepers() -> MutexGuard<'static, Sleepers> {
    lock(&SLEEPERS)
}

/// Some time between these two, so that those who wait do not come back together.
pub(crate) fn between(shortest: Duration, longest: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    shortest + longest.saturating_sub(shortest).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// Between half of it and all of it.
pub(crate) fn jittered(pause: Duration) -> Duration {
    between(pause / 2, pause)
}

/// Waits that long, or longer. Dropped, it leaves nothing behind.
pub(crate) fn sleep(duration: Duration) -> Sleep {
    let now = Instant::now();
    // What no clock can add to is as good as the end of a year.
    let until = now.checked_add(duration).or_else(|| now.checked_add(Duration::from_secs(365 * 24 * 60 * 60)));
    let mut sleepers = sleepers();
    sleepers.count += 1;
    Sleep { key: (until.unwrap_or(now), sleepers.count) }
}

/// Waits, and so many times as long the next time, up to a limit.
pub(crate) async fn rest(pause: &mut Duration, (growth, longest): (f32, Duration)) {
    sleep(jittered(*pause)).await;
    *pause = pause.mul_f32(growth).min(longest);
}

/// What comes of it, unless it takes longer than that.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut over) = (pin!(work), sleep(limit));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Pin::new(&mut over).poll(context).map(|()| None),
    })
    .await
}

pub(crate) struct Sleep {
    key: Key,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.key.0 {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        // Declared first, so that it is dropped behind the lock: a waker may be the last of a task that sleeps, too.
        let _old;
        let mut sleepers = sleepers();
        _old = sleepers.wakers.insert(self.key, waker);
        if !sleepers.served {
            let thread = thread::Builder::new().name("acf-timer".to_owned()).spawn(serve);
            sleepers.served = thread.is_ok();
        }
        if !sleepers.served {
            // The system has no thread to give. This one waits a little, and is asked again.
            drop(sleepers);
            thread::sleep(Duration::from_millis(10));
            context.waker().wake_by_ref();
        } else if sleepers.wakers.first_key_value().is_some_and(|(first, _)| *first == self.key) {
            CHANGED.notify_one();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        // Dropped behind the lock, as above.
        let waker = sleepers().wakers.remove(&self.key);
        drop(waker);
    }
}

fn serve() {
    let mut sleepers = sleepers();
    loop {
        let now = Instant::now();
        match sleepers.wakers.first_key_value().map(|((until, _), _)| until.saturating_duration_since(now)) {
            None => {
                sleepers.served = false;
                return;
            }
            Some(Duration::ZERO) => {
                let due = sleepers.wakers.pop_first();
                drop(sleepers);
                // Somebody's waker that panics must not put all others to sleep for good.
                drop(catch_unwind(AssertUnwindSafe(|| due.map(|(_, waker)| waker.wake()))));
                sleepers = self::sleepers();
            }
            Some(left) => {
                let waited = CHANGED.wait_timeout(sleepers, left);
                sleepers = waited.map_or_else(|poisoned| poisoned.into_inner().0, |(guard, _)| guard);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc},
        task::Wake,
    };

    use super::*;

    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    struct Panics;

    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a waker of somebody else");
        }
    }

    /// The smallest executor.
    fn block_on(mut future: impl Future<Output = ()> + Unpin) {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        while Pin::new(&mut future).poll(&mut Context::from_waker(&waker)).is_pending() {
            thread::park();
        }
    }

    #[test]
    fn nobody_wakes_early_and_everybody_wakes() {
        let mut panics = sleep(Duration::from_millis(2));
        let waker = Waker::from(Arc::new(Panics));
        assert!(Pin::new(&mut panics).poll(&mut Context::from_waker(&waker)).is_pending());
        let mut dropped = sleep(Duration::MAX);
        assert!(Pin::new(&mut dropped).poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let (send, receive) = mpsc::channel();
        for wait in [30, 0, 10, 10, 20] {
            let send = send.clone();
            thread::spawn(move || {
                let until = Instant::now() + Duration::from_millis(wait);
                block_on(sleep(Duration::from_millis(wait)));
                send.send(Instant::now() >= until).unwrap();
            });
        }
        drop(send);
        assert_eq!(receive.iter().collect::<Vec<_>>(), [true; 5]);
        let key = dropped.key;
        assert!(sleepers().wakers.contains_key(&key));
        drop(dropped);
        assert!(!sleepers().wakers.contains_key(&key));
    }
}
