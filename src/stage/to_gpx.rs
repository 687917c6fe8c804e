//! to-gpx: rows as a GPX file, with a track for each sequence and a point for each photo; and tracks of any format.

mod gpx_writer;
mod waypoint;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gpx::{Track, TrackSegment};

use crate::photo::capture_facts::{PhotoFacts, sequence_key};
use crate::photo::photo_index::{GroupPhotos, PhotoIndex};
use crate::photo::row_store::{RowCursor, RowStore};
use crate::photo::sorted_groups::{GroupChange, SortedGroups};
use crate::photo::tracks::{self, FileTrack, TrackOptions};
use crate::row::{Columns, Field, Row};
use crate::shape::document::{Document, height};
use crate::shape::{Diagnostics, Error, FatalError, RowError};
use crate::value::height_validity::Heights;
use crate::value::track::Fix;
use crate::value::zone::Zone;
use gpx_writer::GpxWriter;
use waypoint::{point, waypoint, xml_text};

/// The options of to-gpx.
#[derive(Debug, Clone, Default)]
pub struct GpxOptions {
    /// Tracks of any format, which are written first.
    pub tracks: Vec<PathBuf>,
    /// The zone of tracks that were written in local time.
    pub track_zone: Option<Zone>,
    /// The plausible altitudes.
    pub heights: Heights,
    /// The rows of a sequence are adjacent, and its track is written once it is complete.
    pub sorted: bool,
}

/// The columns that the points need, besides time and position.
const KEPT: [Field; 4] = [Field::SeqId, Field::Path, Field::ImgId, Field::Altitude];

/// The file, and the output for its bytes.
struct Output<'a> {
    gpx: &'a mut GpxWriter,
    out: &'a mut dyn Write,
}

/// Holds the times and positions of the photos, 37 bytes a row, and the tracks; the other columns of the points are
/// stored in a temporary file.
pub struct ToGpx {
    choice: GpxOptions,
    kept: Arc<Columns>,
    /// The rows, or those of one sequence.
    rows: RowStore,
    index: PhotoIndex,
    groups: Option<SortedGroups>,
    /// The file, once it has a track.
    gpx: Option<GpxWriter>,
}

impl ToGpx {
    /// The temporary file is in `folder`.
    pub fn new(choice: GpxOptions, folder: &Path) -> ToGpx {
        let (rows, kept) = (RowStore::new(folder), Columns::from_fields(&KEPT));
        let groups = choice.sorted.then(SortedGroups::default);
        ToGpx { choice, kept, rows, index: PhotoIndex::default(), groups, gpx: None }
    }

    /// The tracks of files, with all their fixes unchanged.
    fn tracks(&self, notes: &dyn Diagnostics) -> Result<Vec<Track>, FatalError> {
        let (zone, heights) = (self.choice.track_zone, self.choice.heights);
        let how = TrackOptions { zone, heights, ..TrackOptions::default() };
        let (parts, words) = tracks::read_all(&self.choice.tracks, how)?;
        words.iter().for_each(|words| notes.once(words));
        let mut fixes = 0;
        let mut track = |part: FileTrack| {
            let mut track = Track::new();
            track.name = Some(xml_text(&part.name, notes));
            let segments = part.recording.into_segments().into_iter();
            let points = |fixes: Vec<Fix>| fixes.iter().map(waypoint).collect();
            track.segments = segments.map(|fixes| TrackSegment { points: points(fixes) }).collect();
            fixes += track.segments.iter().map(|segment| segment.points.len()).sum::<usize>();
            track
        };
        let tracks = parts.into_iter().map(&mut track).collect();
        notes.count("fixes of tracks", fixes as u64);
        Ok(tracks)
    }

    /// The file so far: it starts with the tracks of files.
    fn begun(
        &mut self,
        out: &mut dyn Write,
        notes: &dyn Diagnostics,
    ) -> Result<GpxWriter, FatalError> {
        if let Some(gpx) = self.gpx.take() {
            return Ok(gpx);
        }
        let mut gpx = GpxWriter::new()?;
        self.tracks(notes)?.into_iter().try_for_each(|track| gpx.whole(track, out))?;
        Ok(gpx)
    }

    /// Writes a track for each sequence of the rows so far, and removes them.
    fn sequences(
        &mut self,
        out: &mut dyn Write,
        notes: &dyn Diagnostics,
    ) -> Result<GpxWriter, FatalError> {
        let mut gpx = self.begun(out, notes)?;
        let order = self.index.order(&self.rows)?;
        let untimed: usize = order.groups(&self.index).map(|group| group.untimed.len()).sum();
        if untimed > 0 {
            notes.count("without a time", untimed as u64);
        }
        let (mut cursor, mut to) = (RowCursor::default(), Output { gpx: &mut gpx, out });
        order
            .groups(&self.index)
            .try_for_each(|group| self.track(group, &mut cursor, &mut to, notes))?;
        self.rows.clear();
        self.index = PhotoIndex::default();
        Ok(gpx)
    }

    fn track(
        &self,
        group: GroupPhotos,
        cursor: &mut RowCursor,
        to: &mut Output,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        if !group.is_captured {
            notes.once("photos whose instant is not known have no time in the file");
        }
        let first = group.all_rows().next().map(|row| cursor.get(&self.rows, row)).transpose()?;
        let name = first.as_ref().and_then(|row| row.get(Field::SeqId));
        let mut part = to.gpx.track(name.map(|name| xml_text(name, notes)));
        for photo in group.photos() {
            let row = cursor.get(&self.rows, photo.row)?;
            let point = point(&row, &photo, group.is_captured, self.choice.heights, notes);
            point.into_iter().try_for_each(|point| to.gpx.point(&mut part, point, to.out))?;
        }
        to.gpx.end(part, to.out)
    }

    /// The time and the place of a point, and its height.
    fn facts(
        &self,
        row: &Row,
        notes: &dyn Diagnostics,
    ) -> Result<Option<(PhotoFacts, Option<f64>)>, RowError> {
        let facts = PhotoFacts::with_instant(row)?;
        let height_m = height(row, self.choice.heights, notes)?;
        if facts.position.is_none() {
            notes.count("without a place", 1);
        }
        Ok(facts.position.is_some().then_some((facts, height_m)))
    }
}

impl Document for ToGpx {
    fn stands_alone(&self) -> bool {
        !self.choice.tracks.is_empty()
    }

    fn add(&mut self, row: &Row, out: &mut Vec<u8>, notes: &dyn Diagnostics) -> Result<(), Error> {
        let Some((facts, height_m)) = self.facts(row, notes)? else { return Ok(()) };
        let turn = self.groups.as_mut().map_or(Ok(GroupChange::Same), |groups| groups.turn(row));
        if turn.map_err(|parted| Error::Row(parted.to_string()))? == GroupChange::Next {
            self.gpx = Some(self.sequences(out, notes)?);
        }
        self.index.push(row, &facts, Some(sequence_key(row)));
        let mut kept = row.under(&self.kept);
        if row.get(Field::Altitude).is_none() {
            height_m.iter().for_each(|m| kept.set_display(Field::Altitude, m));
        }
        Ok(self.rows.push(&kept)?)
    }

    fn finish(mut self, out: &mut dyn Write, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        self.sequences(out, notes)?.finish(out)
    }
}

#[cfg(test)]
mod tests;
