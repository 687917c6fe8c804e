//! What is made of the detections of a picture, once all of them are there: masks, and entries of
//! a COCO file. The rows of a picture stand together; they are passed on when its files are written.

mod canvas;
mod classes;
mod coco;
mod crop;
mod masks;
mod overlay;

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::archive::locate::{Found, Locator};
use crate::disk::{atomic_file, open};
use crate::format::picture::Picture;
use crate::format::thumbnail::{self, Pixels};
use crate::row::{Field, Row};
use crate::shape::{FatalError, Outcome, RowError};
use crate::value::picture_id;

use super::detection::{self, Detection};
use canvas::Canvas;
use classes::Classes;
use coco::Coco;
use crop::Crop;
use masks::Masks;
use overlay::Overlay;

/// What to make.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// A folder of label images.
    pub masks: Option<PathBuf>,
    /// A file for vision tools.
    pub coco: Option<PathBuf>,
    /// A folder of pictures with what was detected drawn on them.
    pub overlay: Option<PathBuf>,
    /// A folder of what was cut out of pictures.
    pub crop: Option<PathBuf>,
    /// What is cut out beside each box, as a part of its longer side.
    pub crop_margin: f64,
}

impl Targets {
    pub fn is_empty(&self) -> bool {
        let folders = [&self.masks, &self.coco, &self.overlay, &self.crop];
        folders.iter().all(|target| target.is_none())
    }
}

/// A picture, and what was detected in it.
pub struct Drawing {
    pub id: String,
    pub name: String,
    /// Of the file, in pixels.
    pub width: usize,
    pub height: usize,
    pub found: Vec<Detection>,
}

/// The rows of one picture.
struct PictureDetections {
    key: String,
    row: Row,
    found: Vec<Detection>,
}

/// Makes the files.
pub struct Draw {
    classes: Classes,
    masks: Option<Masks>,
    coco: Option<Coco>,
    overlay: Option<Overlay>,
    crop: Option<Crop>,
    locator: Locator,
    group: Option<PictureDetections>,
    seen: HashSet<String>,
}

impl Draw {
    /// # Errors
    /// A table of classes that cannot be read, or is somebody else's.
    pub fn new(targets: Targets) -> Result<Draw, FatalError> {
        let classes = Classes::open(targets.masks.as_deref(), targets.coco.as_deref())?;
        Ok(Draw {
            classes,
            masks: targets.masks.map(Masks::new),
            coco: targets.coco.map(Coco::new).transpose()?,
            overlay: targets.overlay.map(Overlay::new),
            crop: targets.crop.map(|folder| Crop::new(folder, targets.crop_margin)),
            locator: Locator::default(),
            group: None,
            seen: HashSet::new(),
        })
    }

    /// The rows of this picture come next.
    pub fn begin(&mut self, row: &Row, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        let key = row.get(Field::ImgId).unwrap_or_default();
        if self.group.as_ref().is_some_and(|group| group.key == key) {
            return Ok(());
        }
        self.flush(out)?;
        let group = PictureDetections { key: key.to_string(), row: row.clone(), found: Vec::new() };
        self.group = Some(group);
        Ok(())
    }

    pub fn add(&mut self, found: Detection) {
        if let Some(group) = &mut self.group {
            group.found.push(found);
        }
    }

    /// The rows of the picture are there.
    pub fn flush(&mut self, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        let Some(group) = self.group.take() else { return Ok(()) };
        let rows: Vec<Row> = group.found.iter().map(|found| found.row.clone()).collect();
        let picture = group.row.clone();
        match self.draw(group) {
            Ok(()) => out.push(Outcome::Rows(rows)),
            Err(Failure::Run(fault)) => return Err(fault),
            // A picture without rows fails as itself.
            Err(Failure::Picture(what)) if rows.is_empty() => {
                out.push(Outcome::failed(picture, what));
            }
            Err(Failure::Picture(what)) => {
                out.extend(rows.into_iter().map(|row| Outcome::Failed(row, what.clone())));
            }
        }
        Ok(())
    }

    /// All pictures are there.
    pub fn end(&mut self, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        self.flush(out)?;
        self.coco.take().map_or(Ok(()), |coco| coco.finish(&self.classes))
    }

    fn draw(&mut self, group: PictureDetections) -> Result<(), Failure> {
        // It becomes the name of a file.
        let id = picture_id::read(&group.key)
            .map_err(|what| Failure::Picture(what.to_string()))?
            .to_string();
        if !self.seen.insert(id.clone()) {
            let what =
                "the rows of a picture have to stand together, each once: sort them by img_id";
            return Err(Failure::Picture(what.to_string()));
        }
        let (name, (width, height)) = self.file(&group.row)?;
        let mut found = group.found;
        // What is small is in front of what is large.
        let area = |found: &Detection| found.area.as_ref().map_or(0.0, |area| area.area());
        found.sort_by(|a, b| area(b).total_cmp(&area(a)));
        let name = name.unwrap_or_else(|| format!("{id}.jpg"));
        let drawing = Drawing { id, name, width, height, found };
        if let Some(masks) = &self.masks {
            masks.write(&drawing, &mut self.classes)?;
        }
        if let Some(coco) = &mut self.coco {
            coco.add(&drawing, &mut self.classes)?;
        }
        if self.overlay.is_none() && self.crop.is_none() {
            return Ok(());
        }
        let canvas = Canvas(self.pixels(&group.row)?);
        self.crop.as_ref().map_or(Ok(()), |crop| crop.write(&drawing, &canvas))?;
        self.overlay.as_ref().map_or(Ok(()), |overlay| overlay.write(&drawing, canvas))
    }

    /// The picture itself.
    fn pixels(&self, row: &Row) -> Result<Pixels, Failure> {
        let found = self.locator.find(row).map_err(|error| Failure::Picture(error.to_string()))?;
        let unread = |error: io::Error| Failure::Picture(error.to_string());
        let bytes = match found {
            Some(Found::File(path)) => open::read(path).map_err(unread)?,
            Some(Found::Packed(packed)) => {
                let mut bytes = Vec::new();
                let read = packed.open().and_then(|mut part| part.read_to_end(&mut bytes));
                read.map_err(unread)?;
                bytes
            }
            None => {
                let what = "its file is not there: download it, --overlay and --crop draw on it";
                return Err(Failure::Picture(what.to_string()));
            }
        };
        thumbnail::upright(&bytes).map_err(|error| Failure::Picture(error.to_string()))
    }

    /// The name and the size of the picture's file; without one, the size that the service tells.
    fn file(&self, row: &Row) -> Result<(Option<String>, (usize, usize)), RowError> {
        let found = self.locator.find(row)?;
        let size = match &found {
            None if row.get(Field::Path).is_some() => {
                return Err(
                    "its file is not there: download it, or leave out the column path".into()
                );
            }
            None => None,
            Some(Found::File(path)) => {
                let file = open::file(path)?;
                Picture::open(file)?.size()
            }
            Some(Found::Packed(packed)) => {
                let part = packed.open()?;
                Picture::open(part)?.size()
            }
        };
        let name = found.map(|found| match found {
            Found::File(path) => {
                path.file_name().unwrap_or_default().to_string_lossy().into_owned()
            }
            Found::Packed(packed) => {
                packed.member.rsplit('/').next().unwrap_or_default().to_string()
            }
        });
        let size = size.map(|(width, height)| (width as usize, height as usize));
        let told = detection::size(row)?.map(|(width, height)| (width as usize, height as usize));
        let size = size.or(told).filter(|(width, height)| width * height > 0);
        let size =
            size.ok_or("it has no path, no width and no height: how large it is, is not known")?;
        if size.0.saturating_mul(size.1) <= MOST_PIXELS {
            Ok((name, size))
        } else {
            Err(format!("it has more than {MOST_PIXELS} pixels").into())
        }
    }
}

/// What our files say of themselves: nobody else's are replaced.
const SOFTWARE: &str = "mapillary-pipes get-detections";

/// Whether nothing is there, or a file of ours.
fn is_free(path: &Path) -> bool {
    match open::read(path) {
        Ok(bytes) => {
            let start = &bytes[..bytes.len().min(200)];
            start.windows(SOFTWARE.len()).any(|part| part == SOFTWARE.as_bytes())
        }
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Writes a file in place of an older one of ours, and of nothing else.
fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if !is_free(path) {
        let what = format!("'{}' is there, and is not of this tool", path.display());
        return Err(Failure::Picture(what + ": give another folder"));
    }
    atomic_file::write(path, bytes).map_err(|error| Failure::new(path, &error))
}

fn put_picture(path: &Path, pixels: &Pixels) -> Result<(), Failure> {
    let bytes = thumbnail::jpeg(pixels, SOFTWARE)
        .map_err(|error| Failure::Picture(format!("'{}': {error}", path.display())))?;
    put(path, &bytes)
}

/// Larger masks would need more than half a gigabyte at once.
const MOST_PIXELS: usize = 160_000_000;

/// What keeps a picture's files from being made.
pub enum Failure {
    Picture(String),
    Run(FatalError),
}

impl From<RowError> for Failure {
    fn from(error: RowError) -> Failure {
        Failure::Picture(error.to_string())
    }
}

impl Failure {
    pub fn new(path: &std::path::Path, error: &io::Error) -> Failure {
        let what = format!("cannot write '{}': {error}", path.display());
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Failure::Run(FatalError(what + ": make room and run the same command again"))
            }
            _ => Failure::Picture(what),
        }
    }
}
