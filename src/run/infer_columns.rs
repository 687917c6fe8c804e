//! Collects the columns of a file whose rows name them one by one, because a CSV header needs them all before the first
//! row.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::sync::Arc;

use crate::row::Columns;
use crate::row::row_format::{ReadError, Reader, RowFormat};

/// Scans a file, and restores its position. Returns `None` if its header has all columns.
pub fn infer(file: &mut File) -> Result<Option<Arc<Columns>>, ReadError> {
    let Ok(start) = file.stream_position() else { return Ok(None) };
    #[cfg(unix)]
    if let Some(found) = parts::infer(file, start)? {
        return Ok(Some(found));
    }
    let mut reader = Reader::new(file.try_clone().map_err(ReadError::Input)?)?;
    look_through(&mut reader)?;
    file.seek(SeekFrom::Start(start)).map_err(ReadError::Input)?;
    Ok(reader.is_open().then(|| reader.columns()))
}

/// The same, but only for CSV; JSON lines are not scanned.
pub fn of_csv(file: &mut File) -> Result<Option<Arc<Columns>>, ReadError> {
    let Ok(start) = file.stream_position() else { return Ok(None) };
    let mut reader = Reader::new(file.try_clone().map_err(ReadError::Input)?)?;
    if reader.form() == RowFormat::Csv {
        look_through(&mut reader)?;
    }
    file.seek(SeekFrom::Start(start)).map_err(ReadError::Input)?;
    Ok((reader.form() == RowFormat::Csv && reader.is_open()).then(|| reader.columns()))
}

/// A line that is too long ends only this scan; the actual reading reports it.
fn look_through(reader: &mut Reader) -> Result<(), ReadError> {
    match reader.look_through() {
        Err(error @ ReadError::Input(_)) => Err(error),
        Ok(()) | Err(ReadError::Row { .. }) => Ok(()),
    }
}

/// Scans a large file in as many parts as there are processors. The keys found are in the order in which they first
/// occur in the file.
#[cfg(unix)]
mod parts {
    use std::io::{self, BufRead, BufReader, Read};
    use std::os::unix::fs::FileExt;

    use super::*;
    use crate::threads::{Work, ordered};

    /// Smaller files are scanned faster than threads start.
    const SMALL_BYTES: u64 = 16 << 20;

    pub fn infer(file: &File, start: u64) -> Result<Option<Arc<Columns>>, ReadError> {
        let Some(bounds) = bounds(file, start).map_err(ReadError::Input)? else { return Ok(None) };
        let parts: Vec<_> = bounds
            .windows(2)
            .map(|ends| FileRange::new(file, ends[0], ends[1]).map_err(ReadError::Input))
            .collect::<Result<_, _>>()?;
        let work = Work { jobs: parts.len(), ..Work::default() };
        // There is no stop here, so this error never occurs.
        let stopped = || ReadError::Input(io::ErrorKind::Interrupted.into());
        let found = ordered::each(&work, parts.into_iter(), keys, stopped)?;
        let columns: Vec<_> =
            found.iter().flat_map(|columns| columns.list().iter().cloned()).collect();
        Ok(Some(Columns::new(columns)))
    }

    /// The bounds of the parts, each after a line end. `None` for a file that is small, compressed, or in another
    /// format.
    fn bounds(file: &File, start: u64) -> io::Result<Option<Vec<u64>>> {
        let len = file.metadata()?.len();
        let mut first = [0];
        let read = file.read_at(&mut first, start)?;
        if read == 0 || first != *b"{" || len.saturating_sub(start) < SMALL_BYTES {
            return Ok(None);
        }
        let parts = Work::on_all_processors().jobs as u64;
        let mut bounds = vec![start];
        for part in 1..parts {
            let at = start + (len - start) / parts * part;
            let mut rest = BufReader::new(FileRange::new(file, at, len)?);
            bounds.push(at + rest.skip_until(b'\n')? as u64);
        }
        bounds.push(len);
        Ok(Some(bounds))
    }

    fn keys(part: FileRange) -> Result<Arc<Columns>, ReadError> {
        let mut reader = Reader::of_lines(part);
        look_through(&mut reader)?;
        Ok(reader.columns())
    }

    /// A range of a file that other threads read at the same time.
    struct FileRange {
        file: File,
        at: u64,
        end: u64,
    }

    impl FileRange {
        fn new(file: &File, at: u64, end: u64) -> io::Result<FileRange> {
            Ok(FileRange { file: file.try_clone()?, at, end })
        }
    }

    impl Read for FileRange {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            let most = self.end.saturating_sub(self.at).min(bytes.len() as u64) as usize;
            let read = self.file.read_at(&mut bytes[..most], self.at)?;
            self.at += read as u64;
            Ok(read)
        }
    }
}

#[cfg(test)]
mod tests;
