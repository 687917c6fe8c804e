//! Makes files from the detections of a picture, once all of them are there: masks, COCO entries, overlays and crops.
//! The rows of a picture must be adjacent; they are passed on when its files are written.

mod canvas;
mod classes;
mod coco;
mod crop;
mod masks;
mod output_file;
mod overlay;
mod picture_file;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::archive::locate::Locator;
use crate::row::{Field, Row};
use crate::shape::{FatalError, Outcome};
use crate::value::picture_id;

use super::detection::Detection;
use canvas::Canvas;
use classes::Classes;
use coco::Coco;
use crop::Crop;
use masks::Masks;
use output_file::Failure;
use overlay::Overlay;

/// The files to make.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// A folder of label images.
    pub masks: Option<PathBuf>,
    /// A COCO file for vision tools.
    pub coco: Option<PathBuf>,
    /// A folder of pictures with the detections drawn on them.
    pub overlay: Option<PathBuf>,
    /// A folder of detections cropped from pictures.
    pub crop: Option<PathBuf>,
    /// The margin of a crop on each side of the box, as a part of its longer side.
    pub crop_margin: f64,
}

impl Targets {
    pub fn is_empty(&self) -> bool {
        let folders = [&self.masks, &self.coco, &self.overlay, &self.crop];
        folders.iter().all(|target| target.is_none())
    }
}

/// A picture and its detections.
pub struct Drawing {
    pub id: String,
    pub name: String,
    /// The size of the file, in pixels.
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

/// Writes the files.
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
    /// If a table of classes cannot be read, or was made by another program; if another process writes the COCO file.
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    pub fn new(targets: Targets, tmp_dir: &Path) -> Result<Draw, FatalError> {
        let coco = targets.coco.clone().map(Coco::new).transpose()?;
        let classes = Classes::open(targets.masks.as_deref(), targets.coco.as_deref())?;
        Ok(Draw {
            classes,
            masks: targets.masks.map(Masks::new),
            coco,
            overlay: targets.overlay.map(Overlay::new),
            crop: targets.crop.map(|folder| Crop::new(folder, targets.crop_margin)),
            locator: Locator::new(tmp_dir),
            group: None,
            seen: HashSet::new(),
        })
    }

    /// Starts the rows of this picture.
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

    /// All rows of the picture have arrived.
    pub fn flush(&mut self, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        let Some(group) = self.group.take() else { return Ok(()) };
        let rows: Vec<Row> = group.found.iter().map(|found| found.row.clone()).collect();
        let picture = group.row.clone();
        match self.draw(group) {
            Ok(()) => out.push(Outcome::Rows(rows)),
            Err(Failure::Run(fault)) => return Err(fault),
            // A picture without rows fails itself.
            Err(Failure::Picture(what)) if rows.is_empty() => {
                out.push(Outcome::failed(picture, what));
            }
            Err(Failure::Picture(what)) => {
                out.extend(rows.into_iter().map(|row| Outcome::Failed(row, what.clone())));
            }
        }
        Ok(())
    }

    /// All pictures have arrived.
    pub fn end(&mut self, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        self.flush(out)?;
        self.coco.take().map_or(Ok(()), |coco| coco.finish(&self.classes))
    }

    fn draw(&mut self, group: PictureDetections) -> Result<(), Failure> {
        // The id becomes a file name.
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
        // Small detections are drawn in front of large ones.
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
}
