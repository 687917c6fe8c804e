//! The files of tars, in a temporary file: one for all tars, because each would need a file descriptor of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::found::Packed;
use crate::archive::packed::Member;
use crate::disk::record_fields::Fields;
use crate::disk::spool::{Spool, SpoolReader};
use crate::disk::{Action, PathError};
use crate::format::tar::{Modified, Piece};
use crate::row::Field;
use crate::value::digest::Digest;

/// Files of tars, by their places.
#[derive(Debug)]
pub struct PackedStore {
    stored: Mutex<Stored>,
    folder: PathBuf,
}

#[derive(Debug)]
struct Stored {
    spool: Spool,
    reader: SpoolReader,
    record: Vec<u8>,
    /// The tars that records name by number.
    archives: Vec<Arc<PathBuf>>,
}

/// The size of the length that is stored before each record.
const HEAD: usize = 4;

impl PackedStore {
    /// An empty store. Its temporary file is created in this folder once it is needed; if that fails, the files are held
    /// in memory.
    pub fn new(folder: &Path) -> PackedStore {
        let (reader, record, archives) = Default::default();
        let stored = Stored { spool: Spool::new(folder), reader, record, archives };
        PackedStore { stored: Mutex::new(stored), folder: folder.to_path_buf() }
    }

    /// The number of a tar whose files are added next.
    pub fn add_tar(&self, tar: &Path) -> u32 {
        let archives = &mut self.lock().archives;
        archives.push(Arc::new(tar.to_path_buf()));
        // There are fewer tars than a number of four bytes tells.
        (archives.len() - 1) as u32
    }

    /// Adds a file of a tar, and returns its place.
    pub fn push(&self, archive: u32, member: &Member) -> u64 {
        let Stored { spool, record, .. } = &mut *self.lock();
        record.clear();
        record.extend_from_slice(&[0; HEAD]);
        write(archive, member, record);
        let len = (record.len() - HEAD) as u32;
        record[..HEAD].copy_from_slice(&len.to_be_bytes());
        let place = spool.len();
        spool.append_or_hold(record);
        place
    }

    /// The file at a place.
    ///
    /// # Errors
    /// Errors of the temporary file.
    pub fn get(&self, place: u64) -> Result<Packed, PathError> {
        let Stored { spool, reader, archives, .. } = &mut *self.lock();
        let head = reader.bytes(spool, place, HEAD)?.try_into();
        let len = head.map_or(0, u32::from_be_bytes) as usize;
        let record = reader.bytes(spool, place + HEAD as u64, len)?;
        // Another process changed the file.
        let damaged = || io::ErrorKind::InvalidData.into();
        read(record, archives)
            .ok_or_else(|| PathError::new(Action::ReadTemporary, &self.folder, damaged()))
    }

    fn lock(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

/// The bits of a record that say what it has.
mod has {
    pub const SHA256: u8 = 1;
    pub const MODIFIED: u8 = 2;
    pub const PIECES: u8 = 4;
    pub const ID: u8 = 8;
    pub const QUALITY: u8 = 16;
    pub const PICTURE: u8 = 32;
}

fn write(archive: u32, member: &Member, record: &mut Vec<u8>) {
    let Member { name, offset, bytes, sha256, modified, pieces, row } = member;
    let (id, quality) = (row.get(Field::ImgId), row.get(Field::Quality));
    let parts = [
        (has::SHA256, sha256.is_some()),
        (has::MODIFIED, modified.is_some()),
        (has::PIECES, pieces.is_some()),
        (has::ID, id.is_some()),
        (has::QUALITY, quality.is_some()),
        (has::PICTURE, member.is_picture()),
    ];
    record.extend_from_slice(&archive.to_be_bytes());
    record.extend_from_slice(&offset.to_be_bytes());
    record.extend_from_slice(&bytes.to_be_bytes());
    record.push(parts.iter().filter(|(_, is)| *is).map(|(bit, _)| bit).sum());
    sha256.iter().for_each(|sha256| record.extend_from_slice(&sha256.0));
    if let Some(Modified { s, ns }) = modified {
        record.extend_from_slice(&s.to_be_bytes());
        record.extend_from_slice(&ns.to_be_bytes());
    }
    if let Some(pieces) = pieces {
        record.extend_from_slice(&(pieces.len() as u32).to_be_bytes());
        for Piece { at, len } in pieces.iter() {
            record.extend_from_slice(&at.to_be_bytes());
            record.extend_from_slice(&len.to_be_bytes());
        }
    }
    for text in [id, quality].into_iter().flatten() {
        record.extend_from_slice(&(text.len() as u32).to_be_bytes());
        record.extend_from_slice(text.as_bytes());
    }
    record.extend_from_slice(name.as_bytes());
}

/// `None` if the record is not one that was written.
fn read(record: &[u8], archives: &[Arc<PathBuf>]) -> Option<Packed> {
    let mut fields = Fields(record);
    let archive = Arc::clone(archives.get(fields.u32()? as usize)?);
    let (offset, bytes, parts) = (fields.u64()?, fields.u64()?, fields.u8()?);
    let has = |bit: u8| parts & bit != 0;
    let sha256 = if has(has::SHA256) { Some(Digest(fields.bytes()?)) } else { None };
    let modified = if has(has::MODIFIED) { Some(modified(&mut fields)?) } else { None };
    let pieces = if has(has::PIECES) { Some(pieces(&mut fields)?) } else { None };
    let mut text = |bit| if has(bit) { text(&mut fields).map(Some) } else { Some(None) };
    let (id, quality) = (text(has::ID)?, text(has::QUALITY)?);
    let (is_picture, member) = (has(has::PICTURE), fields.last_text()?.to_string());
    Some(Packed {
        archive,
        member,
        offset,
        bytes,
        sha256,
        modified,
        pieces,
        is_picture,
        id,
        quality,
    })
}

fn modified(fields: &mut Fields<'_>) -> Option<Modified> {
    Some(Modified { s: i64::from_be_bytes(fields.bytes()?), ns: fields.u32()? })
}

fn pieces(fields: &mut Fields<'_>) -> Option<Arc<[Piece]>> {
    let count = fields.u32()?;
    (0..count).map(|_| Some(Piece { at: fields.u64()?, len: fields.u64()? })).collect()
}

fn text(fields: &mut Fields<'_>) -> Option<Box<str>> {
    let len = fields.u32()? as usize;
    fields.text_of(len).map(Box::from)
}

#[cfg(test)]
mod tests;
