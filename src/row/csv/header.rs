//! The header of a table: which column each cell of a line belongs to.

use std::sync::Arc;

use super::MORE;
use crate::row::{Column, Columns, Type, names};

/// What each cell of a line stands for.
#[derive(Clone, PartialEq)]
pub enum Slot {
    Column(usize),
    /// An object or a point of the Graph API, or `more`: unfolded.
    Folded(Arc<str>),
}

pub struct Header {
    pub columns: Arc<Columns>,
    pub all: Vec<Slot>,
    /// The slots of a line that is short by just the doubled names.
    pub short: Option<Vec<Slot>>,
    /// Whether it names more columns than a row may have.
    pub is_too_wide: bool,
}

impl Header {
    pub fn new(names: &csv::StringRecord) -> Header {
        let mut list: Vec<Column> = Vec::new();
        let (mut all, mut short, mut doubles) = (Vec::new(), Vec::new(), 0);
        for name in names.iter().map(clean) {
            if name == MORE || names::parts(name).is_some() {
                let parts = names::parts(name).unwrap_or_default();
                list.extend(parts.iter().map(|&field| field.into()));
                list.push(Column::named(name));
                all.push(Slot::Folded(name.into()));
                short.push(Slot::Folded(name.into()));
                continue;
            }
            let column = Column::named(name);
            let before = list.iter().position(|other| *other == column);
            let at = before.unwrap_or_else(|| {
                list.push(column);
                list.len() - 1
            });
            all.push(Slot::Column(at));
            match before {
                Some(_) => doubles += 1,
                None => short.push(Slot::Column(at)),
            }
        }
        let columns = Columns::new(list.iter().cloned());
        let is_too_wide = list.iter().any(|column| columns.place(column).is_none());
        // `more` and points may have named a column before: look each up again.
        let settle = |slots: Vec<Slot>| {
            slots
                .into_iter()
                .map(|slot| match slot {
                    Slot::Column(at) => Slot::Column(columns.place(&list[at]).unwrap_or(at)),
                    folded => folded,
                })
                .collect()
        };
        let (all, short) = (settle(all), settle(short));
        Header { all, short: (doubles > 0).then_some(short), columns, is_too_wide }
    }

    /// The slots of this header for rows of other columns, which have all of its.
    pub fn slots_in(&self, columns: &Columns) -> Vec<Slot> {
        let slot = |slot: &Slot| match slot {
            Slot::Column(at) => {
                Slot::Column(columns.place(&self.columns.list()[*at]).unwrap_or(usize::MAX))
            }
            folded => folded.clone(),
        };
        self.all.iter().map(slot).collect()
    }

    pub fn is_folded(&self) -> bool {
        self.all.iter().any(|slot| matches!(slot, Slot::Folded(_)))
    }
}

/// Whether a line below the header is one itself. Each cell has to be a name,
/// and one of them of the table: who has such a line as a row will find its
/// number in a note. One name alone is a text, unless it is no value of its
/// own column.
pub fn is(record: &csv::StringRecord, columns: &Columns) -> bool {
    let (mut names, mut known) = (0, 0);
    for name in record.iter().map(clean).filter(|name| !name.is_empty()) {
        let column = Column::named(name);
        let is_known = column.field.is_some() || name == MORE || names::parts(name).is_some();
        if !is_known && columns.place(&column).is_none() {
            return false;
        }
        (names, known) = (names + 1, known + usize::from(is_known));
    }
    let is_typed = || match (record.len(), columns.list()) {
        (1, [column]) => column.kind() != Type::Text && clean(&record[0]) == &*column.name,
        _ => false,
    };
    known > 0 && (names > 1 || is_typed())
}

/// The value in a first line that is a row and no header: it names no column that the table knows, and a number, a date or
/// a link is the name of none.
pub fn value_in(record: &csv::StringRecord) -> Option<&str> {
    let is_known = |name: &str| Column::named(name).field.is_some() || name == MORE;
    let mut names = record.iter().map(clean);
    let is_header = names.any(|name| is_known(name) || names::parts(name).is_some());
    record.iter().map(clean).filter(|_| !is_header).find(|cell| is_value(cell))
}

fn is_value(cell: &str) -> bool {
    let is_number = || cell.contains(|c: char| c.is_ascii_digit()) && cell.parse::<f64>().is_ok();
    let digits = || cell.bytes().take_while(u8::is_ascii_digit).count();
    let is_date = || digits() == 4 && matches!(cell.as_bytes().get(4), Some(b'-' | b':' | b'/'));
    is_number() || is_date() || cell.starts_with("https://") || cell.starts_with("http://")
}

/// A name without what is around it.
fn clean(name: &str) -> &str {
    name.trim_start_matches('\u{feff}').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cells: &[&str]) -> csv::StringRecord {
        csv::StringRecord::from(cells.to_vec())
    }

    #[test]
    fn a_value_in_the_first_line_shows_that_it_is_no_header() {
        for (cells, value) in [
            (&["1020304050600100", "x"][..], Some("1020304050600100")),
            (&["a", " -1.5e3 "], Some("-1.5e3")),
            (&["a", "2024-05-01"], Some("2024-05-01")),
            (&["2024:05:01 12:00:00"], Some("2024:05:01 12:00:00")),
            (&["a", "https://example.org/1.jpg"], Some("https://example.org/1.jpg")),
            // One name of the table, and it is a header, whatever stands beside.
            (&["img_id", "2024"], None),
            (&["12", "geometry"], None),
            (&["more", "1"], None),
            (&["\u{feff}img_id", "1"], None),
            // Names of others, which may have digits in them.
            (&["thumb2", "20240501x", "nan", "inf", "a"], None),
            (&["", ""], None),
            (&[], None),
        ] {
            assert_eq!(value_in(&record(cells)), value, "{cells:?}");
        }
    }

    #[test]
    fn a_header_below_the_first_is_told_from_a_row() {
        let columns = Header::new(&record(&["img_id", "note", "lon"])).columns;
        for (cells, is_header) in [
            (&["img_id", "note", "lon"][..], true),
            (&["lon", "img_id"], true),
            (&["sequence", "id"], true),
            (&["note", "note"], false),
            (&["img_id", "something"], false),
            (&["img_id"], false),
            (&["", ""], false),
            (&["1", "a", "2"], false),
        ] {
            assert_eq!(is(&record(cells), &columns), is_header, "{cells:?}");
        }
        let one = |name: &str| Header::new(&record(&[name])).columns;
        assert!(is(&record(&["img_id"]), &one("img_id")), "no id is called so");
        assert!(!is(&record(&["make"]), &one("make")), "a maker may be");
        assert!(!is(&record(&["id"]), &one("img_id")), "another spelling may be a value");
    }

    #[test]
    fn doubled_names_have_a_slot_in_long_lines_only() {
        let header = Header::new(&record(&["seq_id", "img_id", "sequence", "id"]));
        assert_eq!(header.columns.list().len(), 2);
        assert_eq!((header.all.len(), header.short.map(|short| short.len())), (4, Some(2)));
        let plain = Header::new(&record(&["seq_id", "img_id"]));
        assert!(plain.short.is_none() && !plain.is_folded() && !plain.is_too_wide);
        assert!(Header::new(&record(&["geometry"])).is_folded());
        let wide: Vec<String> = (0..70_000).map(|at| format!("c{at}")).collect();
        assert!(Header::new(&csv::StringRecord::from(wide)).is_too_wide);
    }
}
