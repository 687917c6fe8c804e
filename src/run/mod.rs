//! Drives a stage between two streams: order, window, threads, cached responses, counts, progress. It knows no tool, no
//! flag and no terminal.

pub mod batch;
pub mod batch_queues;
pub mod cache_entry;
mod cache_key;
pub mod columns;
pub mod companion_files;
pub mod counting_reader;
pub mod failed;
pub mod file_identity;
pub mod infer_columns;
pub mod input;
mod input_file;
mod keyed_queue;
mod needed_columns;
pub mod outcome_chain;
pub mod output_claim;
pub mod output_writer;
pub mod partitioned_output;
mod pipe_turn;
pub mod response_cache;
pub mod row_in_flight;
mod row_subject;
mod run_settings;
pub mod scan;
mod share_filter;
pub mod shared_cache;
pub mod sink;
pub mod stats;
pub mod stdio;
pub mod target;
pub mod walk;
mod walk_fraction;
pub mod walk_outcomes;

pub use crate::disk::pipe_completion::Completion;
pub use input::{Input, InputReader};
pub use run_settings::{Keep, Plan, Summary};
pub use sink::Sink;
pub use stats::{Counts, Progress, Reporter, Stats, Stop};
pub use stdio::StdStream;
pub use target::RowTarget;

#[cfg(test)]
mod tests;
