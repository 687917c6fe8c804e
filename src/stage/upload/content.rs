//! A photo as it is sent: with its description in the EXIF, put together without touching the file.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::locked_file::Identity;
use crate::disk::open;
use crate::disk::positioned_io::{CHUNK, read_at};
use crate::format::container::Piece;
use crate::format::description::Description;
use crate::photo::camera::Photo;
use crate::photo::description;
use crate::photo::description::write_into;
use crate::service::upload::{Content, Memory};

use super::Error;
use super::md5::Md5;

/// Larger ones are read again from the disk while they are sent: memory stays small with panoramas, too.
const MOST_IN_MEMORY: u64 = 4 << 20;

/// A file that is to stay as it is while it is sent.
pub struct Prepared {
    path: PathBuf,
    before: Identity,
    pub content: Arc<dyn Content>,
    /// Of the bytes that are sent.
    pub md5: String,
}

impl Prepared {
    /// The photo with the description in it.
    pub fn photo(path: &Path, description: &Description) -> Result<Prepared, Error> {
        let mut photo = Photo::open(path).map_err(description::Error::Photo)?;
        let edit = |error| description::Error::Edit { path: path.to_owned(), error };
        let pieces = write_into::pieces(&mut photo, description).map_err(edit)?;
        Prepared::new(path, pieces)
    }

    /// The file as it is.
    pub fn file(path: &Path) -> Result<Prepared, Error> {
        Prepared::new(path, None)
    }

    fn new(path: &Path, pieces: Option<Vec<Piece>>) -> Result<Prepared, Error> {
        let read = |error| Error::Read { path: path.to_owned(), error };
        let file = open::file(path).map_err(read)?;
        let before = Identity::new(&file.metadata().map_err(read)?);
        let pieces = pieces.unwrap_or_else(|| vec![Piece::Original(0..before.len())]);
        let spliced = Spliced::new(file, pieces);
        let content: Arc<dyn Content> = if spliced.len <= MOST_IN_MEMORY {
            Arc::new(Memory(spliced.read_all().map_err(read)?.into()))
        } else {
            Arc::new(spliced)
        };
        let md5 = Md5::of(&*content).map_err(read)?;
        Ok(Prepared { path: path.to_owned(), before, content, md5 })
    }

    /// # Errors
    /// The file is another one by now.
    pub fn check(&self) -> Result<(), Error> {
        let now = self.path.metadata().map(|meta| Identity::new(&meta));
        if now.is_ok_and(|now| now.has_same_bytes(&self.before)) {
            Ok(())
        } else {
            Err(Error::Changed(self.path.clone()))
        }
    }
}

/// Pieces of a file, and bytes between them.
struct Spliced {
    file: File,
    /// Each with its place in the whole.
    pieces: Vec<(u64, Piece)>,
    len: u64,
}

impl Spliced {
    fn new(file: File, pieces: Vec<Piece>) -> Spliced {
        let mut len = 0;
        let place = |piece: Piece| {
            let at = len;
            len += piece_len(&piece);
            (at, piece)
        };
        let pieces = pieces.into_iter().map(place).collect();
        Spliced { file, pieces, len }
    }

    fn read_all(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.len as usize];
        let mut at = 0;
        while at < bytes.len() {
            match self.read_at(at as u64, &mut bytes[at..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                len => at += len,
            }
        }
        Ok(bytes)
    }
}

fn piece_len(piece: &Piece) -> u64 {
    match piece {
        Piece::Bytes(bytes) => bytes.len() as u64,
        Piece::Original(range) => range.end - range.start,
    }
}

impl Content for Spliced {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        let Some((start, piece)) = next.checked_sub(1).and_then(|at| self.pieces.get(at)) else {
            return Ok(0);
        };
        let (within, left) = (at - start, piece_len(piece).saturating_sub(at - start));
        let len = buffer.len().min(left.try_into().unwrap_or(usize::MAX));
        match piece {
            Piece::Bytes(bytes) => buffer[..len].copy_from_slice(&bytes[within as usize..][..len]),
            Piece::Original(range) => {
                if read_at(&self.file, &mut buffer[..len], range.start + within)? < len {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
        Ok(len)
    }
}

/// The digest of a file as it is.
pub fn md5_of_file(path: &Path) -> Result<String, Error> {
    let read = |error| Error::Read { path: path.to_owned(), error };
    let file = open::file(path).map_err(read)?;
    let (mut md5, mut buffer, mut at) = (Md5::default(), vec![0; CHUNK], 0);
    loop {
        match read_at(&file, &mut buffer, at).map_err(read)? {
            0 => return Ok(md5.text()),
            len => {
                md5.add(&buffer[..len]);
                at += len as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_between_pieces_of_a_file_are_read_from_any_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"0123456789").unwrap();
        let pieces =
            vec![Piece::Original(0..2), Piece::Bytes(b"abc".into()), Piece::Original(5..10)];
        let spliced = Spliced::new(open::file(&path).unwrap(), pieces);
        assert_eq!(spliced.read_all().unwrap(), b"01abc56789");
        for at in 0..=10 {
            let mut buffer = [0; 20];
            let len = spliced.read_at(at, &mut buffer).unwrap();
            assert!(
                b"01abc56789"[at as usize..].starts_with(&buffer[..len]) && (len > 0 || at == 10),
                "{at}"
            );
        }
        let prepared = Prepared::file(&path).unwrap();
        assert_eq!(
            (prepared.md5.as_str(), prepared.check().is_ok()),
            ("781e5e245d69b566979b86e28d23f2c7", true)
        );
        assert_eq!(md5_of_file(&path).unwrap(), prepared.md5);
        std::fs::write(&path, b"012345678").unwrap();
        assert!(prepared.check().is_err());
    }
}
