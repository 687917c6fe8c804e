//! time-split: photos of a camera as sequences, cut where the ride was interrupted.

mod cut;
mod estimate;
mod into;
mod name;
mod siblings;

use crate::row::{Column, Field, Row};
use crate::value::instant::LocalTime;

use crate::photo::camera_key::camera_key;
use crate::photo::order::{Photo, PhotoGroup, Ride, need};
use crate::photo::why::{explain, no_longer};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::value::provenance::CutBy;
pub use cut::{Limits, Near};
pub use into::{Into, undo};
pub use name::Template;

/// What the user chose.
#[derive(Debug, Clone)]
pub struct SplitOptions {
    pub limits: Limits,
    pub name: Template,
    pub overwrite: bool,
    pub duplicates: Option<Near>,
    /// Photos go into folders.
    pub into: Option<Into>,
}

/// Holds all rows until the end: a camera may go on in any later row.
pub struct TimeSplit {
    choice: SplitOptions,
    ride: Ride,
}

/// Photos of one new sequence, and why it begins.
struct Sequence {
    photos: Vec<Photo>,
    cut_by: CutBy,
    is_captured: bool,
}

/// Why a photo is in no sequence.
const UNTIMED: &str = "no time on the clock that its camera's other photos have";

const DUPLICATE_OF: &str = "duplicate_of";

impl TimeSplit {
    pub fn new(choice: SplitOptions) -> Self {
        TimeSplit { choice, ride: Ride::default() }
    }

    /// Sequences of the service stay; our own, which say why they were cut, are made anew.
    fn is_ours(&self, row: &Row) -> bool {
        self.choice.overwrite || row.get(Field::SeqId).is_none() || row.get(Field::CutBy).is_some()
    }

    fn sequences(&mut self, group: &PhotoGroup, notes: &dyn Diagnostics) -> Vec<Sequence> {
        let steps_ms = || group.photos.windows(2).map(|pair| pair[1].time_ms - pair[0].time_ms);
        let gap_s = self.choice.limits.gap_s.unwrap_or_else(|| {
            let estimate = estimate::gap(steps_ms().collect());
            if group.photos.len() > 1 {
                notes.once(&format!("--gap {}: {}", estimate.gap_s, estimate.reason));
            }
            estimate.gap_s
        });
        let mut sequences: Vec<Sequence> = Vec::new();
        for (photo, cut) in
            group.photos.iter().zip(cut::cuts(&group.photos, gap_s, &self.choice.limits))
        {
            match (cut, sequences.last_mut()) {
                (None, Some(sequence)) => sequence.photos.push(*photo),
                (cut, _) => sequences.push(Sequence {
                    photos: vec![*photo],
                    cut_by: cut.unwrap_or(CutBy::Start),
                    is_captured: group.is_captured,
                }),
            }
        }
        sequences
    }

    /// The sequences of all cameras by time, so that {n} counts the day and not the folders.
    fn cut(&mut self, notes: &dyn Diagnostics) -> Vec<Sequence> {
        let groups = self.ride.groups(|row| self.is_ours(row), camera_key);
        let mut sequences: Vec<Sequence> = Vec::new();
        for group in &groups {
            sequences.extend(self.sequences(group, notes));
            for &row in &group.untimed {
                explain(&mut self.ride.rows[row], UNTIMED);
                notes.count("without a time", 1);
            }
        }
        sequences.sort_by_key(|sequence| sequence.photos[0].time_ms);
        for sequence in
            sequences.iter_mut().skip(1).filter(|sequence| sequence.cut_by == CutBy::Start)
        {
            sequence.cut_by = CutBy::Camera;
        }
        sequences
    }

    fn name(&mut self, sequences: &[Sequence], notes: &dyn Diagnostics) {
        let others: Vec<&Row> = self.ride.rows.iter().filter(|row| !self.is_ours(row)).collect();
        if !others.is_empty() {
            notes.count("in a sequence already", others.len() as u64);
        }
        let mut names = name::Names::new(others.iter().filter_map(|row| row.get(Field::SeqId)));
        for (n, sequence) in sequences.iter().enumerate() {
            let name = names.next(&self.choice.name, n, self.start(sequence), sequence.is_captured);
            for photo in &sequence.photos {
                let row = &mut self.ride.rows[photo.row];
                row.set(Field::SeqId, &name);
                row.set(Field::CutBy, sequence.cut_by.word());
                no_longer(row, UNTIMED);
            }
            if let Some(near) = self.choice.duplicates {
                self.mark(sequence, near, notes);
            }
        }
        notes.count("sequences", sequences.len() as u64);
    }

    fn start(&self, sequence: &Sequence) -> Option<LocalTime> {
        LocalTime::at(sequence.photos[0].time_ms, 0)
    }

    fn mark(&mut self, sequence: &Sequence, near: Near, notes: &dyn Diagnostics) {
        let compass =
            |photo: &Photo| self.ride.rows[photo.row].number(Field::CompassAngle).ok().flatten();
        let twins = cut::duplicates(&sequence.photos, compass, near);
        for (photo, twin) in twins {
            let row = &self.ride.rows[twin];
            let of = row.get(Field::Path).or_else(|| row.get(Field::ImgId)).unwrap_or("unnamed");
            let of = of.to_string();
            self.ride.rows[photo].set_column(&Column::named(DUPLICATE_OF), &of, false);
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
        Shape { sets, ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        self.ride.push(row);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        need(&self.ride.rows, &[Field::CapturedAt, Field::TakenAt])?;
        self.ride.settle_zones(notes);
        let sequences = self.cut(notes);
        self.name(&sequences, notes);
        if let Some(into) = &self.choice.into {
            into.file(&mut self.ride, notes)?;
        }
        out.extend(self.ride.end());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
