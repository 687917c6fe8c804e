//! Work on many threads whose results have an order of their own.
//!
//! What every user of this layer can rely on, whatever the number of threads:
//!
//! * Results come in the order of the schedule, not in that in which they are done.
//! * No more is begun than the schedule has room for, so memory does not grow with the work.
//! * A panic is an error like any other: it ends the work, and nobody waits for the thread it hit.
//! * Of several failures in [`ordered::each`] the one of the first item is reported, with one
//!   thread or many.
//! * Who takes the results can leave early: no further job is begun then.

mod last_owner;
pub mod ordered;
// A panic as an error.
pub mod panics;
mod pool;
mod stop;

pub use last_owner::last_owner;
pub use pool::{Pool, Schedule, TICK, Taken};
pub use stop::{Stop, Work};
