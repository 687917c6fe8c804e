//! get-features: the things on the map that were found in many pictures. A box is asked for in
//! cells, and a cell with too many in quarters. About 80 bytes a feature are held.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::row::{Column, Columns, Field, Row};
use crate::service::map_features::FeatureSearch;
use crate::service::{Client, ErrorKind, Next, Page};
use crate::shape::{
    Cut, Diagnostics, Error, FatalError, InputHeader, Outcome, Places, Scan, Shape, Walk, WalkStep,
};
use crate::value::bbox::BBox;
use crate::value::geo::Position;
use crate::value::glob;
use crate::value::human_format::counted;

/// Larger boxes are refused; the documentation can be read so for each side.
const MOST_SIDE_DEG: f64 = 0.01;
/// The documented limit of a list: one that is so long has more.
const LIMIT: u32 = 2_000;
/// Some metres: what has too many there is passed on as it is.
const LEAST_SIDE_DEG: f64 = 1e-4;
const FIELDS: &str =
    "object_value,object_type,first_seen_at,last_seen_at,aligned_direction,geometry,images";

const ID: &str = "feature_id";
const VALUE: &str = "value";
/// Columns, and where the answer has their text.
const TEXTS: [(&str, &str); 6] = [
    (ID, "id"),
    (VALUE, "object_value"),
    ("object_type", "object_type"),
    ("aligned_direction", "aligned_direction"),
    ("first_seen_at", "first_seen_at"),
    ("last_seen_at", "last_seen_at"),
];
const IMAGES: &str = "image_ids";

/// The walk over the cells.
pub struct GetFeatures {
    client: Arc<Client>,
    boxes: Vec<BBox>,
    values: Vec<String>,
}

impl GetFeatures {
    /// # Errors
    /// No box.
    pub fn new(
        client: Arc<Client>,
        boxes: Vec<BBox>,
        values: Vec<String>,
    ) -> Result<GetFeatures, FatalError> {
        if boxes.is_empty() {
            Err(FatalError("nowhere to look: give --bbox".into()))
        } else {
            Ok(GetFeatures { client, boxes, values })
        }
    }

    /// What a dry run says.
    pub fn plan(&self) -> String {
        let cells = self.cells();
        format!(
            "would request {} of 0.01 degrees, and more where they are dense",
            counted(cells as u64, "cells")
        )
    }

    fn cells(&self) -> f64 {
        self.boxes.iter().flat_map(BBox::uncrossed).map(|it| count(&it)).sum()
    }

    fn search(&self, bbox: &BBox) -> FeatureSearch {
        let bbox = [bbox.west_deg(), bbox.south_deg(), bbox.east_deg(), bbox.north_deg()];
        FeatureSearch { bbox, values: self.values.join(","), fields: FIELDS, limit: LIMIT }
    }

    fn wants(&self, row: &Row) -> bool {
        let value = row.get_column(&Column::named(VALUE)).unwrap_or_default();
        let is_value = |pattern: &String| glob::is_match(pattern, value);
        let number = |field| row.number(field).ok().flatten();
        let place = number(Field::Lon).zip(number(Field::Lat));
        let place = place.and_then(|(lon, lat)| Position::new(lon, lat).ok());
        (self.values.is_empty() || self.values.iter().any(is_value))
            && place.is_none_or(|place| self.boxes.iter().any(|bbox| bbox.contains(place)))
    }

    fn rows(&self, page: &Page, notes: &dyn Diagnostics) -> Vec<Outcome> {
        if page.odd > 0 {
            notes.count("odd entries dropped", page.odd);
        }
        let rows = page.rows.iter().filter_map(|text| serde_json::from_str(text.get()).ok());
        let outcome =
            |row: Row| if self.wants(&row) { Outcome::Rows(vec![row]) } else { Outcome::Filtered };
        rows.map(|feature: Value| outcome(row_of(&feature))).collect()
    }
}

/// The row of a feature. What the service leaves out is absent.
fn row_of(feature: &Value) -> Row {
    let mut row = Row::new(Columns::from_fields(&[]));
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    for (name, key) in TEXTS {
        let value = &feature[key];
        row.set_column(&Column::named(name), &text(value), value.is_number() && name != ID);
    }
    let place = |at: usize| feature["geometry"]["coordinates"][at].as_f64();
    match place(0).zip(place(1)) {
        Some((lon, lat)) => {
            row.set_display(Field::Lon, lon);
            row.set_display(Field::Lat, lat);
        }
        None => row.set(Field::Why, "the service tells no place"),
    }
    let images = feature["images"]["data"].as_array().map(|images| {
        let ids = images.iter().map(|image| Value::String(text(&image["id"])));
        Value::Array(ids.filter(|id| id != "").collect()).to_string()
    });
    row.set_column(&Column::named(IMAGES), &images.unwrap_or_default(), true);
    row
}

/// Into how many cells a box is cut.
fn count(bbox: &BBox) -> f64 {
    steps(bbox.width_deg()) * steps(bbox.height_deg())
}

/// So many that each is smaller than the limit.
fn steps(side_deg: f64) -> f64 {
    (side_deg / MOST_SIDE_DEG).floor() + 1.0
}

fn cells(bbox: BBox) -> impl Iterator<Item = BBox> {
    let (columns, rows) = (steps(bbox.width_deg()), steps(bbox.height_deg()));
    let lon = move |at: f64| bbox.west_deg() + bbox.width_deg() * at / columns;
    let lat = move |at: f64| bbox.south_deg() + bbox.height_deg() * at / rows;
    (0..(columns * rows) as u64).filter_map(move |at| {
        let (column, row) = ((at as f64) % columns, ((at as f64) / columns).floor());
        let (east, north) =
            (lon(column + 1.0).min(bbox.east_deg()), lat(row + 1.0).min(bbox.north_deg()));
        BBox::new(lon(column), lat(row), east, north).ok()
    })
}

impl Walk for GetFeatures {
    fn shape(&self, _: &InputHeader) -> Shape {
        shape()
    }

    fn start(&self) -> Places {
        let boxes: Vec<BBox> = self.boxes.iter().flat_map(BBox::uncrossed).collect();
        Box::new(boxes.into_iter().flat_map(cells).map(|cell| cell.to_string()))
    }

    fn starts(&self) -> Option<u64> {
        Some(self.cells() as u64)
    }

    fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error> {
        let cell: BBox = place.parse().map_err(|error| Error::Row(format!("{place}: {error}")))?;
        let is_least = cell.width_deg().max(cell.height_deg()) < LEAST_SIDE_DEG;
        let quarters = || {
            let next = cell.quarters().map(|quarter| quarter.to_string()).to_vec();
            WalkStep { outcomes: Vec::new(), next }
        };
        let page = match self.client.map_features(&self.search(&cell)) {
            Err(error) if error.kind == ErrorKind::TooMuch && !is_least => return Ok(quarters()),
            page => page?,
        };
        notes.count("cells", 1);
        let is_full =
            page.rows.len() as u64 + page.odd >= u64::from(LIMIT) || page.next != Next::End;
        if is_full && !is_least {
            return Ok(quarters());
        }
        let mut outcomes = self.rows(&page, notes);
        if is_full {
            let list = Row::from_cells(&[(Field::Path, place)]);
            let why = format!("the service lists {LIMIT} features there and no more");
            outcomes.push(Outcome::Cut(Cut { rows: Vec::new(), list, why }));
        }
        Ok(WalkStep { outcomes, next: Vec::new() })
    }

    fn nothing(&self, notes: &dyn Diagnostics) {
        for bbox in &self.boxes {
            let meant = bbox.swapped().map(|swapped| format!(": did you mean '{swapped}'?"));
            notes.warn(&format!("nothing was found in '{bbox}'{}", meant.unwrap_or_default()));
        }
    }
}

fn shape() -> Shape {
    let columns = [ID, VALUE, "object_type"].map(Column::named).into_iter();
    let place = [Field::Lon, Field::Lat].map(Column::from);
    let rest = ["aligned_direction", "first_seen_at", "last_seen_at", IMAGES].map(Column::named);
    let sets = columns.chain(place).chain(rest).chain([Field::Why.into()]).collect();
    Shape { sets, only_sets: true, ..Shape::default() }
}

/// Takes each feature once: those on the edge of a cell stand in its neighbour, too.
#[derive(Default)]
pub struct Once {
    seen: HashSet<String>,
}

impl Scan for Once {
    fn shape(&self, _: &InputHeader) -> Shape {
        shape()
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let id = row.get_column(&Column::named(ID)).unwrap_or_default();
        if self.seen.insert(id.to_string()) {
            out.push(Outcome::Rows(vec![row]));
        } else {
            notes.count("repeats dropped", 1);
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
