//! Tools for street-level pictures that pass rows from one to the next.
//!
//! The modules stand in reading order, and each uses only those above it
//! (`tests/it/layers.rs` holds them to it).

/// What things are: instants, places, tiles, tracks. No bytes, no input, no output.
pub mod value;

/// One row of a pipe, and its two written forms.
pub mod row;

/// The bytes of others to values and back. No paths, no sockets, no clock.
pub mod format;

/// Files and folders: whole or not at all.
pub mod disk;

/// The service as it really behaves: one function for each endpoint.
pub mod service;

/// What becomes of rows: one file for each tool.
pub mod stage;

/// The service's own API over an archive on disk.
pub mod serve;

/// Drives a stage between two streams.
pub mod run;

/// Flags, help, messages, exit status.
pub mod cli;
