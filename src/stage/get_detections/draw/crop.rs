//! Crops each detection from its picture, with a margin.

use std::path::PathBuf;

use super::Drawing;
use super::canvas::Canvas;
use super::output_file::{Failure, put_picture};
use crate::stage::get_detections::detection::Detection;
use crate::value::multi_polygon::Bounds;

pub struct Crop {
    folder: PathBuf,
    /// The margin on each side, as a part of the longer side of a box.
    margin: f64,
}

impl Crop {
    pub fn new(folder: PathBuf, margin: f64) -> Crop {
        Crop { folder, margin }
    }

    pub fn write(&self, drawing: &Drawing, canvas: &Canvas) -> Result<(), Failure> {
        for found in &drawing.found {
            let Some(bounds) = found.area.as_ref().and_then(|area| area.bounds()) else { continue };
            let name = name(&drawing.id, found)?;
            let [left, top, right, bottom] = self.pixels(bounds, canvas.0.width, canvas.0.height);
            let part = canvas.cut(left, top, right - left, bottom - top);
            put_picture(&self.folder.join(name), &part.0)?;
        }
        Ok(())
    }

    /// Left, top, right and bottom: within the picture, and at least one pixel in size.
    fn pixels(&self, bounds: Bounds, width: usize, height: usize) -> [usize; 4] {
        let bounds = bounds.scaled(width as f64, height as f64);
        let margin = self.margin * bounds.width().max(bounds.height());
        let low = |at: f64, most: usize| ((at - margin).floor().max(0.0) as usize).min(most - 1);
        let high = |at: f64, low: usize, most: usize| {
            ((at + margin).ceil().max(0.0) as usize).clamp(low + 1, most)
        };
        let (left, top) = (low(bounds.left, width), low(bounds.top, height));
        [left, top, high(bounds.right, left, width), high(bounds.bottom, top, height)]
    }
}

/// `PICTURE_DETECTION.jpg`.
fn name(picture: &str, found: &Detection) -> Result<String, Failure> {
    let id = found.id();
    let is_plain =
        !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if is_plain && id.len() <= 100 {
        Ok(format!("{picture}_{id}.jpg"))
    } else {
        Err(Failure::Picture(format!(
            "'{id}' in column 'detection_id' cannot be the name of a file"
        )))
    }
}

#[cfg(test)]
mod tests;
