//! Reports what a job has fetched, for a person and as JSON: by day and sequence, how much, when and where, and what is
//! missing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::row::{Field, Row};
use crate::shape::FatalError;
use crate::value::human_format::{bytes, grouped};
use crate::value::instant::format_instant;

use super::images_file::for_each;

/// At most this many days, sequences and ids are shown to a person; JSON has all days and sequences.
const SHOWN: usize = 20;
const SHOWN_IDS: usize = 5;
const NO_DAY: &str = "no date";

#[derive(Debug, Default, Clone, Copy)]
struct Group {
    pictures: u64,
    bytes: u64,
}

/// Why pictures are missing: how many, and the first ids.
#[derive(Debug, Default)]
struct Missing {
    pictures: u64,
    ids: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Report {
    all: Group,
    days: BTreeMap<String, Group>,
    sequences: BTreeMap<String, Group>,
    users: BTreeMap<String, Group>,
    captured_ms: Option<(i64, i64)>,
    /// West, south, east, north of the recorded positions.
    bbox: Option<[f64; 4]>,
    missing: BTreeMap<String, Missing>,
}

impl Group {
    fn add(&mut self, bytes: u64) {
        self.pictures += 1;
        self.bytes += bytes;
    }

    fn words(self) -> String {
        let noun = if self.pictures == 1 { "picture" } else { "pictures" };
        format!("{} {noun}, {}", grouped(self.pictures), bytes(self.bytes))
    }
}

impl Report {
    /// Reads the rows of the pictures, and the lists of failures.
    pub fn read(rows: &Path, failed: &[impl AsRef<Path>]) -> Result<Report, FatalError> {
        let mut report = Report::default();
        for_each(rows, |row| {
            report.add(row);
            Ok(())
        })?;
        for path in failed.iter().map(AsRef::as_ref).filter(|path| path.exists()) {
            for_each(path, |row| {
                report.miss(row);
                Ok(())
            })?;
        }
        Ok(report)
    }

    fn add(&mut self, row: &Row) {
        let bytes = row.integer(Field::Bytes).ok().flatten().unwrap_or(0).max(0) as u64;
        let captured = row.integer(Field::CapturedAt).ok().flatten();
        let day = captured.and_then(format_instant).map(|text| text[..10].to_string());
        self.all.add(bytes);
        self.days.entry(day.unwrap_or_else(|| NO_DAY.into())).or_default().add(bytes);
        for (groups, field) in
            [(&mut self.sequences, Field::SeqId), (&mut self.users, Field::CreatorUsername)]
        {
            if let Some(name) = row.get(field) {
                groups.entry(name.to_string()).or_default().add(bytes);
            }
        }
        if let Some(ms) = captured {
            let (first, last) = self.captured_ms.unwrap_or((ms, ms));
            self.captured_ms = Some((first.min(ms), last.max(ms)));
        }
        if let (Ok(Some(lon)), Ok(Some(lat))) = (row.number(Field::Lon), row.number(Field::Lat)) {
            let [w, s, e, n] = self.bbox.unwrap_or([lon, lat, lon, lat]);
            self.bbox = Some([w.min(lon), s.min(lat), e.max(lon), n.max(lat)]);
        }
    }

    fn miss(&mut self, row: &Row) {
        let name =
            [Field::ImgId, Field::SeqId, Field::Path].iter().find_map(|&field| row.get(field));
        let why = row.get(Field::Error).unwrap_or("no answer");
        // Rows that fail for the same reason are grouped, whatever their ids.
        let why = name.map_or(why.to_string(), |name| why.replace(name, "ID"));
        let missing = self.missing.entry(why).or_default();
        missing.pictures += 1;
        if missing.ids.len() < SHOWN_IDS {
            missing.ids.extend(name.map(String::from));
        }
    }

    /// For a person.
    pub fn text(&self, into: &Path) -> String {
        let mut text = format!("{} in '{}'\n", self.all.words(), into.display());
        let instant = |ms| format_instant(ms).unwrap_or_default();
        if let Some((first, last)) = self.captured_ms {
            let _ = writeln!(text, "captured from {} to {}", instant(first), instant(last));
        }
        if let Some([w, s, e, n]) = self.bbox {
            let _ = writeln!(text, "within {w:.5},{s:.5},{e:.5},{n:.5}");
        }
        for (what, groups) in
            [("day", &self.days), ("sequence", &self.sequences), ("user", &self.users)]
        {
            table(&mut text, what, groups);
        }
        for (why, missing) in &self.missing {
            let more = if missing.pictures as usize > missing.ids.len() { ", ..." } else { "" };
            let ids = missing.ids.join(", ");
            let _ =
                writeln!(text, "\nnot fetched: {}, {why}: {ids}{more}", grouped(missing.pictures));
        }
        text
    }

    /// For a program.
    pub fn json(&self, into: &Path) -> Value {
        let groups = |what: &str, groups: &BTreeMap<String, Group>| -> Value {
            let one = |(name, group): (&String, &Group)| json!({what: name, "pictures": group.pictures, "bytes": group.bytes});
            groups.iter().map(one).collect()
        };
        let missing = |(why, missing): (&String, &Missing)| json!({"why": why, "pictures": missing.pictures, "ids": missing.ids});
        json!({
            "into": into.display().to_string(),
            "pictures": self.all.pictures,
            "bytes": self.all.bytes,
            "first_captured_at": self.captured_ms.and_then(|(first, _)| format_instant(first)),
            "last_captured_at": self.captured_ms.and_then(|(_, last)| format_instant(last)),
            "bbox": self.bbox,
            "days": groups("day", &self.days),
            "sequences": groups("sequence", &self.sequences),
            "users": groups("user", &self.users),
            "missing": self.missing.iter().map(missing).collect::<Value>(),
        })
    }
}

/// Formats the groups, a line each.
fn table(text: &mut String, what: &str, groups: &BTreeMap<String, Group>) {
    if groups.is_empty() {
        return;
    }
    let width = groups.keys().take(SHOWN).map(|name| name.chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "\nby {what}:");
    for (name, group) in groups.iter().take(SHOWN) {
        let _ = writeln!(text, "  {name:width$}  {}", group.words());
    }
    if groups.len() > SHOWN {
        let _ = writeln!(text, "  and {} more", grouped((groups.len() - SHOWN) as u64));
    }
}

#[cfg(test)]
mod tests;
