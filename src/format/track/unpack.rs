//! Unpacks gzip, ZIP and KMZ, also nested. Limits keep decompression bombs from filling memory.

use std::io::{Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;

use super::sniff::HEAD;

/// Limits of unpacking.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Total bytes of all members.
    pub bytes: u64,
    /// Members of an archive.
    pub members: usize,
    /// Nesting depth.
    pub depth: usize,
}

impl Default for Limits {
    /// A Timeline of ten years has 1 GB; a KMZ in a ZIP that is sent as gzip has depth three.
    fn default() -> Self {
        Limits { bytes: 2 << 30, members: 20_000, depth: 3 }
    }
}

/// A file from an archive.
pub struct UnpackedFile {
    /// Its path in the archive, including the archives around it; `None` for plain gzip or an unpacked file.
    pub name: Option<String>,
    pub bytes: Vec<u8>,
    /// Whether a gzip file ended early; the data before that is present.
    pub is_cut: bool,
}

/// The result of unpacking.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Members that `wants` rejected by their first bytes.
    pub left_out: u64,
    /// The first of them, and what it looks like.
    pub first: Option<(String, String)>,
}

/// Why an archive could not be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("it is packed more than {0} times: unpack it, and give what is in it")]
    TooDeep(usize),
    #[error("the gzip file cannot be read: {0}")]
    Gzip(std::io::Error),
    #[error("the ZIP cannot be read: {0}")]
    Zip(zip::result::ZipError),
    #[error("the ZIP has {members} members, more than {most}: unpack it, and give the tracks")]
    TooManyMembers { members: usize, most: usize },
    #[error("member {number} of the ZIP cannot be read: {error}")]
    Member { number: usize, error: zip::result::ZipError },
    #[error("'{name}' in the ZIP cannot be read: {error}")]
    NamedMember { name: String, error: std::io::Error },
    #[error("it unpacks to more than {0} MB: unpack it, and give the tracks")]
    TooLarge(u64),
}

/// Calls `take` with each unpacked file whose first bytes `wants` accepts.
///
/// # Errors
/// A damaged or password-protected archive, one beyond the limits, and errors of `take`.
pub fn unpack<E: From<Error>>(
    bytes: Vec<u8>,
    limits: Limits,
    wants: &dyn Fn(&[u8]) -> bool,
    take: &mut dyn FnMut(UnpackedFile) -> Result<(), E>,
) -> Result<Unpacked, E> {
    let mut unpacking =
        Unpacking { limits, left: limits.bytes, wants, take, unpacked: Unpacked::default() };
    unpacking.any(UnpackedFile { name: None, bytes, is_cut: false }, 0)?;
    Ok(unpacking.unpacked)
}

/// Whether the bytes are compressed.
pub fn is_packed(bytes: &[u8]) -> bool {
    is_gzip(bytes) || is_zip(bytes)
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08")
}

/// A local header, or the end record of an empty archive.
fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

struct Unpacking<'a, E> {
    limits: Limits,
    left: u64,
    wants: &'a dyn Fn(&[u8]) -> bool,
    take: &'a mut dyn FnMut(UnpackedFile) -> Result<(), E>,
    unpacked: Unpacked,
}

impl<E: From<Error>> Unpacking<'_, E> {
    fn any(&mut self, member: UnpackedFile, depth: usize) -> Result<(), E> {
        if !is_packed(&member.bytes) {
            return (self.take)(member);
        }
        if depth == self.limits.depth {
            return Err(Error::TooDeep(depth).into());
        }
        if is_gzip(&member.bytes) { self.gzip(member, depth) } else { self.zip(member, depth) }
    }

    fn gzip(&mut self, member: UnpackedFile, depth: usize) -> Result<(), E> {
        let mut bytes = Vec::new();
        let read = self.read(&mut MultiGzDecoder::new(member.bytes.as_slice()), &mut bytes)?;
        let is_cut = read.is_err();
        match read {
            Err(error) if bytes.is_empty() => Err(Error::Gzip(error).into()),
            _ => self.any(UnpackedFile { name: member.name, bytes, is_cut }, depth + 1),
        }
    }

    fn zip(&mut self, member: UnpackedFile, depth: usize) -> Result<(), E> {
        let mut archive = ZipArchive::new(Cursor::new(member.bytes)).map_err(Error::Zip)?;
        if archive.len() > self.limits.members {
            let (members, most) = (archive.len(), self.limits.members);
            return Err(Error::TooManyMembers { members, most }.into());
        }
        for number in 0..archive.len() {
            let mut file = match archive.by_index(number) {
                Ok(file) if file.is_file() => file,
                Ok(_) => continue,
                Err(error) => return Err(Error::Member { number: number + 1, error }.into()),
            };
            let inner = String::from_utf8_lossy(file.name_raw()).to_string();
            let name =
                member.name.as_ref().map_or(inner.clone(), |outer| format!("{outer}/{inner}"));
            let wrong = |error| Error::NamedMember { name: name.clone(), error };
            let mut bytes = Vec::new();
            self.read(&mut (&mut file).take(HEAD as u64), &mut bytes)?.map_err(wrong)?;
            if !is_packed(&bytes) && !(self.wants)(&bytes) {
                self.leave_out(&name, &bytes);
                continue;
            }
            // An archive has checksums of its members, so a member that ends early is damaged.
            self.read(&mut file, &mut bytes)?.map_err(wrong)?;
            self.any(UnpackedFile { name: Some(name), bytes, is_cut: false }, depth + 1)?;
        }
        Ok(())
    }

    fn leave_out(&mut self, name: &str, bytes: &[u8]) {
        self.unpacked.left_out += 1;
        let looks = || (name.to_string(), super::foreign_formats::looks_like(bytes));
        self.unpacked.first.get_or_insert_with(looks);
    }

    /// Reads to the end or to the limit. The inner result is that of the reader.
    fn read(
        &mut self,
        from: &mut dyn Read,
        to: &mut Vec<u8>,
    ) -> Result<std::io::Result<()>, Error> {
        let before = to.len();
        let read = from.take(self.left + 1).read_to_end(to);
        let count = (to.len() - before) as u64;
        match self.left.checked_sub(count) {
            Some(left) => self.left = left,
            None => {
                return Err(Error::TooLarge(self.limits.bytes >> 20));
            }
        }
        Ok(read.map(|_| ()))
    }
}

#[cfg(test)]
mod tests;
