//! The runtime that a connection is driven by.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;

use crate::error::Error;

/// Where a store was connected. It can be called from other runtimes, and from none.
pub(super) struct Home {
    handle: Handle,
    /// Whether something was done there: a runtime may have no I/O, or no time, which shows in a panic.
    able: AtomicBool,
}

impl Home {
    /// The runtime that this is called in, if it is in one.
    pub(super) fn here() -> Option<Self> {
        Handle::try_current().ok().map(|handle| Self { handle, able: AtomicBool::new(false) })
    }

    #[cfg(feature = "postgres")]
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Does something there. To hand it over and back takes longer than to ask a server on the same machine, so that is done
    /// for strangers alone.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let at_home = || Handle::try_current().is_ok_and(|current| current.id() == self.handle.id());
        if self.able.load(Ordering::Relaxed) && at_home() {
            return work.await;
        }
        let done = self.handle.spawn(work).await.map_err(|error| match error.is_panic() {
            true => Error::store("the runtime that the store was connected in has no I/O or no time"),
            false => Error::store("the runtime that the store was connected in has ended"),
        })?;
        self.able.store(true, Ordering::Relaxed);
        done
    }
}
