//! Photos of one camera within one second of its clock: spread evenly over that second, in the order of their names.

use std::collections::HashMap;

use crate::disk::walk::natural;
use crate::photo::camera_key::camera_key;
use crate::photo::capture_facts::PhotoFacts;
use crate::row::{Field, Row};
use crate::value::instant::LocalTime;

use super::instant::is_known;

/// The fraction of a second added to each photo's whole second: two bytes per row.
#[derive(Debug, Default)]
pub struct Subseconds {
    /// Milliseconds, by row number. Rows after the last one have none.
    late_ms: Vec<u16>,
    cameras: HashMap<String, Camera>,
}

/// The photos of a camera so far.
#[derive(Debug, Default)]
struct Camera {
    last_name: String,
    /// The current second, and its rows.
    taken: Option<LocalTime>,
    rows: Vec<u32>,
    /// The names did not come in natural order, so they are needed to sort the photos.
    is_unordered: bool,
    named: Vec<Named>,
}

#[derive(Debug)]
struct Named {
    name: String,
    taken: Option<LocalTime>,
    row: u32,
}

impl Subseconds {
    /// Adds the rows one after the other.
    pub fn push(&mut self, number: usize, row: &Row, facts: &PhotoFacts) {
        if !is_whole(row, facts) {
            return;
        }
        let camera = self.cameras.entry(camera_key(row)).or_default();
        let name = name_of(row);
        camera.is_unordered |= natural(camera.last_name.as_bytes(), name.as_bytes()).is_gt();
        if camera.is_unordered {
            return;
        }
        camera.last_name.clear();
        camera.last_name.push_str(name);
        // In the hour that occurs twice, a clock shows the same time again much later: that is a different second.
        if camera.taken != facts.taken {
            spread(&mut self.late_ms, &camera.rows);
            camera.rows.clear();
        }
        camera.taken = facts.taken;
        camera.rows.push(number as u32);
    }

    /// Whether all rows have to be passed again, to [`Self::push_named`].
    pub fn needs_names(&self) -> bool {
        self.cameras.values().any(|camera| camera.is_unordered)
    }

    /// Takes the rows again, for the cameras whose photos have to be sorted.
    pub fn push_named(&mut self, number: usize, row: &Row, facts: &PhotoFacts) {
        if is_whole(row, facts)
            && let Some(camera) = self.cameras.get_mut(&camera_key(row))
            && camera.is_unordered
        {
            let (name, taken) = (name_of(row).to_string(), facts.taken);
            camera.named.push(Named { name, taken, row: number as u32 });
        }
    }

    /// Called when all rows have arrived.
    pub fn finish(&mut self) {
        for mut camera in std::mem::take(&mut self.cameras).into_values() {
            if !camera.is_unordered {
                spread(&mut self.late_ms, &camera.rows);
                continue;
            }
            camera.named.sort_by(|a, b| natural(a.name.as_bytes(), b.name.as_bytes()));
            for second in camera.named.chunk_by(|a, b| a.taken == b.taken) {
                let rows: Vec<u32> = second.iter().map(|named| named.row).collect();
                spread(&mut self.late_ms, &rows);
            }
        }
    }

    /// Adds the fraction of a second to a photo's time.
    pub fn apply(&self, number: usize, facts: &mut PhotoFacts) {
        let late_ms = self.late_ms.get(number).copied().unwrap_or_default();
        if late_ms != 0 {
            facts.taken = facts.taken.and_then(|taken| taken.moved_ms(i64::from(late_ms)));
        }
    }
}

/// Spreads the photos of one second over it. A camera whose names turn out to be unordered is spread again.
fn spread(late_ms: &mut Vec<u16>, second: &[u32]) {
    for (place, &row) in second.iter().enumerate() {
        // Less than a second, so it fits into two bytes.
        let late = (place * 1000 / second.len()) as u16;
        let row = row as usize;
        if late > 0 && late_ms.len() <= row {
            late_ms.resize(row + 1, 0);
        }
        if let Some(before) = late_ms.get_mut(row) {
            *before = late;
        }
    }
}

fn name_of(row: &Row) -> &str {
    row.get(Field::Path).unwrap_or_default()
}

/// Whether the instant comes from a clock time without a fraction.
pub fn is_whole(row: &Row, facts: &PhotoFacts) -> bool {
    !is_known(row, facts) && row.get(Field::TakenAt).is_some_and(|taken| !taken.contains('.'))
}
