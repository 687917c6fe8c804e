//! A part of a tar as a record of the temporary file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::archive::packed::{Part, Source};
use crate::disk::locked_file::Identity;
use crate::disk::record_fields::Fields;
use crate::row::Row;
use crate::row::stored::StoredColumns;
use crate::value::digest::Digest;

/// What many parts share, by numbers.
#[derive(Debug)]
pub struct Shared {
    columns: StoredColumns,
    /// The tars that parts are copied from. These paths need not be UTF-8.
    tars: Vec<PathBuf>,
    no_row: Arc<Row>,
}

impl Shared {
    pub fn new() -> Shared {
        let no_row = Arc::new(Row::from_cells(&[]));
        Shared { columns: StoredColumns::default(), tars: Vec::new(), no_row }
    }

    /// Parts of one tar are adjacent.
    fn number(&mut self, tar: &Path) -> u32 {
        let known = self.tars.iter().rposition(|known| known == tar);
        known.unwrap_or_else(|| {
            self.tars.push(tar.to_path_buf());
            self.tars.len() - 1
        }) as u32
    }
}

/// The byte before a source.
mod kind {
    pub const FILE: u8 = 0;
    pub const PACKED: u8 = 1;
    pub const MEMORY: u8 = 2;
}

/// Stands for a part without a number.
const NO_NUMBER: u32 = u32::MAX;

/// Appends a part.
pub fn write(part: &Part, shared: &mut Shared, record: &mut Vec<u8>) {
    let Part { name, bytes, modified_s, source, sha256, row, number } = part;
    record.extend_from_slice(&number.unwrap_or(NO_NUMBER).to_be_bytes());
    record.extend_from_slice(&bytes.to_be_bytes());
    record.extend_from_slice(&modified_s.to_be_bytes());
    record.push(sha256.is_some().into());
    record.extend_from_slice(&sha256.map_or([0; 32], |sha256| sha256.0));
    write_bytes(name.as_bytes(), record);
    match source {
        Source::File(path, identity) => {
            record.push(kind::FILE);
            record.extend_from_slice(&identity.to_bytes());
            // Its path is that of a row, or the WebP beside it, so it is UTF-8.
            write_bytes(path.to_string_lossy().as_bytes(), record);
        }
        Source::Packed(tar, offset) => {
            record.push(kind::PACKED);
            record.extend_from_slice(&shared.number(tar).to_be_bytes());
            record.extend_from_slice(&offset.to_be_bytes());
        }
        Source::Memory(bytes) => {
            record.push(kind::MEMORY);
            write_bytes(bytes, record);
        }
    }
    record.extend_from_slice(&shared.columns.number(row.columns()).to_be_bytes());
    row.store(record);
}

/// The length, in four bytes: a name, a path or a row is never longer.
fn write_bytes(bytes: &[u8], record: &mut Vec<u8>) {
    record.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    record.extend_from_slice(bytes);
}

/// The part; `None` if another process changed the file.
pub fn read(record: &[u8], shared: &Shared, has_row: bool) -> Option<Part> {
    let mut fields = Fields(record);
    let number = Some(fields.u32()?).filter(|&number| number != NO_NUMBER);
    let (bytes, modified_s) = (fields.u64()?, fields.u64()? as i64);
    let (has_sha256, sha256) = (fields.u8()? == 1, Digest(fields.bytes()?));
    let name = read_text(&mut fields)?.to_string();
    let source = match fields.u8()? {
        kind::FILE => {
            let identity = Identity::from_bytes(&fields.bytes()?);
            Source::File(PathBuf::from(read_text(&mut fields)?), identity)
        }
        kind::PACKED => {
            let tar = shared.tars.get(fields.u32()? as usize)?;
            Source::Packed(tar.clone(), fields.u64()?)
        }
        // A file that is made in memory is text.
        kind::MEMORY => Source::Memory(read_text(&mut fields)?.as_bytes().to_vec()),
        _ => return None,
    };
    let columns = shared.columns.get(fields.u32()?)?;
    let row = if has_row {
        Arc::new(Row::restore(columns, fields.0)?)
    } else {
        Arc::clone(&shared.no_row)
    };
    let sha256 = has_sha256.then_some(sha256);
    Some(Part { name, bytes, modified_s, source, sha256, row, number })
}

fn read_text<'a>(fields: &mut Fields<'a>) -> Option<&'a str> {
    let len = fields.u32()? as usize;
    fields.text_of(len)
}
