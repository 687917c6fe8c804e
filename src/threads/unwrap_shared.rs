//! Recovers a value shared by threads once all others have released it.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// The value, or `None` if a thread still holds it after this time. `wake` is called on it repeatedly while
/// waiting.
pub fn last_owner<T>(mut shared: Arc<T>, most: Duration, wake: impl Fn(&T)) -> Option<T> {
    let until = Instant::now() + most;
    loop {
        match Arc::try_unwrap(shared) {
            Ok(value) => return Some(value),
            Err(_) if Instant::now() > until => return None,
            Err(held) => shared = held,
        }
        wake(&shared);
        thread::sleep(Duration::from_millis(1));
    }
}
