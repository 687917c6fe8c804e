//! The rows of a run, described and put together to sequences, with what is wrong with each. The rows wait in a temporary
//! file: first as they came, until the zone of each camera is known, then as they were described.

mod index;
mod row_description;

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

use index::Index;
pub use index::Sequence;
use row_description::{Described, described};

/// Rows that are described at once, shared out to the threads.
const PIECE: usize = 1024;

/// What counts as one sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The column `seq_id`, else an earlier description, else folder and camera.
    Sequence,
    Folder,
}

/// How rows are put together.
#[derive(Debug, Clone)]
pub struct GatherOptions {
    pub by: By,
    pub limits: Limits,
    pub heights: Heights,
    /// Where rows wait.
    pub tmp_dir: PathBuf,
}

/// All rows of a run: a sequence may go on in any later row.
pub struct Gathering {
    choice: GatherOptions,
    /// The rows as they came, until they are described.
    came: RowStore,
    zones: CameraZones,
    described: RowStore,
    index: Index,
    /// How far the describing is; none before the end of the input.
    cursor: Option<RowCursor>,
}

impl Gathering {
    pub fn new(choice: GatherOptions) -> Gathering {
        let [came, described] = [(); 2].map(|()| RowStore::new(&choice.tmp_dir));
        let (zones, index) = Default::default();
        Gathering { choice, came, zones, described, index, cursor: None }
    }

    /// Takes a row; one that is about no picture, or one that cannot be read, is given back as what becomes of it.
    ///
    /// # Errors
    /// Of the temporary file.
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
            return Ok(Some(Outcome::Failed(row, Error::NoPath.to_string())));
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

    /// Of a row that has nothing but the name of the picture, what the picture says.
    fn read(&self, row: &mut Row) -> Result<(), Error> {
        let path = row.get(Field::Path).unwrap_or_default().to_owned();
        camera::read(Path::new(&path), self.choice.heights).map_err(Error::Photo)?.fill(row);
        Ok(())
    }

    /// Nothing else gets the name that its sequence has.
    fn failed(&mut self, mut row: Row, error: &Error) -> Outcome {
        self.index.take_name(row.get_column(&sequence_column()));
        problem::say_none(&mut row, &[]);
        Outcome::Failed(row, error.to_string())
    }

    /// Describes the next rows, once all have come; false when no row is left. What fails goes out.
    ///
    /// # Errors
    /// Of the temporary file.
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
        // Nobody stops it: the run looks for its end between the pieces.
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

    /// The sequences, by their first rows, of the photos that have no problem; once all rows are described.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn sequences(&mut self, notes: &dyn Diagnostics) -> Result<Vec<Sequence>, FatalError> {
        let sequences = self.index.sequences(&self.described, &self.choice.limits)?;
        match self.index.problems() {
            0 => {}
            problems => notes.count("with a problem", problems),
        }
        Ok(sequences)
    }

    /// How many rows are described.
    pub fn len(&self) -> usize {
        self.described.len()
    }

    pub fn is_empty(&self) -> bool {
        self.described.is_empty()
    }

    /// A described row, with its sequence, and with what is wrong with it.
    ///
    /// # Errors
    /// Of the temporary file.
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

    /// How many bytes the picture of a row has.
    pub fn bytes(&self, at: usize) -> u64 {
        self.index.bytes(at)
    }
}

fn sequence_column() -> Column {
    Column::named("MAPSequenceUUID")
}

/// Whether a row tells nothing of where or when.
fn is_bare(row: &Row) -> bool {
    let fields = [Field::Lon, Field::Lat, Field::CapturedAt, Field::TakenAt];
    let members = ["MAPLatitude", "MAPCaptureTime"].map(Column::named);
    fields.iter().all(|&field| !row.names(field))
        && members.iter().all(|column| row.get_column(column).is_none())
}
