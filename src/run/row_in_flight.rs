//! A row being processed.

use std::path::PathBuf;

use crate::row::Row;

/// A row being processed: its number, the cache key of its request, and the key by which rows run one after another.
pub struct Job {
    pub number: u64,
    pub key: Option<String>,
    pub turn: Option<PathBuf>,
    pub row: Row,
}
