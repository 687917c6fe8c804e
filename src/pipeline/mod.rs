//! The whole job in one command: `fetch`. It runs other tools, as processes of their own that are joined by pipes, and
//! makes one display and one summary of what they say. No row passes through it, and it knows no stage.

mod command_line;
mod estimate;
mod fetch_flags;
mod image_catalog;
mod job;
mod job_runner;
mod plan;
mod process;
mod report;
mod script_ini;
mod tally;

pub use fetch_flags::Fetch;
