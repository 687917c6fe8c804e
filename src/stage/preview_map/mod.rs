//! preview-map: rows as one page of HTML that shows them on a map, without any network.

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::archive::locate::Locator;
use crate::disk::open;
use crate::format::picture::Picture;
use crate::row::{Field, Row};
use crate::value::geo::Position;
use crate::value::track_position::Limits;
use crate::value::zone::Zone;

use crate::photo::order::{PhotoFacts, sequence_key};
use crate::photo::padded::Padded;
use crate::photo::photo_index::{GroupPhotos, PhotoIndex};
use crate::photo::row_store::{RowCursor, RowStore};
use crate::photo::tracks::{TrackOptions, Tracks};
use crate::shape::document::{Document, put};
use crate::shape::{Diagnostics, Error, FatalError, InputHeader, RowError, Shape};

/// The page, with a place for the data.
const PAGE: &str = include_str!("page.html");
const MARK: &str = "/*DATA*/";

/// Thumbnails that a page may hold: browsers get slow beyond.
const MAX_THUMBNAIL_BYTES: usize = 24 << 20;

/// What stands for itself in the path of an address (RFC 3986, 3.3).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// What the user chose.
#[derive(Debug, Clone, Default)]
pub struct PreviewOptions {
    pub tracks: Vec<PathBuf>,
    /// The zone of tracks that were written in local time.
    pub track_zone: Option<Zone>,
    /// A longer time between two photos of a sequence is a gap.
    pub gap_s: f64,
    /// The folder that the page will be in, where that is known.
    pub folder: Option<PathBuf>,
}

/// Holds when and where the photos were taken, 45 bytes a row, and the thumbnails; rows are put aside.
pub struct PreviewMap {
    choice: PreviewOptions,
    locator: Locator,
    rows: RowStore,
    index: PhotoIndex,
    thumbnails: Vec<String>,
    thumbnail_bytes: usize,
    /// For each row the number of its thumbnail, from 1.
    numbers: Padded<u32>,
}

/// What lies beside the photos in the page.
#[derive(Default)]
struct Drawn {
    /// Each sequence's name and length.
    sequences: Vec<Value>,
    gaps: Vec<Value>,
}

impl PreviewMap {
    /// What is put aside lies in `folder`.
    pub fn new(choice: PreviewOptions, folder: &Path) -> Self {
        PreviewMap {
            choice,
            locator: Locator::default(),
            rows: RowStore::new(folder),
            index: PhotoIndex::default(),
            thumbnails: Vec::new(),
            thumbnail_bytes: 0,
            numbers: Padded::default(),
        }
    }

    /// The number of the row's thumbnail, from 1; 0 when its picture has none.
    fn thumbnail(&mut self, row: &Row, notes: &dyn Diagnostics) -> u32 {
        let Some(bytes) = row.get(Field::Path).and_then(|path| thumbnail(Path::new(path))) else {
            return 0;
        };
        if self.thumbnail_bytes + bytes.len() > MAX_THUMBNAIL_BYTES {
            notes.once("the page is full of thumbnails: further pictures are read from disk when they are chosen");
            return 0;
        }
        self.thumbnail_bytes += bytes.len();
        self.thumbnails.push(BASE64_STANDARD.encode(bytes));
        self.thumbnails.len() as u32
    }

    /// Writes the photos in the order of their sequences; gives each sequence's name and length, and the gaps.
    fn photos(&mut self, out: &mut dyn Write) -> Result<Drawn, FatalError> {
        let order = self.index.order(&self.rows)?;
        let (mut drawn, mut cursor, mut is_first) = (Drawn::default(), RowCursor::default(), true);
        for (number, group) in order.groups(&self.index).enumerate() {
            let mut name = None;
            for at in group.all_rows() {
                let row = cursor.get(&self.rows, at)?;
                put(out, if std::mem::replace(&mut is_first, false) { "" } else { "," })?;
                put(out, self.photo(&row, at, number))?;
                let own = || row.get(Field::SeqId).unwrap_or("no sequence").to_string();
                name.get_or_insert_with(own);
            }
            drawn.sequences.push(json!([name.unwrap_or_default(), group.all_rows().count()]));
            self.gaps(group, &mut drawn.gaps);
        }
        Ok(drawn)
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
            row.get(Field::Path).and_then(|path| self.address(path)),
            cells,
        ]))
    }

    /// Where the page finds the picture: beside or below it by a relative address, so that both can
    /// be moved together; elsewhere by an absolute one. What a browser cannot show has none.
    fn address(&self, path: &str) -> Option<String> {
        let ending = Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
        if !matches!(ending.as_str(), "jpg" | "jpeg" | "jpe" | "webp" | "png" | "avif") {
            return None;
        }
        let whole = std::path::absolute(path).ok()?;
        let folder = std::path::absolute(self.choice.folder.as_deref()?).ok()?;
        let (start, rest) = match whole.strip_prefix(&folder) {
            Ok(below) => ("", below),
            Err(_) => ("file://", whole.as_path()),
        };
        Some(format!("{start}{}", utf8_percent_encode(rest.to_str()?, PATH)))
    }

    /// The track's segments, cut at holes, and the holes.
    fn track(&self, notes: &dyn Diagnostics) -> Result<(Vec<Value>, Vec<Value>), FatalError> {
        let captured = || (0..self.index.len()).filter_map(|at| self.index.captured_ms(at));
        let near_ms = captured().next();
        let zone = self.choice.track_zone;
        let how = TrackOptions { near_ms, zone, ..TrackOptions::default() };
        let mut tracks = Tracks::open(&self.choice.tracks, how)?;
        captured().try_for_each(|ms| tracks.cover(Some(ms)))?;
        tracks.words().iter().chain(&tracks.last_words()).for_each(|words| notes.once(words));
        let limits = Limits::default();
        let (mut lines, mut holes): (Vec<Vec<Value>>, Vec<Value>) = Default::default();
        for segment in tracks.track().segments() {
            lines.push(Vec::new());
            for (at, fix) in segment.iter().enumerate() {
                let before = at.checked_sub(1).map(|before| &segment[before]);
                let is_hole = before.is_some_and(|before| {
                    let gap_s = (fix.time_ms - before.time_ms) as f64 / 1000.0;
                    !limits.bridge(gap_s, before.position.distance_m(fix.position))
                });
                if let (true, Some(before)) = (is_hole, before) {
                    holes.push(json!([place(before.position), place(fix.position)]));
                    lines.push(Vec::new());
                }
                lines.last_mut().into_iter().for_each(|line| line.push(place(fix.position)));
            }
        }
        Ok((lines.into_iter().map(Value::from).collect(), holes))
    }
}

impl Document for PreviewMap {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn add(&mut self, row: &Row, _: &mut Vec<u8>, notes: &dyn Diagnostics) -> Result<(), Error> {
        let facts = PhotoFacts::from_row(row).map_err(RowError::from)?;
        if facts.position.is_none() {
            notes.count("without a place", 1);
        }
        let mut row = row.clone();
        if let Ok(Some(found)) = self.locator.find(&row) {
            found.tell(&mut row);
        }
        match self.thumbnail(&row, notes) {
            0 => {}
            number => self.numbers.set(self.index.len(), number),
        }
        self.index.push(&row, &facts, Some(sequence_key(&row)));
        Ok(self.rows.push(&row)?)
    }

    fn finish(mut self, out: &mut dyn Write, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let (head, tail) = PAGE.split_once(MARK).expect("the page has a place for the data");
        put(out, head)?;
        put(out, "{\"photos\":[")?;
        let drawn = self.photos(out)?;
        put(out, "]")?;
        let (track, holes) = self.track(notes)?;
        let lists: [(&str, Value); 5] = [
            ("sequences", drawn.sequences.into()),
            ("gaps", drawn.gaps.into()),
            ("track", track.into()),
            ("holes", holes.into()),
            ("thumbnails", self.thumbnails.into()),
        ];
        for (name, list) in lists {
            put(out, format!(",\"{name}\":{}", within_script(&list)))?;
        }
        put(out, "}")?;
        put(out, tail)
    }
}

/// A cell that says `</script>` must not end the script.
fn within_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// A millionth of a degree is a tenth of a metre, which no screen shows.
fn place(position: Position) -> Value {
    let rounded = |deg: f64| (deg * 1e7).round() / 1e7;
    json!([rounded(position.lon_deg()), rounded(position.lat_deg())])
}

/// A picture that cannot be read has no thumbnail, which is no fault of its row.
fn thumbnail(path: &Path) -> Option<Vec<u8>> {
    Picture::open(open::file(path).ok()?).ok()?.thumbnail().ok()?
}

#[cfg(test)]
mod tests;
