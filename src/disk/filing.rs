//! Files put into folders, each folder whole or not at all, by a list that is on disk before the
//! first file moves: whatever stops the work, the list tells how to go on and how to take it back.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::format::container::Piece;
use crate::value::words::words;

use super::{place, replace, rewrite};

/// The list, in the folder that the folders are made in.
pub const LIST: &str = "time-split.jsonl";

/// How a file gets into its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Move,
    Copy,
    /// A second name of the same file.
    Link,
}

words!(How: Move = "move", Copy = "copy", Link = "link");

/// One file and where it goes: a folder's name and a file's, below the folder of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub how: How,
    pub from: PathBuf,
    pub folder: String,
    pub name: String,
}

/// Files to be put into folders below one.
#[derive(Debug)]
pub struct Filing {
    dir: PathBuf,
    entries: Vec<Entry>,
}

impl Filing {
    /// What an earlier run began, if any, is in the list.
    ///
    /// # Errors
    /// A list that cannot be read.
    pub fn open(dir: &Path) -> Result<Filing, String> {
        let dir = std::path::absolute(dir).map_err(|error| wrong(dir, &error))?;
        let list = dir.join(LIST);
        let entries = match fs::read_to_string(&list) {
            Ok(text) => read(&text).map_err(|what| wrong(&list, &what))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(wrong(&list, &error)),
        };
        Ok(Filing { dir, entries })
    }

    /// Where the file will be.
    pub fn place(&self, entry: &Entry) -> PathBuf {
        self.dir.join(&entry.folder).join(&entry.name)
    }

    /// Takes files on, and writes the list. Files that are in their places already are known.
    ///
    /// # Errors
    /// Two files of one name in one folder, or a folder that has others: then nothing has changed.
    pub fn add(&mut self, new: Vec<Entry>) -> Result<(), String> {
        let mut places: HashMap<PathBuf, PathBuf> =
            self.entries.iter().map(|entry| (self.place(entry), entry.from.clone())).collect();
        let before = self.entries.len();
        for mut entry in new {
            entry.from = std::path::absolute(&entry.from).map_err(|e| wrong(&entry.from, &e))?;
            let to = self.place(&entry);
            if to == entry.from {
                continue;
            }
            match places.insert(to.clone(), entry.from.clone()) {
                Some(other) if other != entry.from => {
                    self.entries.truncate(before);
                    return Err(format!(
                        "'{}' and '{}' would both become '{}': nothing was done; rename one, or cut with another --name",
                        other.display(),
                        entry.from.display(),
                        to.display()
                    ));
                }
                Some(_) => {}
                None if self.dir.join(&entry.folder).exists() => {
                    self.entries.truncate(before);
                    return Err(format!(
                        "'{}' is there already and lacks '{}': nothing was done; give another --into or --name",
                        self.dir.join(&entry.folder).display(),
                        entry.name
                    ));
                }
                None => self.entries.push(entry),
            }
        }
        if self.entries.len() == before {
            return Ok(());
        }
        self.save()
    }

    /// Puts every file into its place that is not there yet; how many that were.
    ///
    /// # Errors
    /// Names the file. What was done stays, and the next run goes on.
    pub fn work(&self) -> Result<u64, String> {
        let mut folders: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        self.entries.iter().for_each(|entry| folders.entry(&entry.folder).or_default().push(entry));
        let mut done = 0;
        for (name, entries) in folders {
            let folder = self.dir.join(name);
            if folder.exists() {
                continue;
            }
            let part = self.part(name);
            fs::create_dir_all(&part).map_err(|error| wrong(&part, &error))?;
            for entry in entries {
                let to = part.join(&entry.name);
                put(entry, &to).map_err(|error| {
                    let (from, word) = (entry.from.display(), entry.how.word());
                    format!("cannot {word} '{from}' to '{}': {error}", to.display())
                })?;
                done += 1;
            }
            // The names are on disk before the folder gets its own.
            let named = replace::sync_folder(&part)
                .and_then(|()| fs::rename(&part, &folder))
                .and_then(|()| replace::sync_folder(&self.dir));
            named.map_err(|error| wrong(&folder, &error))?;
        }
        Ok(done)
    }

    /// Takes everything back, and then the list away; the files that could not be, with the reason.
    ///
    /// # Errors
    /// The list or a folder cannot be changed.
    pub fn undo(self) -> Result<(u64, Vec<String>), String> {
        let (mut done, mut left) = (0, Vec::new());
        for entry in self.entries.iter().rev() {
            let part = self.part(&entry.folder).join(&entry.name);
            let places = [self.place(entry), part];
            let Some(at) = places.iter().find(|at| at.exists()) else { continue };
            match take_back(entry, at) {
                Ok(()) => done += 1,
                Err(what) => left.push(format!("'{}' stays: {what}", at.display())),
            }
        }
        for entry in &self.entries {
            // Only an empty folder can be removed so.
            let _ = fs::remove_dir(self.dir.join(&entry.folder));
            let _ = fs::remove_dir(self.part(&entry.folder));
        }
        if left.is_empty() {
            let list = self.dir.join(LIST);
            fs::remove_file(&list).map_err(|error| wrong(&list, &error))?;
            let _ = fs::remove_dir(&self.dir);
        }
        Ok((done, left))
    }

    fn part(&self, folder: &str) -> PathBuf {
        self.dir.join(format!(".{folder}.part"))
    }

    fn save(&self) -> Result<(), String> {
        let list = self.dir.join(LIST);
        let line = |entry: &Entry| {
            let (how, from) = (entry.how.word(), entry.from.to_str());
            json!({ "how": how, "from": from, "folder": entry.folder, "name": entry.name })
        };
        let text: String = self.entries.iter().map(|entry| format!("{}\n", line(entry))).collect();
        let saved = fs::create_dir_all(&self.dir).and_then(|()| {
            let mut file = replace::Replacement::create(&list)?;
            io::Write::write_all(&mut file, text.as_bytes())?;
            file.finish(Some(text.len() as u64), true)?;
            replace::sync_folder(&self.dir)
        });
        saved.map_err(|error| wrong(&list, &error))
    }
}

fn read(text: &str) -> Result<Vec<Entry>, String> {
    let entry = |line: &str| {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |key: &str| value[key].as_str().map(String::from);
        let how = value["how"].as_str()?.parse().ok()?;
        let (folder, name) = (text("folder")?, text("name")?);
        let is_plain = is_name(&folder) && is_name(&name);
        is_plain.then_some(Entry { how, from: text("from")?.into(), folder, name })
    };
    let lines = (1..).zip(text.lines());
    lines.map(|(n, line)| entry(line).ok_or(format!("line {n} is none of a list"))).collect()
}

/// Whether it can be the name of a file or folder, and leads nowhere else.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('.') && !text.contains(['/', '\\', '\0'])
}

fn put(entry: &Entry, to: &Path) -> io::Result<()> {
    match (to.exists(), entry.from.exists()) {
        (true, false) => Ok(()),
        // A move to another disk was stopped between its copy and its end.
        (true, true) if entry.how == How::Move && same(&entry.from, to)? => {
            fs::remove_file(&entry.from)
        }
        (true, true) if same(&entry.from, to)? => Ok(()),
        (true, true) => Err(io::Error::from(io::ErrorKind::AlreadyExists)),
        (false, _) => match entry.how {
            How::Move => match fs::rename(&entry.from, to) {
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                    copy(&entry.from, to)?;
                    fs::File::open(to)?.sync_all()?;
                    fs::remove_file(&entry.from)
                }
                moved => moved,
            },
            How::Copy => copy(&entry.from, to),
            How::Link => fs::hard_link(&entry.from, to),
        },
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let len = fs::metadata(from)?.len();
    rewrite::write(from, to, &[Piece::Original(0..len)], None).map(|_| ())
}

fn take_back(entry: &Entry, at: &Path) -> Result<(), String> {
    let text = |error: io::Error| error.to_string();
    match (entry.how, entry.from.exists()) {
        (How::Move, false) => {
            entry.from.parent().map_or(Ok(()), fs::create_dir_all).map_err(text)?;
            match fs::rename(at, &entry.from) {
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                    copy(at, &entry.from).and_then(|()| fs::remove_file(at)).map_err(text)
                }
                moved => moved.map_err(text),
            }
        }
        (_, true) if same(&entry.from, at).map_err(text)? => fs::remove_file(at).map_err(text),
        (_, true) => Err(format!("'{}' is another file", entry.from.display())),
        (_, false) => Err(format!("'{}' is gone", entry.from.display())),
    }
}

fn same(a: &Path, b: &Path) -> io::Result<bool> {
    Ok(place::digest_of_file(a)? == place::digest_of_file(b)?)
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("cannot use '{}': {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(how: How, from: PathBuf, folder: &str, name: &str) -> Entry {
        Entry { how, from, folder: folder.into(), name: name.into() }
    }

    fn photo(root: &Path, name: &str) -> PathBuf {
        fs::write(root.join(name), name).unwrap();
        root.join(name)
    }

    #[test]
    fn what_was_moved_copied_or_linked_is_taken_back() {
        for how in How::ALL {
            let root = tempfile::tempdir().unwrap();
            let from = photo(root.path(), "a\n b.jpg");
            let into = root.path().join("into");
            let mut filing = Filing::open(&into).unwrap();
            filing.add(vec![entry(how, from.clone(), "s", "a\n b.jpg")]).unwrap();
            assert_eq!(filing.work().unwrap(), 1);
            assert_eq!(fs::read(into.join("s/a\n b.jpg")).unwrap(), b"a\n b.jpg");
            assert_eq!(from.exists(), how != How::Move);
            assert_eq!(Filing::open(&into).unwrap().work().unwrap(), 0);
            assert_eq!(Filing::open(&into).unwrap().undo().unwrap(), (1, vec![]));
            assert!(from.exists() && !into.exists());
        }
    }

    #[test]
    fn two_files_of_one_name_are_refused_before_anything_is_done() {
        let root = tempfile::tempdir().unwrap();
        let (a, b) = (photo(root.path(), "a.jpg"), photo(root.path(), "b.jpg"));
        let into = root.path().join("into");
        let mut filing = Filing::open(&into).unwrap();
        let both = vec![entry(How::Move, a.clone(), "s", "x"), entry(How::Move, b, "s", "x")];
        assert!(filing.add(both).unwrap_err().contains("nothing was done"));
        assert!(a.exists() && !into.exists());
    }

    #[test]
    fn a_folder_of_others_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let a = photo(root.path(), "a.jpg");
        fs::create_dir_all(root.path().join("into/s")).unwrap();
        let mut filing = Filing::open(&root.path().join("into")).unwrap();
        assert!(filing.add(vec![entry(How::Move, a, "s", "a.jpg")]).is_err());
    }

    #[test]
    fn a_copy_that_was_changed_stays() {
        let root = tempfile::tempdir().unwrap();
        let a = photo(root.path(), "a.jpg");
        let into = root.path().join("into");
        let mut filing = Filing::open(&into).unwrap();
        filing.add(vec![entry(How::Copy, a, "s", "a.jpg")]).unwrap();
        filing.work().unwrap();
        fs::write(into.join("s/a.jpg"), "tagged").unwrap();
        let (done, left) = Filing::open(&into).unwrap().undo().unwrap();
        assert_eq!((done, left.len()), (0, 1));
        assert!(into.join("s/a.jpg").exists() && into.join(LIST).exists());
    }

    #[test]
    fn a_list_that_leads_elsewhere_is_refused() {
        for text in ["{}", "x", r#"{"how":"move","from":"a","folder":"..","name":"b"}"#] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
