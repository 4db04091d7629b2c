//! Locks that a panic does not close.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits for the lock. For what is whole after each statement: whoever panicked while holding it left no damage.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
