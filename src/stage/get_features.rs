//! get-features: lists map features. A box is requested in cells; a cell with too many features is split in four.
//! Uses about 80 bytes of memory per feature.

mod cells;
mod feature_row;
mod once;

use std::sync::Arc;

use serde_json::Value;

use crate::query::service_errors;
use crate::row::{Column, Field, Row};
use crate::service::map_features::FeatureSearch;
use crate::service::{Client, ErrorKind, Next, Page};
use crate::shape::{
    Cut, Diagnostics, Error, FatalError, InputHeader, Outcome, Places, Shape, Walk, WalkStep,
};
use crate::value::bbox::BBox;
use crate::value::geo::Position;
use crate::value::glob;
use crate::value::human_format::counted;
use cells::{cells, count};
use feature_row::{VALUE, row_of, shape};
pub use once::UniqueFeatures;
/// The documented limit of a list: a list of this length is incomplete.
const LIMIT: u32 = 2_000;
/// Some metres: a cell of this size with too many features is passed on as it is.
const LEAST_SIDE_DEG: f64 = 1e-4;
const FIELDS: &str =
    "object_value,object_type,first_seen_at,last_seen_at,aligned_direction,geometry,images";
/// The walk over the cells.
pub struct GetFeatures {
    client: Arc<Client>,
    boxes: Vec<BBox>,
    values: Vec<String>,
}

impl GetFeatures {
    /// # Errors
    /// If there is no box.
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

    /// The text of a dry run.
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

    /// The outcomes of a cell's page; `place` names the cell.
    fn outcomes(&self, page: &Page, place: &str, notes: &dyn Diagnostics) -> Vec<Outcome> {
        let rows = page.rows.iter().filter_map(|text| serde_json::from_str(text.get()).ok());
        let outcome =
            |row: Row| if self.wants(&row) { Outcome::Rows(vec![row]) } else { Outcome::Filtered };
        let mut outcomes: Vec<Outcome> =
            rows.map(|feature: Value| outcome(row_of(&feature))).collect();
        let odd = page.odd + (page.rows.len() - outcomes.len()) as u64;
        service_errors::dropped(odd, 0, notes);
        outcomes.extend(service_errors::unread(list(place), odd));
        outcomes
    }
}

/// Identifies a cell in messages.
fn list(place: &str) -> Row {
    Row::from_cells(&[(Field::Path, place)])
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
        let mut outcomes = self.outcomes(&page, place, notes);
        if is_full {
            let why = format!("the service lists {LIMIT} features there and no more");
            outcomes.push(Outcome::Cut(Cut { rows: Vec::new(), list: list(place), why }));
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
