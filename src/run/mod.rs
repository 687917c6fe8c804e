//! Drives a stage between two streams.
