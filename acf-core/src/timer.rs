//! Waiting, on whatever runtime the program has, or none.

use std::{thread, time::Duration};

use tokio::sync::oneshot;

/// Waits for that long: a thread sleeps in the place of the task. Nothing here waits often, or long.
pub(crate) async fn sleep(duration: Duration) {
    let (done, waiting) = oneshot::channel::<()>();
    let sleeper = thread::Builder::new().name("acf-timer".to_owned()).spawn(move || {
        thread::sleep(duration);
        drop(done);
    });
    if sleeper.is_ok() {
        // The sender is dropped, which is the signal.
        drop(waiting.await);
    }
}
