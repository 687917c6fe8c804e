//! A line-based record that a folder keeps for later runs, in its notes folder.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::disk::{NOTES, open};

/// The folders whose records may include a file: those above it that have records, the nearest first; or the folder
/// that all files are written to.
pub fn folders(file: &Path, into: Option<&Path>) -> Vec<PathBuf> {
    let above = file.ancestors().skip(1).filter(|folder| folder.join(NOTES).is_dir());
    into.map_or_else(|| above.map(Path::to_path_buf).collect(), |into| vec![into.to_path_buf()])
}

/// The folder whose record is to include a file.
pub fn folder(file: &Path, into: Option<&Path>) -> PathBuf {
    let parent = file.parent().unwrap_or(Path::new(""));
    folders(file, into).into_iter().next().unwrap_or_else(|| parent.to_path_buf())
}

/// The complete lines. A record that cannot be read is treated as empty; a line cut by a crash has no line end.
pub fn read(folder: &Path, name: &str) -> Vec<String> {
    let text = open::text(folder.join(NOTES).join(name)).unwrap_or_default();
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    text[..whole].lines().map(str::to_string).collect()
}

/// Appends a line in one write, because other runs may append at the same time.
pub fn append(folder: &Path, name: &str, line: &str) -> io::Result<()> {
    let notes = folder.join(NOTES);
    fs::create_dir_all(&notes)?;
    open::append(notes.join(name))?.write_all(format!("{line}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_lie_in_the_nearest_folder_that_has_some_or_where_the_files_go() {
        let top = tempfile::tempdir().unwrap();
        let picture = top.path().join("a/b/1.webp");
        assert_eq!(folder(&picture, None), top.path().join("a/b"));
        append(&top.path().join("a"), "kinds", "one\ttwo").unwrap();
        append(&top.path().join("a"), "kinds", "three").unwrap();
        assert_eq!(folder(&picture, None), top.path().join("a"));
        assert_eq!(read(&top.path().join("a"), "kinds"), ["one\ttwo", "three"]);
        append(top.path(), "kinds", "four").unwrap();
        assert_eq!(folders(&picture, None), [top.path().join("a"), top.path().to_path_buf()]);
        assert_eq!(folders(&picture, Some(Path::new("into"))), [Path::new("into")]);
        let cut = top.path().join("a").join(NOTES).join("kinds");
        fs::write(cut, "one\ntw").unwrap();
        assert_eq!(read(&top.path().join("a"), "kinds"), ["one"]);
    }
}
