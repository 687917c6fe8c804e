//! `fetch`: the whole job in one command. It runs other tools as processes joined by pipes, and merges their messages
//! into one display and one summary. No row passes through it, and it does not know the stages.

mod command_line;
mod estimate;
mod fetch_flags;
mod images_file;
mod job;
mod job_runner;
mod plan;
mod process;
mod report;
mod script_ini;
mod tally;

pub use fetch_flags::Fetch;
