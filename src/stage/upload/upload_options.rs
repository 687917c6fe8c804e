//! The options of upload.

use std::path::PathBuf;
use std::time::Duration;

use crate::photo::description::gather::GatherOptions;

/// The options of upload.
#[derive(Debug, Clone)]
pub struct UploadOptions {
    pub gather: GatherOptions,
    /// The folder for ZIP files; nothing is sent.
    pub zip: Option<PathBuf>,
    /// Report what would be done.
    pub dry_run: bool,
    /// Bytes per second, for the estimate of a dry run.
    pub max_rate: Option<f64>,
    /// Wait this long for the pictures to appear, and check at intervals of `poll`.
    pub wait: Option<Duration>,
    pub poll: Duration,
}
