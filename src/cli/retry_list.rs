//! A list of failed rows that is also the input: a row leaves it only with an answer. And what `--dry-run` may write.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use crate::disk::output::Output;
use crate::run::file_identity::{self, is_one};

use super::written_file::WrittenFile;

/// Why a file would lose rows.
#[derive(Debug, thiserror::Error)]
pub enum LostRows {
    #[error(
        "'{}' is read, and has the rows of the other shares: with --shard, give --failed another name, such as 'failed-{{task}}.csv'",
        .0.display()
    )]
    OtherShares(PathBuf),
    #[error(
        "'{}' exists, and --dry-run replaces nothing: give -o another name, or none",
        .0.display()
    )]
    DryRun(PathBuf),
}

/// With `--dry-run`, `--failed` is left out if it is the input: the list stays as it is.
///
/// # Errors
/// A list of which a share is read, or with `--dry-run` an output that exists.
pub fn check(matches: &mut ArgMatches) -> Result<(), LostRows> {
    let is_dry = matches.try_get_one::<bool>("dry_run").ok().flatten() == Some(&true);
    if let Some(path) = written(matches, "output").filter(|path| is_dry && is_file(path)) {
        return Err(LostRows::DryRun(path));
    }
    let Some(failed) =
        written(matches, "failed").filter(|path| is_file(path) && is_input(matches, path))
    else {
        return Ok(());
    };
    if matches.ids().any(|id| id == "shard") {
        return Err(LostRows::OtherShares(failed));
    }
    if is_dry {
        let _ = matches.try_remove_one::<WrittenFile>("failed");
    }
    Ok(())
}

fn written(matches: &ArgMatches, id: &str) -> Option<PathBuf> {
    let file = matches.try_get_one::<WrittenFile>(id).ok().flatten()?;
    Some(file.to_path_buf())
}

/// Whether it is a plain file that exists.
fn is_file(path: &Path) -> bool {
    matches!(Output::named(path), Ok(Output::File(file)) if file.exists())
}

fn is_input(matches: &ArgMatches, path: &Path) -> bool {
    let inputs = |id: &str| matches.try_get_many::<PathBuf>(id).ok().flatten();
    let mut named = ["file", "paths"].into_iter().filter_map(inputs).flatten().peekable();
    match named.peek() {
        None => file_identity::is_stdin(path),
        Some(_) => named.any(|input| {
            is_one(path, input) || input.as_os_str() == "-" && file_identity::is_stdin(path)
        }),
    }
}
