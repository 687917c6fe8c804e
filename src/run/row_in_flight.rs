//! A row on its way.

use std::path::PathBuf;

use crate::row::Row;

/// A row on its way: its number, the key of its question, and what it is about where rows about
/// that take turns.
pub struct Job {
    pub number: u64,
    pub key: Option<String>,
    pub turn: Option<PathBuf>,
    pub row: Row,
}
