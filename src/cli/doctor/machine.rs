//! Checks of this machine: the disk, and the programs that some jobs need.

use std::path::Path;

use crate::disk::free_space;
use crate::value::human_format::bytes;

use super::check::{Check, State, good, wrong};

/// The same amount that --min-free keeps free.
const LITTLE_ROOM: u64 = 1_000_000_000;

/// Programs that scripts and examples call, and their purpose.
pub(super) const PROGRAMS: [(&str, &str); 3] = [
    ("ia", "the upload to archive.org that ia-meta writes; pip install internetarchive"),
    ("make", "examples/archive.mk and examples/Makefile; apt install make"),
    ("exiftool", "scripts that compare tags; apt install libimage-exiftool-perl"),
];

pub(super) fn disk() -> Check {
    let name = "disk";
    if let Err(error) = tempfile::tempfile_in(".") {
        return wrong(name, format!("cannot write in this folder: {error}"), "go to another one");
    }
    match free_space::free_bytes(Path::new(".")) {
        Ok(Some(free)) if free < LITTLE_ROOM => wrong(
            name,
            format!("only {} free here", bytes(free)),
            "make room, or lower --min-free: downloads stop before 1 GB is left",
        ),
        Ok(Some(free)) => good(name, format!("{} free here", bytes(free))),
        Ok(None) => good(name, "this system does not report free disk space"),
        Err(error) => wrong(name, format!("cannot use this folder: {error}"), "go to another one"),
    }
}

pub(super) fn installed(program: &'static str, what: &str) -> Check {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    match std::env::split_paths(&paths).map(|folder| folder.join(&name)).find(|path| path.is_file())
    {
        Some(path) => good(program, format!("'{}'", path.display())),
        None => {
            let text = "not installed: only some jobs need it".to_string();
            Check { name: program, state: State::Note, text, mend: Some(format!("for {what}")) }
        }
    }
}
