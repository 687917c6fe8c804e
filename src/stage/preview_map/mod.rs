//! preview-map: one HTML page that shows rows on a map, without any network.

mod drawn_tracks;
mod page;
mod picture_address;
mod thumbnails;

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::archive::locate::Locator;
use crate::row::{Field, Row};
use crate::value::geo::Position;
use crate::value::zone::Zone;

use crate::photo::capture_facts::{PhotoFacts, sequence_key};
use crate::photo::photo_index::{GroupPhotos, PhotoIndex};
use crate::photo::row_store::{RowCursor, RowStore};
use crate::photo::sorted_groups::{GroupChange, SortedGroups};
use crate::photo::sparse_column::Padded;
use crate::shape::document::{Document, put};
use crate::shape::{Diagnostics, Error, FatalError, InputHeader, RowError, Shape};
use drawn_tracks::DrawnTracks;
use page::{page, within_script};
use picture_address::address;
use thumbnails::Thumbnails;
/// The options of preview-map.
#[derive(Debug, Clone, Default)]
pub struct PreviewOptions {
    pub tracks: Vec<PathBuf>,
    /// The zone of tracks that were written in local time.
    pub track_zone: Option<Zone>,
    /// A longer time between two photos of a sequence is a gap.
    pub gap_s: f64,
    /// The folder that the page will be in, if known.
    pub folder: Option<PathBuf>,
    /// The rows of a sequence are adjacent, and it is drawn once it is complete.
    pub sorted: bool,
}

/// Holds the times and positions of the photos, 45 bytes a row, and the thumbnails; rows are stored in a temporary
/// file.
pub struct PreviewMap {
    choice: PreviewOptions,
    locator: Locator,
    /// The rows, or those of one sequence.
    rows: RowStore,
    index: PhotoIndex,
    groups: Option<SortedGroups>,
    tracks: DrawnTracks,
    drawn: Drawn,
    thumbnails: Thumbnails,
    /// The number of each row's thumbnail, from 1.
    numbers: Padded<u32>,
}

/// The data of the page other than photos.
#[derive(Default)]
struct Drawn {
    /// The name and length of each sequence.
    sequences: Vec<Value>,
    gaps: Vec<Value>,
    /// Whether the start of the page is written.
    has_begun: bool,
    /// Whether there is a photo in the page.
    has_photos: bool,
}

impl PreviewMap {
    /// The temporary file is in `folder`.
    pub fn new(choice: PreviewOptions, folder: &Path) -> Self {
        let groups = choice.sorted.then(SortedGroups::default);
        let tracks = DrawnTracks::new(choice.tracks.clone(), choice.track_zone);
        PreviewMap {
            choice,
            locator: Locator::new(folder),
            rows: RowStore::new(folder),
            index: PhotoIndex::default(),
            groups,
            tracks,
            drawn: Drawn::default(),
            thumbnails: Thumbnails::default(),
            numbers: Padded::default(),
        }
    }

    /// Writes the photos so far, in the order of their sequences, and removes them.
    fn photos(&mut self, out: &mut dyn Write) -> Result<(), FatalError> {
        self.tracks.cover(&self.index)?;
        let mut drawn = std::mem::take(&mut self.drawn);
        if !std::mem::replace(&mut drawn.has_begun, true) {
            put(out, page().0)?;
            put(out, "{\"photos\":[")?;
        }
        let order = self.index.order(&self.rows)?;
        let mut cursor = RowCursor::default();
        for group in order.groups(&self.index) {
            self.sequence(group, &mut cursor, &mut drawn, out)?;
        }
        self.drawn = drawn;
        self.rows.clear();
        (self.index, self.numbers) = Default::default();
        Ok(())
    }

    fn sequence(
        &self,
        group: GroupPhotos,
        cursor: &mut RowCursor,
        drawn: &mut Drawn,
        out: &mut dyn Write,
    ) -> Result<(), FatalError> {
        let (mut name, number) = (None, drawn.sequences.len());
        for at in group.all_rows() {
            let row = cursor.get(&self.rows, at)?;
            put(out, if std::mem::replace(&mut drawn.has_photos, true) { "," } else { "" })?;
            put(out, self.photo(&row, at, number))?;
            name.get_or_insert_with(|| row.get(Field::SeqId).unwrap_or("no sequence").to_string());
        }
        drawn.sequences.push(json!([name.unwrap_or_default(), group.all_rows().count()]));
        self.gaps(group, &mut drawn.gaps);
        Ok(())
    }

    fn gaps(&self, group: GroupPhotos, gaps: &mut Vec<Value>) {
        let placed = || group.photos().filter(|photo| photo.position.is_some());
        for (last, photo) in placed().zip(placed().skip(1)) {
            let gap_s = (photo.time_ms - last.time_ms) as f64 / 1000.0;
            if let (true, Some(from), Some(to)) =
                (gap_s > self.choice.gap_s, last.position, photo.position)
            {
                gaps.push(json!([place(from), place(to)]));
            }
        }
    }

    fn photo(&self, row: &Row, at: usize, sequence: usize) -> String {
        let position = self.index.position(at);
        let compass_deg = row.number(Field::CompassAngle).ok().flatten();
        let cells: Vec<Value> =
            row.filled().map(|(column, text, _)| json!([&*column.name, text])).collect();
        within_script(&json!([
            position.map(Position::lon_deg),
            position.map(Position::lat_deg),
            compass_deg,
            sequence,
            self.numbers.get(at),
            row.get(Field::Path).and_then(|path| address(path, self.choice.folder.as_deref())),
            cells,
        ]))
    }
}

impl Document for PreviewMap {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn add(&mut self, row: &Row, out: &mut Vec<u8>, notes: &dyn Diagnostics) -> Result<(), Error> {
        let facts = PhotoFacts::with_instant(row).map_err(RowError::from)?;
        let mut row = row.clone();
        if let Ok(Some(found)) = self.locator.find(&row) {
            found.tell(&mut row);
        }
        let turn = self.groups.as_mut().map_or(Ok(GroupChange::Same), |groups| groups.turn(&row));
        if turn.map_err(|parted| Error::Row(parted.to_string()))? == GroupChange::Next {
            self.photos(out)?;
        }
        if facts.position.is_none() {
            notes.count("without a place", 1);
        }
        match self.thumbnails.add(&row, notes) {
            0 => {}
            number => self.numbers.set(self.index.len(), number),
        }
        self.index.push(&row, &facts, Some(sequence_key(&row)));
        Ok(self.rows.push(&row)?)
    }

    fn finish(mut self, out: &mut dyn Write, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        self.photos(out)?;
        put(out, "]")?;
        let (track, holes) = self.tracks.lines(notes)?;
        let lists: [(&str, Value); 5] = [
            ("sequences", self.drawn.sequences.into()),
            ("gaps", self.drawn.gaps.into()),
            ("track", track.into()),
            ("holes", holes.into()),
            ("thumbnails", self.thumbnails.list.into()),
        ];
        for (name, list) in lists {
            put(out, format!(",\"{name}\":{}", within_script(&list)))?;
        }
        put(out, "}")?;
        put(out, page().1)
    }
}

/// Rounded to 1e-7 degrees, about a centimetre, which no screen shows.
fn place(position: Position) -> Value {
    let rounded = |deg: f64| (deg * 1e7).round() / 1e7;
    json!([rounded(position.lon_deg()), rounded(position.lat_deg())])
}

#[cfg(test)]
mod tests;
