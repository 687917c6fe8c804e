//! Describes the rows of a run, groups them into sequences, and finds their problems. Rows are stored in a temporary
//! file: first as they came, until the zone of each camera is known, then as described.

mod row_description;
mod row_index;

use std::path::{Path, PathBuf};

use crate::photo::camera;
use crate::photo::camera_zone::CameraZones;
use crate::photo::row_store::{RowCursor, RowStore};
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, FatalError, Outcome};
use crate::threads::{Work, ordered};
use crate::value::height_validity::Heights;

use super::checks::Limits;
use super::columns::{self, Kind};
use super::{Error, Problem, problem};

use row_description::{Described, described};
use row_index::Index;
pub use row_index::Sequence;

/// Number of rows described at once, shared among the threads.
const PIECE: usize = 1024;

/// What counts as one sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The column `seq_id`, otherwise an earlier description, otherwise folder and camera.
    Sequence,
    Folder,
}

/// How rows are grouped.
#[derive(Debug, Clone)]
pub struct GatherOptions {
    pub by: By,
    pub limits: Limits,
    pub heights: Heights,
    /// The folder of the temporary files.
    pub tmp_dir: PathBuf,
}

/// All rows of a run: any later row may belong to a sequence.
pub struct Gathering {
    choice: GatherOptions,
    /// The rows as they came, until they are described.
    came: RowStore,
    zones: CameraZones,
    described: RowStore,
    index: Index,
    /// How far the rows are described; `None` before the end of the input.
    cursor: Option<RowCursor>,
}

impl Gathering {
    pub fn new(choice: GatherOptions) -> Gathering {
        let [came, described] = [(); 2].map(|()| RowStore::new(&choice.tmp_dir));
        let (zones, index) = Default::default();
        Gathering { choice, came, zones, described, index, cursor: None }
    }

    /// Adds a row. A row that is not about a picture, or that is unreadable, is returned as its outcome.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn push(
        &mut self,
        mut row: Row,
        notes: &dyn Diagnostics,
    ) -> Result<Option<Outcome>, FatalError> {
        if columns::adopt(&mut row) == Kind::Video {
            notes.once("videos are passed by: only pictures are described and uploaded");
            notes.count("videos passed by", 1);
            return Ok(Some(Outcome::Filtered));
        }
        if row.get(Field::Path).is_none() {
            let earlier = row.get(Field::Error).map(str::to_owned);
            let is_in_tar = row.get(Field::Archive).is_some() && row.get(Field::Member).is_some();
            let error = if is_in_tar { Error::InTar } else { Error::NoPath };
            let why = earlier.unwrap_or_else(|| error.to_string());
            return Ok(Some(Outcome::Failed(row, why)));
        }
        if is_bare(&row)
            && let Err(error) = self.read(&mut row)
        {
            return Ok(Some(self.failed(row, &error)));
        }
        self.zones.see(&row);
        self.came.push(&row)?;
        Ok(None)
    }

    /// Fills a row that has only the name of the picture with the picture's metadata.
    fn read(&self, row: &mut Row) -> Result<(), Error> {
        let path = row.get(Field::Path).unwrap_or_default().to_owned();
        camera::read(Path::new(&path), self.choice.heights).map_err(Error::Photo)?.fill(row);
        Ok(())
    }

    /// Reserves the sequence name of a failed row, so that no other sequence gets it.
    fn failed(&mut self, mut row: Row, error: &Error) -> Outcome {
        self.index.take_name(row.get_column(&sequence_column()));
        problem::say_none(&mut row, &[]);
        Outcome::Failed(row, error.to_string())
    }

    /// Describes the next rows, once all have arrived; returns false if no row is left. Failed rows are added to
    /// `out`.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn describe_some(
        &mut self,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<bool, FatalError> {
        let mut cursor = match self.cursor.take() {
            Some(cursor) => cursor,
            None => {
                self.zones.decide_by(&self.came)?;
                RowCursor::default()
            }
        };
        let mut rows = Vec::with_capacity(PIECE);
        while rows.len() < PIECE
            && let Some(mut row) = cursor.next(&self.came)?
        {
            self.zones.apply(&mut row, notes);
            rows.push(row);
        }
        let goes_on = rows.len() == PIECE;
        let act = |row| Ok(described(row));
        let stopped = || FatalError("interrupted".to_string());
        // Nothing stops it here: the run checks for interruption between the pieces.
        let rows = ordered::each(&Work::on_all_processors(), rows.into_iter(), act, stopped)?;
        for (row, result) in rows {
            match result {
                Ok(described) => self.add(&row, described, notes)?,
                Err(error) => out.push(self.failed(row, &error)),
            }
        }
        self.cursor = Some(cursor);
        if !goes_on {
            self.came = RowStore::new(&self.choice.tmp_dir);
        }
        Ok(goes_on)
    }

    fn add(
        &mut self,
        row: &Row,
        described: Described,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        if !described.personal.is_empty() {
            notes.once(&format!(
                "old apps wrote personal settings into some photos ({}): they are not passed on",
                described.personal.join(", ")
            ));
        }
        let named = row.get_column(&sequence_column());
        self.index.take_name(named);
        let named = named.filter(|_| self.choice.by == By::Sequence);
        self.index.add(row, &described, named, self.choice.by == By::Folder);
        self.described.push(row)
    }

    /// The sequences of the photos without a problem, in the order of their first rows, once all rows are described.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn sequences(&mut self, notes: &dyn Diagnostics) -> Result<Vec<Sequence>, FatalError> {
        let sequences = self.index.sequences(&self.described, &self.choice.limits)?;
        match self.index.problems() {
            0 => {}
            problems => notes.count("with a problem", problems),
        }
        Ok(sequences)
    }

    /// The number of described rows.
    pub fn len(&self) -> usize {
        self.described.len()
    }

    pub fn is_empty(&self) -> bool {
        self.described.is_empty()
    }

    /// A described row, with its sequence and its problem.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn row(&self, cursor: &mut RowCursor, at: usize) -> Result<Row, FatalError> {
        let mut row = cursor.get(&self.described, at)?;
        row.set_column(&sequence_column(), self.index.sequence_of(at), false);
        if let Some(problem) = self.problem(at) {
            problem.say(&mut row, &[]);
        }
        Ok(row)
    }

    pub fn problem(&self, at: usize) -> Option<&Problem> {
        self.index.problem(at)
    }

    /// The size of a row's picture.
    pub fn bytes(&self, at: usize) -> u64 {
        self.index.bytes(at)
    }
}

fn sequence_column() -> Column {
    Column::named("MAPSequenceUUID")
}

/// Whether a row has neither position nor time.
fn is_bare(row: &Row) -> bool {
    let fields = [Field::Lon, Field::Lat, Field::CapturedAt, Field::TakenAt];
    let members = ["MAPLatitude", "MAPCaptureTime"].map(Column::named);
    fields.iter().all(|&field| row.get(field).is_none())
        && members.iter().all(|column| row.get_column(column).is_none())
}
