//! Parallel work whose results have a defined order.
//!
//! This layer guarantees, for any number of threads:
//!
//! * Results come in the order of the schedule, not in the order of completion.
//! * No more jobs are started than the schedule has room for, so memory does not grow with the work.
//! * A panic is an error like any other: it ends the work, and no thread waits for the one that panicked.
//! * If several items fail in [`ordered::each`], the error of the first item is reported, with any number of
//!   threads.
//! * The taker of the results can leave early: then no further job is started.

pub mod ordered;
mod unwrap_shared;
// Conversion of panics to errors.
pub mod panics;
mod pool;
mod stop;

pub use pool::{Pool, Schedule, TICK, Taken};
pub use stop::{Stop, Work};
pub use unwrap_shared::last_owner;
