//! A COCO file: images, annotations with polygons, categories. Polygons with holes are written as run lengths,
//! because COCO polygons have no holes.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use serde_json::json;

use crate::disk::atomic_file::Replacement;
use crate::disk::{Action, AtPath, PathError};
use crate::shape::FatalError;
use crate::value::multi_polygon::{MultiPolygon, Ring};

use super::super::columns::{self, ID};
use super::classes::Classes;
use super::{Drawing, Failure};

/// Collects the parts as text.
pub struct Coco {
    path: PathBuf,
    /// Held from the start: the file is the work of one process, which others must not replace by theirs.
    file: Replacement,
    images: Vec<String>,
    annotations: Vec<String>,
}

impl Coco {
    /// # Errors
    /// If the path is a folder, or another process is writing this file.
    pub fn new(path: PathBuf) -> Result<Coco, FatalError> {
        if path.is_dir() {
            return Err(FatalError(format!("'{}' is a folder: give a file", path.display())));
        }
        let file = Replacement::create(&path).map_err(|error| match error.kind() {
            ErrorKind::ResourceBusy => FatalError(format!(
                "'{}' is being written by another run: give each its own file for --coco",
                path.display()
            )),
            _ => PathError::new(Action::Write, &path, error).into(),
        })?;
        Ok(Coco { path, file, images: Vec::new(), annotations: Vec::new() })
    }

    pub fn add(&mut self, drawing: &Drawing, classes: &mut Classes) -> Result<(), Failure> {
        let (width, height) = (drawing.width, drawing.height);
        let image = self.images.len() + 1;
        let object = json!({
            "id": image, "file_name": drawing.name, "width": width, "height": height,
            "img_id": drawing.id,
        });
        self.images.push(object.to_string());
        for found in &drawing.found {
            let Some((area, bounds)) =
                found.area.as_ref().and_then(|area| Some((area, area.bounds()?)))
            else {
                continue;
            };
            let class = classes.number(&found.value)?;
            let bounds = bounds.scaled(width as f64, height as f64);
            let sides = [bounds.left, bounds.top, bounds.width(), bounds.height()].map(round);
            let annotation = json!({
                "id": self.annotations.len() + 1,
                "image_id": image,
                "category_id": class,
                "segmentation": segmentation(area, width, height),
                "area": round(area.area() * width as f64 * height as f64),
                "bbox": sides,
                "iscrowd": 0,
                "detection_id": columns::text(&found.row, ID),
            });
            self.annotations.push(annotation.to_string());
        }
        Ok(())
    }

    /// Writes the file, once everything has been added.
    pub fn finish(mut self, classes: &Classes) -> Result<(), FatalError> {
        let categories: Vec<String> = classes
            .list()
            .map(|(id, name)| {
                let parts: Vec<&str> = name.split("--").collect();
                json!({"id": id, "name": name, "supercategory": parts[0]}).to_string()
            })
            .collect();
        let list = |parts: &[String]| parts.join(",\n");
        let text = format!(
            "{{\"info\":{{\"description\":\"detections of Mapillary\"}},\n\"images\":[\n{}\n],\n\"annotations\":[\n{}\n],\n\"categories\":[\n{}\n]}}\n",
            list(&self.images),
            list(&self.annotations),
            list(&categories),
        );
        let written = self.file.write_all(text.as_bytes());
        let finished = written.and_then(|()| self.file.finish(Some(text.len() as u64), false));
        Ok(finished.at_path(Action::Write, &self.path)?)
    }
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn segmentation(area: &MultiPolygon, width: usize, height: usize) -> serde_json::Value {
    if area.polygons().iter().any(|rings| rings.len() > 1) {
        return json!({"size": [height, width], "counts": run_lengths(area, width, height)});
    }
    let flat = |ring: &Ring| -> Vec<f64> {
        ring.iter().flat_map(|&[x, y]| [x * width as f64, y * height as f64].map(round)).collect()
    };
    json!(area.polygons().iter().flatten().map(flat).collect::<Vec<_>>())
}

/// Numbers of pixels outside and inside in turn, column by column.
fn run_lengths(area: &MultiPolygon, width: usize, height: usize) -> Vec<usize> {
    let turned = |ring: &Ring| -> Ring { ring.iter().map(|&[x, y]| [y, x]).collect() };
    let polygons = area.polygons().iter().map(|rings| rings.iter().map(turned).collect());
    let mut runs: Vec<(usize, usize)> = Vec::new();
    MultiPolygon::new(polygons.collect()).spans(height, width, |column, start, end| {
        runs.push((column * height + start, column * height + end));
    });
    runs.sort_unstable();
    let (mut counts, mut at) = (Vec::new(), 0);
    for (start, end) in runs {
        if start > at || counts.is_empty() {
            counts.extend([start - at, end - start]);
        } else if let Some(inside) = counts.last_mut() {
            // The run touches or overlaps the previous one.
            *inside += end.saturating_sub(at);
        }
        at = at.max(end);
    }
    counts.push(width * height - at);
    counts
}

#[cfg(test)]
mod tests;
