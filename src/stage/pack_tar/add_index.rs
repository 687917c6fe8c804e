//! Indexes for tars of others, with the rows that are known of their pictures.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Diagnostics, FatalError, PackTar};
use crate::archive::packed;
use crate::disk::{Action, AtPath};
use crate::photo::row_store::RowCursor;
use crate::row::Field;

/// Gives tars of others an index, with the rows that are known of their pictures.
pub fn index(tool: &PackTar, notes: &dyn Diagnostics) -> Result<(), FatalError> {
    let into = &tool.settings.into;
    let (mut by_id, mut cursor) = (HashMap::new(), RowCursor::default());
    let mut at = 0;
    while let Some(row) = cursor.next(&tool.rows)? {
        // No more rows than a number of four bytes tells.
        row.get(Field::ImgId).map(|id| by_id.insert(Box::<str>::from(id), at as u32));
        at += 1;
    }
    let (cursor, fault) = (RefCell::new(cursor), RefCell::new(None));
    let row_of = |id: &str| match cursor.borrow_mut().get(&tool.rows, *by_id.get(id)? as usize) {
        Ok(row) => Some(Arc::new(row)),
        Err(what) => {
            fault.borrow_mut().get_or_insert(what);
            None
        }
    };
    let tars = packed::tars(into).at_path(Action::Read, into)?;
    for tar in tars.iter().filter(|tar| !packed::has_index(tar)) {
        let added = packed::add_index(tar, row_of, &tool.settings.work);
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
