//! What lies under way and nobody asks for any more.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Clients remember handles for two days (mapillary_tools).
const KEPT: Duration = Duration::from_secs(4 * 24 * 3600);

/// What is being built is of a run that was killed, since this one has not begun.
pub fn sweep(staging: &Path) -> io::Result<()> {
    let now = SystemTime::now();
    for entry in fs::read_dir(staging)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != "salt"
            && now.duration_since(meta.modified()?).is_ok_and(|age| age > KEPT)
        {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_goes_and_what_is_new_stays_and_the_salt() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("building-1")).expect("a folder");
        for name in ["old.part", "new.part", "salt"] {
            fs::write(at(name), "x").expect("a file");
        }
        let past = SystemTime::now() - KEPT - Duration::from_secs(60);
        for name in ["old.part", "salt"] {
            let file = fs::File::options().write(true).open(at(name)).expect("a file");
            file.set_modified(past).expect("a time");
        }
        sweep(folder.path()).expect("a sweep");
        let left = fs::read_dir(folder.path()).expect("a folder").flatten();
        let mut left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        left.sort();
        assert_eq!(left, ["new.part", "salt"]);
    }
}
