//! A decision as a record of the temporary file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::file_id::FileId;
use crate::disk::locked_file::Identity;
use crate::disk::record_fields::Fields;
use crate::stage::pack_tar::row_decision::{PackDecision, PackedFile, TarLocation};
use crate::value::digest::Digest;
use crate::value::provenance::Status;

/// The tars that decisions name by number.
#[derive(Default)]
pub struct Tars {
    paths: Vec<Arc<PathBuf>>,
    numbers: HashMap<Arc<PathBuf>, u32>,
}

impl Tars {
    fn number(&mut self, path: &Arc<PathBuf>) -> u32 {
        // There are no more tars than rows, whose numbers fit into four bytes.
        let next = self.paths.len() as u32;
        *self.numbers.entry(Arc::clone(path)).or_insert_with_key(|path| {
            self.paths.push(Arc::clone(path));
            next
        })
    }

    /// What was in one tar is in another now. Rows may name a tar by several paths, so it must still be there.
    pub fn move_all(&mut self, from: &Path, to: &Path) {
        let to = Arc::new(to.to_path_buf());
        let Some(moved) = FileId::at(from) else { return };
        let is_from = |path: &Path| {
            path.file_name() == from.file_name() && FileId::at(path).as_ref() == Some(&moved)
        };
        for path in self.paths.iter_mut().filter(|path| is_from(path)) {
            self.numbers.remove(path);
            *path = Arc::clone(&to);
        }
    }
}

/// Statuses by their number in a record.
const STATUSES: [Status; 3] = [Status::Done, Status::Planned, Status::Kept];

/// The first byte of a record.
mod kind {
    pub const AT: u8 = 0;
    pub const SAME: u8 = 1;
    pub const FAILED: u8 = 2;
    pub const TWICE: u8 = 3;
    pub const MEND: u8 = 4;
}

/// Appends a decision.
pub fn write(decision: &PackDecision, tars: &mut Tars, record: &mut Vec<u8>) {
    match decision {
        PackDecision::At(status, place) => {
            let status = STATUSES.iter().position(|known| known == status).unwrap_or_default();
            record.extend_from_slice(&[kind::AT, status as u8]);
            write_place(place, tars, record);
        }
        PackDecision::Same(first) => {
            record.push(kind::SAME);
            record.extend_from_slice(&first.to_be_bytes());
        }
        PackDecision::Failed(what) => {
            record.push(kind::FAILED);
            record.extend_from_slice(what.as_bytes());
        }
        PackDecision::Twice(twice) => write_file(kind::TWICE, twice, tars, record),
        PackDecision::Mend(mend) => write_file(kind::MEND, mend, tars, record),
    }
}

fn write_place(place: &TarLocation, tars: &mut Tars, record: &mut Vec<u8>) {
    record.extend_from_slice(&tars.number(&place.archive).to_be_bytes());
    record.extend_from_slice(&place.bytes.to_be_bytes());
    record.push(place.sha256.is_some().into());
    record.extend_from_slice(&place.sha256.map_or([0; 32], |sha256| sha256.0));
    let fault = place.fault.as_deref().unwrap_or_default();
    record.extend_from_slice(&(fault.len() as u32).to_be_bytes());
    record.extend_from_slice(fault.as_bytes());
    record.extend_from_slice(place.member.as_bytes());
}

fn write_file(kind: u8, file: &PackedFile, tars: &mut Tars, record: &mut Vec<u8>) {
    record.push(kind);
    record.extend_from_slice(&file.identity.to_bytes());
    // Its path is that of a row, or the WebP beside it, so it is UTF-8.
    let path = file.file.to_string_lossy();
    record.extend_from_slice(&(path.len() as u32).to_be_bytes());
    record.extend_from_slice(path.as_bytes());
    write_place(&file.place, tars, record);
}

/// The decision; `None` if another process changed the file.
pub fn read(record: &[u8], tars: &Tars) -> Option<PackDecision> {
    let mut fields = Fields(record);
    Some(match fields.u8()? {
        kind::AT => {
            let status = *STATUSES.get(usize::from(fields.u8()?))?;
            PackDecision::At(status, read_place(fields, tars)?)
        }
        kind::SAME => PackDecision::Same(fields.u32()?),
        kind::FAILED => PackDecision::Failed(fields.last_text()?.to_string()),
        kind::TWICE => PackDecision::Twice(Box::new(read_file(fields, tars)?)),
        kind::MEND => PackDecision::Mend(Box::new(read_file(fields, tars)?)),
        _ => return None,
    })
}

fn read_place(mut fields: Fields<'_>, tars: &Tars) -> Option<TarLocation> {
    let archive = Arc::clone(tars.paths.get(fields.u32()? as usize)?);
    let bytes = fields.u64()?;
    let (has_digest, digest) = (fields.u8()? == 1, Digest(fields.bytes()?));
    let len = fields.u32()? as usize;
    let fault = fields.text_of(len)?.to_string();
    let (fault, sha256) =
        (Some(fault).filter(|fault| !fault.is_empty()), has_digest.then_some(digest));
    let member = fields.last_text()?.to_string();
    Some(TarLocation { archive, member, bytes, sha256, fault })
}

fn read_file(mut fields: Fields<'_>, tars: &Tars) -> Option<PackedFile> {
    let identity = Identity::from_bytes(&fields.bytes()?);
    let len = fields.u32()? as usize;
    let file = PathBuf::from(fields.text_of(len)?);
    Some(PackedFile { file, identity, place: read_place(fields, tars)? })
}
