//! The whole job in one command: `fetch`. It runs other tools, as processes of their own that are joined by pipes, and
//! makes one display and one summary of what they say. No row passes through it, and it knows no stage.

mod catalog;
mod command_line;
mod estimate;
mod flags;
mod job;
mod plan;
mod process;
mod report;
mod script_ini;
mod tally;
mod work;

pub use flags::Fetch;
