//! What `fetch` is asked for.

use std::ffi::OsString;
use std::path::PathBuf;

/// What is to be fetched, and what is done with it. Flags are those of the tools that take them.
pub struct Job {
    /// What get-images is to list,
    pub selection: Vec<OsString>,
    /// and how.
    pub search: Vec<OsString>,
    /// Of all tools that ask the service.
    pub service: Vec<OsString>,
    /// Of get-meta and download.
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
    /// Takes the place of the token of the environment.
    pub token: Option<String>,
    /// Whether it is only said what there is.
    pub estimate: bool,
}
