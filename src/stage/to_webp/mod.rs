//! to-webp: JPEG pictures as WebP, with all that they say about themselves.

mod note;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use note::Larger;

use super::{Batch, Fault, Notes, Outcome, Shape};
use crate::disk::locate::{Found, Locator};
use crate::disk::replace::{Replacement, sync_folder};
use crate::format::picture::Kind;
use crate::format::transcode::{How, Unfit, size_of_jpeg, size_of_webp, to_webp};
use crate::row::{Field, Row};

/// A JPEG is read whole; the largest of cameras have some 100 MB.
const MAX_JPEG: u64 = 1 << 30;

/// What to-webp is asked to do.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the files go; beside the JPEG when there is none.
    pub into: Option<PathBuf>,
    pub how: How,
    /// Take the JPEG away once the WebP was read back.
    pub delete: bool,
    /// Keep the WebP even where it is not smaller.
    pub keep_larger: bool,
    pub force: bool,
    pub dry_run: bool,
}

/// See the module's text.
pub struct ToWebp {
    settings: Settings,
    locator: Locator,
    larger: Larger,
    /// Files of this run and what they are made of: a row that comes twice waits.
    made: Mutex<HashMap<PathBuf, Arc<Claim>>>,
}

/// What a file is made of, held while it is made.
struct Claim {
    of: PathBuf,
    busy: Mutex<()>,
}

/// What became of a picture.
enum Done {
    At(&'static str, PathBuf),
    /// It stays what it is, for a reason.
    Stays(&'static str, PathBuf, String),
    Packed,
}

impl ToWebp {
    pub fn new(settings: Settings) -> ToWebp {
        let larger = Larger::of(settings.how);
        ToWebp { settings, locator: Locator::default(), larger, made: Mutex::default() }
    }

    fn convert(&self, row: &Row) -> Result<Done, String> {
        let path = match self.find(row)? {
            None => return Err("no such file".to_string()),
            Some(Found::Packed(_)) => return Ok(Done::Packed),
            Some(Found::File(path)) => path,
        };
        let wrong = |error| format!("cannot read '{}': {error}", path.display());
        let start = head(&path).map_err(wrong)?;
        match Kind::of(&start) {
            Some(Kind::Jpeg) => self.convert_jpeg(path),
            Some(Kind::WebP) => Ok(Done::At("kept", path)),
            _ => Ok(Done::Stays("kept", path, "it is no JPEG".to_string())),
        }
    }

    /// Where the row's picture is; else where this tool has put it before, or
    /// where that was packed.
    fn find(&self, row: &Row) -> Result<Option<Found>, String> {
        let found = self.locator.find(row)?;
        let (None, Some(path)) = (&found, row.get(Field::Path)) else { return Ok(found) };
        let target = self.target(Path::new(path))?;
        let mut made = row.clone();
        made.set(Field::Path, target.to_str().ok_or("a path that is not UTF-8")?);
        self.locator.find(&made)
    }

    fn convert_jpeg(&self, path: PathBuf) -> Result<Done, String> {
        let target = self.target(&path)?;
        let claim = self.claim(&target, &path)?;
        let _busy = claim.busy.lock().unwrap_or_else(|broken| broken.into_inner());
        if !path.exists() && target.exists() {
            return Ok(Done::At("kept", target));
        }
        let wrong = |error| format!("cannot read '{}': {error}", path.display());
        let jpeg = fs::metadata(&path).map_err(wrong)?;
        if jpeg.len() > MAX_JPEG {
            return Err(format!("'{}' has {} bytes", path.display(), jpeg.len()));
        }
        if !self.settings.force {
            if target.exists() && is_made_of(&target, &path).map_err(wrong)? {
                if self.settings.delete && !self.settings.dry_run {
                    remove(&path)?;
                }
                return Ok(Done::At("kept", target));
            }
            if !self.settings.keep_larger && self.larger.knows(&path, jpeg.len()) {
                return Ok(Done::Stays("kept", path, "a WebP is not smaller".to_string()));
            }
        }
        if self.settings.dry_run {
            return Ok(Done::At("done", target));
        }
        let bytes = fs::read(&path).map_err(wrong)?;
        let webp = match to_webp(&bytes, self.settings.how) {
            Ok(webp) => webp,
            Err(Unfit::Held(why)) => return Ok(Done::Stays("held", path, why)),
            Err(Unfit::Damaged(what)) => return Err(what),
        };
        drop(bytes);
        if webp.len() as u64 >= jpeg.len() && !self.settings.keep_larger {
            self.larger.note(&path, jpeg.len())?;
            return Ok(Done::Stays("kept", path, "a WebP is not smaller".to_string()));
        }
        let modified = jpeg.modified().map_err(wrong)?;
        write(&target, &webp, modified, self.settings.delete)
            .map_err(|error| format!("cannot write '{}': {error}", target.display()))?;
        if self.settings.delete {
            remove(&path)?;
        }
        Ok(Done::At("done", target))
    }

    /// Two pictures, such as `1.jpg` and `1.jpeg`, are not to become one.
    fn claim(&self, target: &Path, path: &Path) -> Result<Arc<Claim>, String> {
        let mut made = self.made.lock().unwrap_or_else(|broken| broken.into_inner());
        let claim = made
            .entry(target.to_path_buf())
            .or_insert_with(|| Arc::new(Claim { of: path.to_path_buf(), busy: Mutex::default() }));
        match claim.of == path {
            true => Ok(Arc::clone(claim)),
            false => Err(format!("'{}' is made of '{}'", target.display(), claim.of.display())),
        }
    }

    /// Beside the JPEG, or under the folder asked for, with its own folders.
    fn target(&self, path: &Path) -> Result<PathBuf, String> {
        let Some(into) = &self.settings.into else { return Ok(path.with_extension("webp")) };
        let own = path.components().fold(PathBuf::new(), |own, part| match part {
            Component::Normal(name) => own.join(name),
            Component::ParentDir => PathBuf::new(),
            _ => own,
        });
        Ok(into.join(own).with_extension("webp"))
    }
}

impl Batch for ToWebp {
    fn shape(&self) -> Shape {
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: [Field::Path, Field::Bytes, Field::Why, Field::Status].map(Into::into).to_vec(),
            drops: vec![Field::Sha256],
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Notes) -> Result<Vec<Outcome>, Fault> {
        let outcome = |row: Row| match self.convert(&row) {
            Err(what) => Outcome::Failed(row, what),
            Ok(done) => converted(row, done, notes),
        };
        Ok(rows.into_iter().map(outcome).collect())
    }
}

fn converted(mut row: Row, done: Done, notes: &dyn Notes) -> Outcome {
    let (status, path, why) = match done {
        Done::Packed => {
            row.set(Field::Status, "kept");
            return Outcome::Rows(vec![row]);
        }
        Done::At(status, path) => (status, path, String::new()),
        Done::Stays(status, path, why) => (status, path, why),
    };
    let Some(text) = path.to_str() else {
        return Outcome::Failed(row, "a path that is not UTF-8".to_string());
    };
    row.set(Field::Path, text);
    row.set(Field::Status, status);
    match why.is_empty() {
        true => row.clear(Field::Why),
        false => row.set(Field::Why, &why),
    }
    if let Ok(file) = fs::metadata(&path) {
        row.set_display(Field::Bytes, file.len());
        if status == "done" {
            notes.count("bytes", file.len());
        }
    }
    Outcome::Rows(vec![row])
}

/// Writes the file with its time; when an original is to go, it is read back
/// from the disk that has it.
fn write(
    target: &Path,
    webp: &[u8],
    modified: std::time::SystemTime,
    read_back: bool,
) -> std::io::Result<()> {
    let mut file = Replacement::create(target)?;
    file.write_all(webp)?;
    file.set_modified(modified)?;
    file.finish(Some(webp.len() as u64), read_back)?;
    if read_back {
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        sync_folder(parent.unwrap_or(Path::new(".")))?;
        let found = fs::read(target)?;
        if found != webp || webp::Decoder::new(&found).decode().is_none() {
            return Err(std::io::Error::other("it does not read back as it was written"));
        }
    }
    Ok(())
}

/// Whether a WebP that is there is whole and has the size of the JPEG: all that
/// can be seen of a run that broke off before it took the JPEG away.
fn is_made_of(webp: &Path, jpeg: &Path) -> std::io::Result<bool> {
    let size = size_of_webp(&fs::read(webp)?);
    Ok(size.is_some() && size == size_of_jpeg(&fs::read(jpeg)?))
}

fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = vec![0; 12];
    let len = crate::disk::place::read_at(&File::open(path)?, &mut head, 0)?;
    head.truncate(len);
    Ok(head)
}

fn remove(path: &Path) -> Result<(), String> {
    fs::remove_file(path).map_err(|error| format!("cannot remove '{}': {error}", path.display()))
}
