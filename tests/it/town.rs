//! The sample town on disk: drawn once for all tests, because drawing takes longer than most of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::SystemTime;

use crate::pack_tar::files;
use crate::sample;

struct Drawn {
    /// Relative to the town's folder.
    path: PathBuf,
    bytes: Vec<u8>,
    modified: SystemTime,
}

static TOWN: LazyLock<Vec<Drawn>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    sample::write(folder.path()).unwrap();
    let [top, pictures] = ["", "pictures"].map(|name| fs::read_dir(folder.path().join(name)));
    let entries = top.unwrap().chain(pictures.unwrap()).map(Result::unwrap);
    let files = entries.filter(|entry| entry.metadata().unwrap().is_file());
    let drawn = |entry: fs::DirEntry| Drawn {
        path: entry.path().strip_prefix(folder.path()).unwrap().to_path_buf(),
        bytes: fs::read(entry.path()).unwrap(),
        modified: entry.metadata().unwrap().modified().unwrap(),
    };
    files.map(drawn).collect()
});

/// Writes the town into a folder, as [`sample::write`] does.
pub fn write(folder: &Path) {
    fs::create_dir_all(folder.join("pictures")).unwrap();
    for drawn in TOWN.iter() {
        let path = folder.join(&drawn.path);
        fs::write(&path, &drawn.bytes).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(drawn.modified).unwrap();
    }
}

#[test]
fn the_town_of_the_tests_is_the_one_that_is_drawn() {
    let [drawn, copied] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    sample::write(drawn.path()).unwrap();
    write(copied.path());
    for part in ["", "pictures"] {
        let [drawn, copied] = [&drawn, &copied].map(|town| files(&town.path().join(part)));
        assert!(!drawn.is_empty() && drawn == copied, "{part}");
    }
    let modified = |town: &tempfile::TempDir| {
        let picture = format!("pictures/{}_original.jpg", sample::id(0, 0));
        fs::metadata(town.path().join(picture)).unwrap().modified().unwrap()
    };
    assert_eq!(modified(&drawn), modified(&copied));
}
