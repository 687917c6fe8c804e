//! The flag for the folder of temporary files with rows.

use std::path::PathBuf;

use clap::Args;

/// Where rows wait that cannot go out before all have come.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Work")]
pub struct TmpDir {
    /// Folder for the temporary file of rows that wait, of about the size of the input [default: TMPDIR or /tmp].
    #[arg(long, value_name = "DIR")]
    tmp_dir: Option<PathBuf>,
}

impl TmpDir {
    pub fn folder(&self) -> PathBuf {
        self.tmp_dir.clone().unwrap_or_else(std::env::temp_dir)
    }
}
