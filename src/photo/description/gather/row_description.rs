//! Describes one row from its picture.

use std::path::Path;

use crate::format::picture::PictureFormat;
use crate::photo::description::checks::Shot;
use crate::photo::description::{Error, FileFacts, Problem, columns, describe, problem};
use crate::row::{Field, Row};

/// What was found for a row, in addition to its columns.
pub struct Described {
    /// Position and time, unless the row has a problem of its own.
    pub shot: Option<Shot>,
    pub bytes: u64,
    pub problem: Option<Problem>,
    pub personal: Vec<&'static str>,
}

/// Fills the columns of a row, including its remarks.
pub fn described(mut row: Row) -> (Row, Result<Described, Error>) {
    let found = of_file(&mut row);
    (row, found)
}

fn of_file(row: &mut Row) -> Result<Described, Error> {
    let file = FileFacts::read(Path::new(row.get(Field::Path).unwrap_or_default()))?;
    let described = describe(row, Some(&file))?;
    let description = described.description;
    columns::fill(row, &description);
    problem::say_none(row, &described.remarks);
    let problem = described.problem.or_else(|| of_format(file.format));
    let place = description.lon_deg.zip(description.lat_deg).zip(description.captured_ms);
    let shot = place.filter(|_| problem.is_none()).map(|((lon_deg, lat_deg), captured_ms)| Shot {
        lon_deg,
        lat_deg,
        captured_ms,
        angle_deg: description.heading.map(|heading| heading.true_deg),
        bytes: file.bytes,
        size: file.facts.size,
    });
    Ok(Described { shot, bytes: file.bytes, problem, personal: described.personal })
}

fn of_format(format: PictureFormat) -> Option<Problem> {
    let is_taken = format == PictureFormat::Jpeg;
    (!is_taken)
        .then(|| Problem::Invalid(format!("the service takes JPEG files, and this is {format:?}")))
}
