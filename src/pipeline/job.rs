//! The job of `fetch`.

use std::ffi::OsString;
use std::path::PathBuf;

/// What to fetch, and what to do with it. The flags are passed to the tools that take them.
pub struct Job {
    /// What get-images lists,
    pub selection: Vec<OsString>,
    /// and how.
    pub search: Vec<OsString>,
    /// For all tools that send requests to the service.
    pub service: Vec<OsString>,
    /// For get-meta and download.
    pub picture: Vec<OsString>,
    pub download: Vec<OsString>,
    pub into: PathBuf,
    pub has_sidecars: bool,
    pub tag: bool,
    pub webp: bool,
    pub pack: bool,
    pub csv: Option<PathBuf>,
    pub dry_run: bool,
    /// Whether the folder gets a list of its pictures.
    pub has_catalog: bool,
    /// Replaces the token of the environment.
    pub token: Option<String>,
    /// Whether to report only what there is.
    pub estimate: bool,
}
