//! Rows with the same name in a tar: the first of them gets it.

use std::path::PathBuf;

use super::{Enlisted, New};
use crate::disk::record_sorter::{RecordCursor, RecordSorter, SortedRecords};
use crate::photo::row_store::{RowCursor, RowStore, damaged, temporary};
use crate::shape::FatalError;
use crate::stage::pack_tar::PackTar;
use crate::stage::pack_tar::decisions::Decisions;
use crate::stage::pack_tar::row_decision::PackDecision;

/// Decides on the rows whose name is taken. The others are returned, sorted by group and name.
///
/// # Errors
/// Of the temporary file.
pub fn settle(
    tool: &PackTar,
    by_key: SortedRecords,
    decisions: &mut Decisions,
) -> Result<SortedRecords, FatalError> {
    // Without endings, names have another order.
    let mut by_name = tool.settings.webdataset.then(|| RecordSorter::new(&tool.settings.tmp_dir));
    let mut cursor = RecordCursor::default();
    let mut first: Option<FirstOfName> = None;
    while let Some(record) = cursor.next(&by_key).map_err(temporary)? {
        let enlisted = Enlisted::from_record(record).ok_or_else(damaged)?;
        if let Some(first) = first.as_mut().filter(|first| first.has_name_of(&enlisted)) {
            let row = enlisted.new.row as usize;
            decisions.set(row, &first.decide(&enlisted, &tool.rows)?)?;
            continue;
        }
        match &mut first {
            Some(first) => first.replace(&enlisted),
            none => *none = Some(FirstOfName::new(&enlisted)),
        }
        if let Some(by_name) = &mut by_name {
            let (key, ending) = (&*enlisted.name(), "");
            by_name.push(&Enlisted { key, ending, ..enlisted }.to_record()).map_err(temporary)?;
        }
    }
    by_name.map_or(Ok(by_key), |by_name| by_name.finish().map_err(temporary))
}

/// The row that has the name.
struct FirstOfName {
    group: String,
    key: String,
    new: New,
    /// Its file, loaded on demand.
    file: Option<PathBuf>,
    firsts: RowCursor,
    others: RowCursor,
}

impl FirstOfName {
    fn new(enlisted: &Enlisted<'_>) -> FirstOfName {
        FirstOfName {
            group: enlisted.group.to_string(),
            key: enlisted.key.to_string(),
            new: enlisted.new,
            file: None,
            firsts: RowCursor::default(),
            others: RowCursor::default(),
        }
    }

    /// As `new`, but the texts keep their memory.
    fn replace(&mut self, enlisted: &Enlisted<'_>) {
        enlisted.group.clone_into(&mut self.group);
        enlisted.key.clone_into(&mut self.key);
        (self.new, self.file) = (enlisted.new, None);
    }

    fn has_name_of(&self, other: &Enlisted<'_>) -> bool {
        self.key == other.key && self.group == other.group
    }

    /// Two rows of one file are one picture.
    fn decide(
        &mut self,
        other: &Enlisted<'_>,
        rows: &RowStore,
    ) -> Result<PackDecision, FatalError> {
        let file = match self.file.take() {
            Some(file) => file,
            None => self.new.file(&self.firsts.get(rows, self.new.row as usize)?),
        };
        let is_same = other.new.file(&self.others.get(rows, other.new.row as usize)?) == file;
        let taken =
            || format!("its name '{}' in the tar is taken by '{}'", other.name(), file.display());
        let decision =
            if is_same { PackDecision::Same(self.new.row) } else { PackDecision::Failed(taken()) };
        self.file = Some(file);
        Ok(decision)
    }
}
