//! The rows of a run, described and put together to sequences, with what is wrong with each.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::format::picture::PictureFormat;
use crate::photo::camera;
use crate::photo::camera_key::camera_key;
use crate::photo::camera_zone;
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, Outcome};
use crate::value::height::Heights;

use super::checks::{Limits, Shot, check};
use super::columns::{self, Kind};
use super::{Error, FileFacts, Problem, describe, problem};

/// What counts as one sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The column `seq_id`, else an earlier description, else folder and camera.
    Sequence,
    Folder,
}

/// One row, and what was found.
#[derive(Debug)]
pub struct Gathered {
    pub row: Row,
    /// Where and when, unless it has a problem of its own or failed.
    pub shot: Option<Shot>,
    pub bytes: Option<u64>,
    pub problem: Option<Problem>,
    /// Why nothing could be found.
    pub failed: Option<Error>,
}

/// Photos of one sequence that have no problem, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    pub name: String,
    /// Their places among the rows.
    pub members: Vec<usize>,
}

/// Holds all rows until the end: a sequence may go on in any later row.
#[derive(Debug, Default)]
pub struct Gathering {
    pub rows: Vec<Gathered>,
    heights: Heights,
}

impl Gathering {
    pub fn new(heights: Heights) -> Gathering {
        Gathering { rows: Vec::new(), heights }
    }

    /// Takes a row; one that is about no picture is given back as what becomes of it.
    pub fn push(&mut self, mut row: Row, notes: &dyn Diagnostics) -> Option<Outcome> {
        if columns::adopt(&mut row) == Kind::Video {
            notes.once("videos are passed by: only pictures are described and uploaded");
            notes.count("videos passed by", 1);
            return Some(Outcome::Filtered);
        }
        if row.get(Field::Path).is_none() {
            return Some(Outcome::Failed(row, Error::NoPath.to_string()));
        }
        let failed = is_bare(&row).then(|| self.read(&mut row)).and_then(Result::err);
        self.rows.push(Gathered { row, shot: None, bytes: None, problem: None, failed });
        None
    }

    /// Of a row that has nothing but the name of the picture, what the picture says.
    fn read(&self, row: &mut Row) -> Result<(), Error> {
        let path = row.get(Field::Path).unwrap_or_default().to_owned();
        camera::read(Path::new(&path), self.heights).map_err(Error::Photo)?.fill(row);
        Ok(())
    }

    /// Describes each row, and checks each sequence. The rows then have their columns, and why something is wrong.
    pub fn finish(&mut self, by: By, limits: &Limits, notes: &dyn Diagnostics) -> Vec<Sequence> {
        camera_zone::settle(
            &mut self.rows.iter_mut().map(|it| &mut it.row).collect::<Vec<_>>(),
            notes,
        );
        let mut remarks: Vec<Vec<String>> = Vec::new();
        for gathered in &mut self.rows {
            remarks.push(gathered.describe(notes));
        }
        let mut sequences = self.sequences(by);
        for sequence in &mut sequences {
            self.check(sequence, limits);
        }
        for (gathered, remarks) in self.rows.iter_mut().zip(&remarks) {
            gathered.say(remarks, notes);
        }
        sequences.retain(|sequence| !sequence.members.is_empty());
        sequences
    }

    /// By their first rows.
    fn sequences(&mut self, by: By) -> Vec<Sequence> {
        let uuid = Column::named("MAPSequenceUUID");
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut sequences: Vec<Sequence> = Vec::new();
        let is_in = |it: &&mut Gathered| it.failed.is_none();
        let taken: HashSet<String> =
            self.rows.iter().filter_map(|it| it.row.get_column(&uuid)).map(String::from).collect();
        let mut numbers = (0u64..).map(|n| n.to_string()).filter(|n| !taken.contains(n));
        for (at, gathered) in self.rows.iter_mut().enumerate().filter(|(_, it)| is_in(it)) {
            let named = gathered.row.get_column(&uuid).filter(|_| by == By::Sequence);
            let (key, name) = match named {
                Some(name) => (format!("\0{name}"), Some(name.to_owned())),
                None if by == By::Folder => (folder(&gathered.row), None),
                None => (camera_key(&gathered.row), None),
            };
            let place = *places.entry(key).or_insert(sequences.len());
            if place == sequences.len() {
                let name = name.or_else(|| numbers.next()).unwrap_or_default();
                sequences.push(Sequence { name, members: Vec::new() });
            }
            gathered.row.set_column(&uuid, &sequences[place].name, false);
            if gathered.shot.is_some() {
                sequences[place].members.push(at);
            }
        }
        sequences
    }

    /// Takes the photos with problems out of a sequence.
    fn check(&mut self, sequence: &mut Sequence, limits: &Limits) {
        let order = |at: &usize| {
            let row = &self.rows[*at].row;
            let name = row.get(Field::Path).and_then(|path| Path::new(path).file_name()?.to_str());
            let ms = self.rows[*at].shot.as_ref().map(|shot| shot.captured_ms);
            (ms, name.map(String::from), *at)
        };
        sequence.members.sort_by_cached_key(order);
        let shots: Vec<Shot> =
            sequence.members.iter().filter_map(|&at| self.rows[at].shot.clone()).collect();
        for (&at, problem) in sequence.members.iter().zip(check(&shots, limits)) {
            self.rows[at].problem = problem;
        }
        sequence.members.retain(|&at| self.rows[at].problem.is_none());
    }
}

impl Gathered {
    /// Fills the columns of the row; what is to be said of it.
    fn describe(&mut self, notes: &dyn Diagnostics) -> Vec<String> {
        if self.failed.is_some() {
            return Vec::new();
        }
        let path = self.row.get(Field::Path).unwrap_or_default().to_owned();
        let described = FileFacts::read(Path::new(&path))
            .and_then(|file| Ok((describe(&self.row, Some(&file))?, file)));
        let (described, file) = match described {
            Ok(described) => described,
            Err(what) => {
                self.failed = Some(what);
                return Vec::new();
            }
        };
        if !described.personal.is_empty() {
            notes.once(&format!(
                "old apps wrote personal settings into some photos ({}): they are not passed on",
                described.personal.join(", ")
            ));
        }
        let description = described.description;
        columns::fill(&mut self.row, &description);
        self.bytes = Some(file.bytes);
        self.problem = described.problem.or_else(|| of_format(file.format));
        if let (None, Some(lon_deg), Some(lat_deg), Some(captured_ms)) =
            (&self.problem, description.lon_deg, description.lat_deg, description.captured_ms)
        {
            let angle_deg = description.heading.map(|heading| heading.true_deg);
            let (bytes, size) = (file.bytes, file.facts.size);
            self.shot = Some(Shot { lon_deg, lat_deg, captured_ms, angle_deg, bytes, size });
        }
        described.remarks
    }

    fn say(&mut self, remarks: &[String], notes: &dyn Diagnostics) {
        match &self.problem {
            Some(problem) => {
                problem.say(&mut self.row, remarks);
                notes.count("with a problem", 1);
            }
            None => problem::say_none(&mut self.row, remarks),
        }
    }
}

fn of_format(format: PictureFormat) -> Option<Problem> {
    let is_taken = format == PictureFormat::Jpeg;
    (!is_taken)
        .then(|| Problem::Invalid(format!("the service takes JPEG files, and this is {format:?}")))
}

/// Whether a row tells nothing of where or when.
fn is_bare(row: &Row) -> bool {
    let fields = [Field::Lon, Field::Lat, Field::CapturedAt, Field::TakenAt];
    let members = ["MAPLatitude", "MAPCaptureTime"].map(Column::named);
    fields.iter().all(|&field| !row.names(field))
        && members.iter().all(|column| row.get_column(column).is_none())
}

fn folder(row: &Row) -> String {
    let parent = row.get(Field::Path).and_then(|path| Path::new(path).parent());
    parent.map(|folder| folder.display().to_string()).unwrap_or_default()
}
