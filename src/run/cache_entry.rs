//! One cached response, and its line in the cache file.

use crate::row::{Column, Columns, Row, json};
use crate::shape::{Batch, Cut, End, Outcome};

/// One cached response: the result for a key, and in a walk the nodes that it leads to.
#[derive(Debug, Default, PartialEq)]
pub struct CacheEntry {
    pub rows: Vec<Row>,
    pub end: Option<End>,
    pub filtered: bool,
    /// Whether its row continues to the last part of the run, whose results are not cached.
    pub goes_on: bool,
    pub next: Vec<String>,
}

/// The line before the rows of a response.
pub struct Head {
    pub key: String,
    pub kind: String,
    pub rows: usize,
    pub bytes: usize,
    next: Vec<String>,
}

/// The kind of a response whose rows are in the output.
const OUTPUT: &str = "output";
/// The kind of a response from whose row another part makes the output.
const GOES_ON: &str = "goes on";

impl Head {
    pub fn new(key: &str, answer: &CacheEntry, bytes: usize) -> Head {
        let kind = match answer.end {
            Some(end) => end.word(),
            None if answer.filtered => "filtered",
            None if answer.goes_on => GOES_ON,
            None => "rows",
        };
        Head {
            key: key.into(),
            kind: kind.into(),
            rows: answer.rows.len(),
            bytes,
            next: answer.next.clone(),
        }
    }

    pub fn line(&self) -> Vec<u8> {
        let mut head = serde_json::json!({
            "key": self.key, "answer": self.kind, "rows": self.rows, "bytes": self.bytes,
        });
        if !self.next.is_empty() {
            head["next"] = self.next.clone().into();
        }
        (head.to_string() + "\n").into_bytes()
    }

    /// The head of a response whose rows are only in the output.
    pub fn settled(&self) -> Head {
        Head { key: self.key.clone(), kind: OUTPUT.into(), bytes: 0, next: Vec::new(), ..*self }
    }

    pub fn is_settled(&self) -> bool {
        self.kind == OUTPUT
    }

    /// Whether a complete output holds the response itself. There, the rows of an incomplete list would look like a
    /// complete one, and a row that continues becomes other rows.
    pub fn is_in_output(&self) -> bool {
        self.rows > 0 && self.kind != End::Incomplete.word() && self.kind != GOES_ON
    }

    pub fn parse(line: &[u8]) -> Option<Head> {
        let head: serde_json::Value = serde_json::from_slice(line.strip_suffix(b"\n")?).ok()?;
        let number = |name: &str| head.get(name)?.as_u64().map(|n| n as usize);
        let text = |value: &serde_json::Value| value.as_str().map(String::from);
        Some(Head {
            key: text(head.get("key")?)?,
            kind: text(head.get("answer")?)?,
            rows: number("rows")?,
            bytes: number("bytes")?,
            next: head
                .get("next")
                .and_then(|n| n.as_array())
                .map(|n| n.iter().filter_map(text).collect())
                .unwrap_or_default(),
        })
    }

    pub fn answer(self, body: &str) -> Option<CacheEntry> {
        let mut parser = json::Parser::default();
        let mut rows = Vec::new();
        for line in body.lines() {
            let mut row = Row::new(Columns::from_fields(&[]));
            parser.read(line, &mut row).ok()?.then(|| rows.push(row));
        }
        let end = End::ALL.into_iter().find(|end| end.word() == self.kind);
        (rows.len() == self.rows).then_some(CacheEntry {
            rows,
            end,
            filtered: self.kind == "filtered",
            goes_on: self.kind == GOES_ON,
            next: self.next,
        })
    }
}

impl CacheEntry {
    /// The part of an outcome to cache; a failure is not cached.
    pub fn from_outcome(outcome: &Outcome) -> Option<CacheEntry> {
        match outcome {
            Outcome::Rows(rows) => Some(CacheEntry { rows: rows.clone(), ..CacheEntry::default() }),
            Outcome::Filtered => Some(CacheEntry { filtered: true, ..CacheEntry::default() }),
            Outcome::Ended(_, end) => Some(CacheEntry { end: Some(*end), ..CacheEntry::default() }),
            Outcome::Cut(cut) => Some(CacheEntry {
                rows: cut.rows.clone(),
                end: Some(End::Incomplete),
                ..CacheEntry::default()
            }),
            Outcome::Next(row) => {
                Some(CacheEntry { rows: vec![row.clone()], goes_on: true, ..CacheEntry::default() })
            }
            Outcome::Found(..) | Outcome::Failed(..) => None,
        }
    }

    /// The outcome for a row with the same key: the columns carried from the row, and those that the stage sets from
    /// the response.
    pub fn outcome(self, row: Row, stage: &dyn Batch, sets: &[Column]) -> Outcome {
        let carried = stage.carried(&row);
        let filled = |answer: &Row| {
            let mut row = carried.clone();
            stage.fill(&mut row, answer, sets);
            row
        };
        let mut rows: Vec<Row> = self.rows.iter().map(filled).collect();
        match self.end {
            None if self.goes_on && rows.len() == 1 => Outcome::Next(rows.remove(0)),
            Some(End::Incomplete) => {
                let why = "so an earlier run found it, and --recheck asks again".to_string();
                Outcome::Cut(Cut { rows, list: row, why })
            }
            Some(end) => Outcome::Ended(row, end),
            None if self.filtered => Outcome::Filtered,
            None => Outcome::Rows(rows),
        }
    }
}

#[cfg(test)]
mod tests;
