//! Builds indexes for tars made by other programs, with the known rows of their pictures.

use std::cell::RefCell;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::path::PathBuf;
use std::sync::Arc;

use super::{Diagnostics, FatalError, PackTar};
use crate::archive::packed;
use crate::disk::{Action, AtPath};
use crate::photo::row_store::{RowCursor, RowStore};
use crate::row::{Field, Row};

/// Builds indexes for tars made by other programs, with the known rows of their pictures.
pub fn index(tool: &PackTar, notes: &dyn Diagnostics) -> Result<(), FatalError> {
    let into = &tool.settings.into;
    let tars = packed::unindexed_tars(into).at_path(Action::Read, into)?;
    if tool.settings.dry_run {
        let would = |tar: &PathBuf| notes.warn(&format!("'{}' would get an index", tar.display()));
        tars.iter().for_each(would);
        return Ok(());
    }
    if tars.is_empty() {
        return Ok(());
    }
    let (rows, fault) = (RefCell::new(RowsById::new(&tool.rows)?), RefCell::new(None));
    let row_of = |id: &str| match rows.borrow_mut().find(id) {
        Ok(row) => row.map(Arc::new),
        Err(what) => {
            fault.borrow_mut().get_or_insert(what);
            None
        }
    };
    for tar in tars {
        let added = packed::add_index(&tar, row_of, &tool.settings.work);
        if let Some(fault) = fault.take() {
            return Err(fault);
        }
        match added {
            Ok(members) => {
                notes.warn(&format!("'{}' has an index of {members} files now", tar.display()));
            }
            Err(what) => notes.warn(&format!("'{}' gets no index: {what}", tar.display())),
        }
    }
    Ok(())
}

/// Finds rows by their ids: 16 bytes of each are held.
struct RowsById<'a> {
    rows: &'a RowStore,
    cursor: RowCursor,
    /// The digests of ids, and the numbers of their rows. Of two ids with one digest, the rows tell which it is.
    numbers: Vec<(u64, u32)>,
}

impl RowsById<'_> {
    fn new(rows: &RowStore) -> Result<RowsById<'_>, FatalError> {
        let (mut numbers, mut cursor) = (Vec::with_capacity(rows.len()), RowCursor::default());
        // Row numbers fit into four bytes.
        for at in 0..rows.len() as u32 {
            let Some(row) = cursor.next(rows)? else { break };
            numbers.extend(row.get(Field::ImgId).map(|id| (digest(id), at)));
        }
        numbers.sort_unstable();
        Ok(RowsById { rows, cursor, numbers })
    }

    /// The last row of this id.
    fn find(&mut self, id: &str) -> Result<Option<Row>, FatalError> {
        let digest = digest(id);
        let end = self.numbers.partition_point(|&(other, _)| other <= digest);
        let same = self.numbers[..end].iter().rev().take_while(|(other, _)| *other == digest);
        for &(_, at) in same {
            let row = self.cursor.get(self.rows, at as usize)?;
            if row.get(Field::ImgId) == Some(id) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

fn digest(id: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}
