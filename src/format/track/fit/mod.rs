//! Activities and courses in Garmin FIT: `record` messages, and the `gps_metadata` of cameras.
//!
//! This parser exists because the crate `fitparser` adds 100,000 lines of profile, and panics on some headers.

mod message;
mod read;

pub use read::{is_fit, read};
