//! preview-map: rows as one page of HTML that shows them on a map, without any network.

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

use crate::photo::order::{PhotoFacts, groups, sequence_key};
use crate::photo::tracks::{TrackOptions, Tracks};
use crate::shape::document::Document;
use crate::shape::{Diagnostics, FatalError, InputHeader, RowError, Shape};

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

/// Holds all rows and the page, about 1.7 KB a row, and the thumbnails.
pub struct PreviewMap {
    choice: PreviewOptions,
    locator: Locator,
    rows: Vec<Row>,
    facts: Vec<PhotoFacts>,
    thumbnails: Vec<String>,
    thumbnail_bytes: usize,
    /// For each row the number of its thumbnail, from 1.
    numbers: Vec<usize>,
}

impl PreviewMap {
    pub fn new(choice: PreviewOptions) -> Self {
        PreviewMap {
            choice,
            locator: Locator::default(),
            rows: Vec::new(),
            facts: Vec::new(),
            thumbnails: Vec::new(),
            thumbnail_bytes: 0,
            numbers: Vec::new(),
        }
    }

    /// The number of the row's thumbnail, from 1; 0 when its picture has none.
    fn thumbnail(&mut self, row: &Row, notes: &dyn Diagnostics) -> usize {
        let Some(bytes) = row.get(Field::Path).and_then(|path| thumbnail(Path::new(path))) else {
            return 0;
        };
        if self.thumbnail_bytes + bytes.len() > MAX_THUMBNAIL_BYTES {
            notes.once("the page is full of thumbnails: further pictures are read from disk when they are chosen");
            return 0;
        }
        self.thumbnail_bytes += bytes.len();
        self.thumbnails.push(BASE64_STANDARD.encode(bytes));
        self.thumbnails.len()
    }

    /// The photos in the order of their sequences, each sequence's name and length, and the gaps.
    fn photos(&self) -> (Vec<String>, Vec<Value>, Vec<Value>) {
        let groups = groups(&self.rows, self.facts.iter().enumerate(), sequence_key);
        let (mut photos, mut sequences, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
        for (number, group) in groups.iter().enumerate() {
            let timed = group.photos.iter().map(|photo| photo.row);
            let rows: Vec<usize> = timed.chain(group.untimed.iter().copied()).collect();
            photos.extend(rows.iter().map(|&row| self.photo(row, number)));
            let name = rows.first().and_then(|&row| self.rows[row].get(Field::SeqId));
            sequences.push(json!([name.unwrap_or("no sequence"), rows.len()]));
            let placed: Vec<_> =
                group.photos.iter().filter(|photo| photo.position.is_some()).collect();
            for pair in placed.windows(2) {
                let gap_s = (pair[1].time_ms - pair[0].time_ms) as f64 / 1000.0;
                if let (true, Some(from), Some(to)) =
                    (gap_s > self.choice.gap_s, pair[0].position, pair[1].position)
                {
                    gaps.push(json!([place(from), place(to)]));
                }
            }
        }
        (photos, sequences, gaps)
    }

    /// As text, which takes a tenth of the memory of values.
    fn photo(&self, at: usize, sequence: usize) -> String {
        let row = &self.rows[at];
        let position = self.facts[at].position;
        let compass_deg = row.number(Field::CompassAngle).ok().flatten();
        let cells: Vec<Value> =
            row.filled().map(|(column, text, _)| json!([&*column.name, text])).collect();
        within_script(&json!([
            position.map(Position::lon_deg),
            position.map(Position::lat_deg),
            compass_deg,
            sequence,
            self.numbers[at],
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
        let near_ms = self.facts.iter().find_map(|facts| facts.captured_ms);
        let zone = self.choice.track_zone;
        let how = TrackOptions { near_ms, zone, ..TrackOptions::default() };
        let mut tracks = Tracks::open(&self.choice.tracks, how)?;
        for facts in self.facts.iter().filter(|facts| facts.captured_ms.is_some()) {
            tracks.cover(facts.captured_ms)?;
        }
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

    fn add(&mut self, row: &Row, notes: &dyn Diagnostics) -> Result<(), RowError> {
        let facts = PhotoFacts::from_row(row)?;
        if facts.position.is_none() {
            notes.count("without a place", 1);
        }
        let mut row = row.clone();
        if let Ok(Some(found)) = self.locator.find(&row) {
            found.tell(&mut row);
        }
        let number = self.thumbnail(&row, notes);
        self.numbers.push(number);
        self.facts.push(facts);
        self.rows.push(row);
        Ok(())
    }

    fn finish(self, notes: &dyn Diagnostics) -> Result<Vec<u8>, FatalError> {
        let (photos, sequences, gaps) = self.photos();
        let (track, holes) = self.track(notes)?;
        let (head, tail) = PAGE.split_once(MARK).expect("the page has a place for the data");
        let mut page = format!("{head}{{\"photos\":[");
        for (at, photo) in photos.into_iter().enumerate() {
            page.push_str(if at == 0 { "" } else { "," });
            page.push_str(&photo);
        }
        page.push(']');
        let lists: [(&str, Value); 5] = [
            ("sequences", sequences.into()),
            ("gaps", gaps.into()),
            ("track", track.into()),
            ("holes", holes.into()),
            ("thumbnails", self.thumbnails.into()),
        ];
        for (name, list) in lists {
            page.push_str(&format!(",\"{name}\":{}", within_script(&list)));
        }
        page.push('}');
        page.push_str(tail);
        Ok(page.into_bytes())
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
