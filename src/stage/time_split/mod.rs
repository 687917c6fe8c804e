//! time-split: divides the photos of a camera into sequences where the ride was interrupted.

mod cut;
mod estimate;
mod filed_rows;
mod filing_plan;
mod into;
mod name;
mod rows_by_path;
mod sequences;
mod siblings;
mod split_result;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::row::{Column, Field, Row};
use crate::value::instant::LocalTime;

use crate::photo::camera_key::camera_key;
use crate::photo::capture_facts::Photo;
use crate::photo::deferred_rows::Ride;
use crate::photo::photo_index::GroupPhotos;
use crate::photo::row_store::RowCursor;
use crate::photo::sparse_column::Padded;
use crate::shape::{Diagnostics, EarlierError, FatalError, InputHeader, Outcome, Scan, Shape};
pub use cut::{Limits, Near};
use into::FiledBefore;
pub use into::{Into, undo};
pub use name::Template;
use split_result::{DUPLICATE_OF, Found};

/// The options of time-split.
#[derive(Debug, Clone)]
pub struct SplitOptions {
    pub limits: Limits,
    pub name: Template,
    pub overwrite: bool,
    pub duplicates: Option<Near>,
    /// Files photos into folders.
    pub into: Option<Into>,
}

/// Holds the times of the photos, at most 46 bytes a row: any later row may be of the same camera.
pub struct TimeSplit {
    choice: SplitOptions,
    ride: Ride,
    /// Sequences that must not be split, and the number of their rows.
    others: (HashSet<String>, u64),
    /// The directions of the photos, if needed.
    compass_deg: Padded<Option<f64>>,
    /// What an earlier run has filed, if a photo was not found at its path.
    filed_before: Option<FiledBefore>,
    /// The results for the rows, once all have arrived.
    found: Option<Found>,
}

impl TimeSplit {
    /// The temporary file is in `folder`.
    pub fn new(choice: SplitOptions, folder: &Path) -> Self {
        let Limits { distance_m, max_turn_deg, .. } = choice.limits;
        let asks_places =
            distance_m.is_some() || max_turn_deg.is_some() || choice.duplicates.is_some();
        TimeSplit {
            choice,
            ride: Ride::new(folder, asks_places),
            others: Default::default(),
            compass_deg: Padded::default(),
            filed_before: None,
            found: None,
        }
    }

    /// Sequences of the service are kept; our own, which have the reason for their cut, are split again.
    fn is_ours(&self, row: &Row) -> bool {
        self.choice.overwrite || row.get(Field::SeqId).is_none() || row.get(Field::CutBy).is_some()
    }

    fn find(&mut self, notes: &dyn Diagnostics) -> Result<Found, FatalError> {
        let order = self.ride.order()?;
        let mut found = Found { of_rows: vec![0; self.ride.len()], ..Found::default() };
        let sequences = self.cut(&order, &mut found, notes);
        let (others, rows) = &self.others;
        if *rows > 0 {
            notes.count("in a sequence already", *rows);
        }
        let mut names = name::Names::new(others.iter().map(String::as_str));
        for (n, sequence) in sequences.iter().enumerate() {
            let start = LocalTime::at(sequence.start_ms, 0);
            let name = names.next(&self.choice.name, n, start, sequence.is_captured);
            found.sequences.push((name, sequence.cut_by));
            let photos =
                order.part(&self.ride.index, sequence.photos.clone(), sequence.is_captured);
            // There are no more sequences than rows.
            photos.all_rows().for_each(|row| found.of_rows[row] = n as u32 + 1);
            if let Some(near) = self.choice.duplicates {
                self.mark(photos, near, &mut found.twins, notes);
            }
        }
        notes.count("sequences", sequences.len() as u64);
        Ok(found)
    }

    fn mark(
        &self,
        photos: GroupPhotos,
        near: Near,
        twins: &mut Padded<u32>,
        notes: &dyn Diagnostics,
    ) {
        let compass = |photo: &Photo| self.compass_deg.get(photo.row);
        for (photo, twin) in cut::duplicates(photos.photos(), compass, near) {
            twins.set(photo, twin as u32 + 1);
            notes.count("duplicates", 1);
        }
    }
}

impl Scan for TimeSplit {
    fn shape(&self, input: &InputHeader) -> Shape {
        let is_placed = self.choice.into.is_some();
        let mut sets: Vec<Column> = input.location().filter(|_| is_placed).collect();
        sets.extend([Field::SeqId, Field::CutBy, Field::Why].map(Column::from));
        if is_placed {
            sets.extend([Field::Path, Field::Status].map(Column::from));
        }
        if self.choice.duplicates.is_some() {
            sets.push(Column::named(DUPLICATE_OF));
        }
        let needs_in_header = vec![vec![Field::CapturedAt, Field::TakenAt]];
        let earlier_error = EarlierError::KeptAmongOthers;
        Shape { sets, needs_in_header, earlier_error, ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let is_ours = self.is_ours(&row);
        if !is_ours {
            self.others.1 += 1;
            if let Some(name) = row.get(Field::SeqId).filter(|name| !self.others.0.contains(*name))
            {
                self.others.0.insert(name.to_string());
            }
        }
        if self.choice.duplicates.is_some_and(|near| near.angle_deg.is_some())
            && let Ok(Some(deg)) = row.number(Field::CompassAngle)
        {
            self.compass_deg.set(self.ride.len(), Some(deg));
        }
        self.ride.push(&row, is_ours.then(|| camera_key(&row)))
    }

    fn moved(&mut self, path: &Path) -> Option<PathBuf> {
        let into = self.choice.into.as_ref()?;
        self.filed_before.get_or_insert_with(|| into.filed_before()).place(path)
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        self.filed_before = None;
        let found = match self.found.take() {
            Some(found) => found,
            None => {
                self.ride.settle_zones()?;
                let mut found = self.find(notes)?;
                if let Some(into) = &self.choice.into {
                    let ride = &self.ride;
                    let each = |take: &mut dyn FnMut(usize, Row) -> Result<(), FatalError>| {
                        ride.each(|at, mut row| {
                            found.tell_sequence(at, &mut row);
                            take(at, row)
                        })
                    };
                    found.places = into.file(&each, notes)?;
                }
                found
            }
        };
        let mut cursor = RowCursor::default();
        let told = self.ride.pass_on(out, notes, |ride, at, row| {
            found.tell(ride, &mut cursor, at, row)?;
            Ok(found.places.tell(at, row)?)
        });
        self.found = Some(found);
        told
    }

    fn goes_on(&self) -> bool {
        self.ride.goes_on()
    }
}

#[cfg(test)]
mod tests;
