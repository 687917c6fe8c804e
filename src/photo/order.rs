//! Photos of rows in the order in which their camera took them, group by group.

use std::collections::HashMap;

use super::camera::is_worked_out;
use super::camera_key::camera_key;
use super::camera_zone;
use crate::disk::walk::natural;
use crate::row::{Field, Row, WrongValue, typed};
use crate::shape::{Diagnostics, FatalError, Outcome, RowError};
use crate::value::geo::Position;
use crate::value::instant::LocalTime;

/// A row seen as a photo: when and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Photo {
    /// Its place among the rows.
    pub row: usize,
    /// On the clock of its group: for differences and order.
    pub time_ms: i64,
    pub position: Option<Position>,
}

/// What a row says of time and place.
#[derive(Debug, Clone, Copy, Default)]
pub struct PhotoFacts {
    pub captured_ms: Option<i64>,
    pub taken: Option<LocalTime>,
    pub position: Option<Position>,
}

impl PhotoFacts {
    /// # Errors
    /// A value that cannot be read; half a position.
    pub fn from_row(row: &Row) -> Result<PhotoFacts, WrongValue> {
        let taken = row.get(Field::TakenAt).map(|text| text.parse::<LocalTime>()).transpose();
        let wrong_time = |_| row.wrong(Field::TakenAt, "a local time such as 2024-05-01T12:00:00");
        Ok(PhotoFacts {
            captured_ms: row.integer(Field::CapturedAt)?,
            taken: taken.map_err(wrong_time)?,
            position: typed::position(row)?,
        })
    }
}

impl PhotoFacts {
    /// Whether both clocks of two photos show the same.
    pub fn same_time(&self, other: &PhotoFacts) -> bool {
        let taken_ms = |facts: &PhotoFacts| facts.taken.map(LocalTime::clock_ms);
        self.captured_ms == other.captured_ms && taken_ms(self) == taken_ms(other)
    }
}

/// Photos of one key, in the order of time, then of natural name.
#[derive(Debug, Default)]
pub struct PhotoGroup {
    pub photos: Vec<Photo>,
    /// Rows without a time.
    pub untimed: Vec<usize>,
    /// Whether its clock is UTC.
    pub is_captured: bool,
}

/// Refuses rows none of which has any of these columns. Unlike what a shape needs, single rows may
/// lack the value: they pass.
pub fn need(rows: &[Row], fields: &[Field]) -> Result<(), FatalError> {
    let has = |row: &Row| fields.iter().any(|&field| row.columns().at(field).is_some());
    let Some(first) = rows.first().filter(|_| !rows.iter().any(has)) else { return Ok(()) };
    let wanted: Vec<_> = fields.iter().map(|field| format!("'{}'", field.flat())).collect();
    let there: Vec<_> = first.columns().list().iter().map(|column| &*column.name).collect();
    Err(FatalError(format!(
        "no column {}: the input has {}",
        wanted.join(" or "),
        there.join(", ")
    )))
}

/// All rows of a run, with what each says of time and place: about 600 bytes a row of 25 columns.
#[derive(Default)]
pub struct Ride {
    pub rows: Vec<Row>,
    facts: Vec<Result<PhotoFacts, RowError>>,
}

impl Ride {
    pub fn push(&mut self, row: Row) {
        self.facts.push(PhotoFacts::from_row(&row).map_err(RowError::from));
        self.rows.push(row);
    }

    /// Gives the clock of each camera one zone.
    pub fn settle_zones(&mut self, notes: &dyn Diagnostics) {
        camera_zone::settle(&mut self.rows.iter_mut().collect::<Vec<_>>(), notes);
        for (row, facts) in self.rows.iter().zip(&mut self.facts).filter(|(_, facts)| facts.is_ok())
        {
            *facts = PhotoFacts::from_row(row).map_err(RowError::from);
        }
    }

    /// The groups of the wanted rows, as [`groups`] has them; rows that cannot be read are in none.
    pub fn groups(
        &self,
        is_wanted: impl Fn(&Row) -> bool,
        key: impl Fn(&Row) -> String,
    ) -> Vec<PhotoGroup> {
        let known = self
            .facts
            .iter()
            .enumerate()
            .filter_map(|(at, facts)| Some((at, facts.as_ref().ok()?)));
        groups(&self.rows, known.filter(|(at, _)| is_wanted(&self.rows[*at])), key)
    }

    pub fn fail(&mut self, row: usize, wrong: impl Into<RowError>) {
        self.facts[row] = Err(wrong.into());
    }

    /// The rows, in the order of the input.
    pub fn end(&mut self) -> impl Iterator<Item = Outcome> {
        self.rows.drain(..).zip(self.facts.drain(..)).map(|(row, facts)| match facts {
            Ok(_) => Outcome::Rows(vec![row]),
            Err(wrong) => Outcome::failed(row, wrong),
        })
    }
}

/// The groups in the order of their first rows. A group goes by `captured_at` when all of its rows
/// that have any time have it, else by `taken_at`: two clocks are never compared.
pub fn groups<'a>(
    rows: &[Row],
    members: impl Iterator<Item = (usize, &'a PhotoFacts)>,
    key: impl Fn(&Row) -> String,
) -> Vec<PhotoGroup> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut lists: Vec<Vec<(usize, &PhotoFacts)>> = Vec::new();
    for (at, facts) in members {
        let place = *places.entry(key(&rows[at])).or_insert(lists.len());
        if place == lists.len() {
            lists.push(Vec::new());
        }
        lists[place].push((at, facts));
    }
    lists.iter().map(|list| group(rows, list)).collect()
}

fn group(rows: &[Row], list: &[(usize, &PhotoFacts)]) -> PhotoGroup {
    let is_captured =
        list.iter().all(|(_, facts)| facts.captured_ms.is_some() || facts.taken.is_none());
    let mut group = PhotoGroup { is_captured, ..PhotoGroup::default() };
    for &(row, facts) in list {
        let taken_ms = facts.taken.map(LocalTime::clock_ms);
        match if is_captured { facts.captured_ms } else { taken_ms } {
            Some(time_ms) => group.photos.push(Photo { row, time_ms, position: facts.position }),
            None => group.untimed.push(row),
        }
    }
    group.photos.sort_by(|a, b| {
        let names = || natural(name(&rows[a.row]).as_bytes(), name(&rows[b.row]).as_bytes());
        a.time_ms.cmp(&b.time_ms).then_with(names).then(a.row.cmp(&b.row))
    });
    group
}

fn name(row: &Row) -> &str {
    row.get(Field::Path).or_else(|| row.get(Field::ImgId)).unwrap_or_default()
}

/// The sequence, or for photos that have none yet the folder and camera.
pub fn sequence_key(row: &Row) -> String {
    match row.get(Field::SeqId) {
        Some(sequence) => format!("\0{sequence}"),
        None => camera_key(row),
    }
}

/// A direction that the camera itself wrote: the word of a compass that was not corrected is no evidence.
pub fn has_compass(row: &Row) -> bool {
    row.get(Field::CompassAngle).is_some() && !is_worked_out(row.get(Field::DirectionBy))
}

/// A number with at most so many decimals, and no more than it needs.
pub fn decimal(number: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let rounded = (number * scale).round() / scale;
    // Minus nothing is nothing.
    if rounded == 0.0 { 0.0 } else { rounded }
}
