//! to-webp: converts JPEG pictures to WebP with all their metadata.

mod conversion_record;
mod convert;
mod file;
mod folder_record;
mod larger;

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind::NotFound;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use conversion_record::Origins;
use file::head;
use larger::LargerNotes;

use crate::archive::locate::{Found, Locator};
use crate::disk::free_space;
use crate::disk::locked_file;
use crate::disk::positioned_io::digest_of_file;
use crate::disk::{Action, PathError};
use crate::format::picture::PictureFormat;
use crate::format::transcode::How;
use crate::row::{Field, Row};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, RowError, Shape};
use crate::value::provenance::Status;

/// The options of to-webp.
#[derive(Debug, Clone)]
pub struct WebpOptions {
    /// The folder for the WebP files; `None` to write them beside each JPEG.
    pub into: Option<PathBuf>,
    pub how: How,
    /// Delete the JPEG once the WebP was read back.
    pub delete: bool,
    /// Keep the WebP even if it is not smaller.
    pub keep_larger: bool,
    /// Leave out what a WebP cannot hold.
    pub drop_extras: bool,
    /// Compute the digest.
    pub sha256: bool,
    pub min_free_bytes: u64,
    pub force: bool,
    pub dry_run: bool,
}

/// See the module documentation.
pub struct ToWebp {
    settings: WebpOptions,
    locator: Locator,
    larger: LargerNotes,
    origins: Origins,
    /// The files made in this run and their JPEGs: a duplicate row waits.
    made: Mutex<HashMap<PathBuf, Arc<Claim>>>,
}

/// The JPEG that a file is made from; `busy` is locked while it is made.
struct Claim {
    of: PathBuf,
    busy: Mutex<()>,
}

/// The result for a picture.
enum Done {
    At(Status, PathBuf),
    /// The same, with the reason, or with what was left out.
    Stays(Status, PathBuf, String),
    Packed(Found),
}

impl Done {
    fn at(status: Status, path: PathBuf, why: String) -> Done {
        if why.is_empty() { Done::At(status, path) } else { Done::Stays(status, path, why) }
    }

    fn not_smaller(path: &Path) -> Done {
        Done::Stays(Status::Kept, path.to_path_buf(), "a WebP is not smaller".to_string())
    }
}

impl ToWebp {
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    pub fn new(settings: WebpOptions, tmp_dir: &Path) -> ToWebp {
        let larger = LargerNotes::new(settings.how, settings.into.clone());
        let origins = Origins::new(settings.into.clone());
        ToWebp { settings, locator: Locator::new(tmp_dir), larger, origins, made: Mutex::default() }
    }

    fn convert(&self, row: &Row, notes: &dyn Diagnostics) -> Result<Done, RowError> {
        let (path, start) = match self.find(row)? {
            found @ Found::Packed(_) => return Ok(Done::Packed(found)),
            Found::File(path) => match head(&path) {
                // Another row for this file was processed at the same moment.
                Err(error) if error.kind() == NotFound && self.removes() => match self.find(row)? {
                    found @ Found::Packed(_) => return Ok(Done::Packed(found)),
                    Found::File(path) => (path.clone(), head(&path)),
                },
                start => (path, start),
            },
        };
        let wrong = |error| PathError::new(Action::Read, &path, error);
        let start = start.map_err(wrong)?;
        match PictureFormat::detect(&start) {
            Some(PictureFormat::Jpeg) => self.convert_jpeg(path, notes),
            Some(PictureFormat::WebP) => Ok(Done::At(Status::Kept, path)),
            _ => Ok(Done::Stays(Status::Kept, path, "it is no JPEG".to_string())),
        }
    }

    fn removes(&self) -> bool {
        self.settings.delete && !self.settings.dry_run
    }

    /// The path of the row's picture; otherwise the path that this tool has written it to before, or the tar that
    /// this file was packed into.
    fn find(&self, row: &Row) -> Result<Found, RowError> {
        if let Some(path) = row.get(Field::Path).filter(|_| self.removes()) {
            locked_file::give_back(Path::new(path))
                .map_err(|error| format!("cannot open '{path}': {error}"))?;
        }
        let found = self.locator.find_or_say(row);
        let (Err(_), Some(path)) = (&found, row.get(Field::Path)) else { return Ok(found?) };
        let target = self.target(Path::new(path))?;
        let mut made = row.clone();
        made.set(Field::Path, target.to_str().ok_or("a path that is not UTF-8")?);
        Ok(self.locator.find(&made)?.map_or(found, Ok)?)
    }

    /// Two pictures, such as `1.jpg` and `1.jpeg`, must not become the same file.
    fn claim(&self, target: &Path, path: &Path) -> Result<Arc<Claim>, RowError> {
        let mut made = self.made.lock().unwrap_or_else(|broken| broken.into_inner());
        let claim = made
            .entry(target.to_path_buf())
            .or_insert_with(|| Arc::new(Claim { of: path.to_path_buf(), busy: Mutex::default() }));
        if claim.of == path {
            Ok(Arc::clone(claim))
        } else {
            Err(format!("'{}' is made of '{}'", target.display(), claim.of.display()).into())
        }
    }

    /// Beside the JPEG, or under the folder in the options, with the JPEG's own folders.
    fn target(&self, path: &Path) -> Result<PathBuf, RowError> {
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
    fn shape(&self, input: &InputHeader) -> Shape {
        let mut sets = vec![Field::Path, Field::Bytes];
        sets.extend(self.settings.sha256.then_some(Field::Sha256));
        sets.extend([Field::Why, Field::Status]);
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: input.location().chain(sets.into_iter().map(Into::into)).collect(),
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        let outcome = |mut row: Row| {
            self.check_room(&row)?;
            let told = self.convert(&row, notes).and_then(|done| self.tell(done, &mut row, notes));
            Ok(match told {
                Ok(()) => Outcome::Rows(vec![row]),
                Err(what) => Outcome::failed(row, what),
            })
        };
        rows.into_iter().map(outcome).collect()
    }
}

impl ToWebp {
    fn check_room(&self, row: &Row) -> Result<(), FatalError> {
        let beside = row.get(Field::Path).and_then(|path| Path::new(path).parent());
        let Some(folder) = self.settings.into.as_deref().or(beside) else { return Ok(()) };
        free_space::check(folder, 0, self.settings.min_free_bytes).map_err(FatalError::new)
    }

    /// Records the path of the picture in its row, and the result.
    fn tell(&self, done: Done, row: &mut Row, notes: &dyn Diagnostics) -> Result<(), RowError> {
        row.clear(Field::Why);
        let (status, path) = match done {
            Done::Packed(found) => {
                found.tell(row);
                row.set(Field::Status, Status::Kept.word());
                return Ok(());
            }
            Done::At(status, path) => (status, path),
            Done::Stays(status, path, why) => {
                row.set(Field::Why, &why);
                (status, path)
            }
        };
        row.set(Field::Status, status.word());
        Found::File(path.clone()).tell(row);
        // With --force, a WebP may have replaced another one.
        let bytes = fs::metadata(&path).ok().map(|file| file.len());
        match bytes {
            Some(bytes) => row.set_display(Field::Bytes, bytes),
            None => row.clear(Field::Bytes),
        }
        if status == Status::Done {
            row.clear(Field::Sha256);
            notes.count("bytes", bytes.unwrap_or(0));
        }
        if self.settings.sha256 && path.exists() {
            let wrong = |error| PathError::new(Action::Read, &path, error);
            row.set_display(Field::Sha256, digest_of_file(&path).map_err(wrong)?.1);
        }
        Ok(())
    }
}
