//! Originals of folders that were deleted after they were packed, with their rows, until a run has ended whose rows are
//! complete: the run that deletes a picture may be killed before it prints its row, and the next run does not find it.
//!
//! The list is stored in the folder of the tars, as `.mapillary-pipes/deleted-originals`: a JSON line for each row, whose
//! path is absolute. It is on disk before an original is deleted.

use std::borrow::Borrow;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::atomic_file::Replacement;
use crate::disk::pictures::{MovedPhoto, MovedTo, SearchedFolders};
use crate::disk::{NOTES, open};
use crate::row::{Field, Row, json};

const NAME: &str = "deleted-originals";

/// The list of a folder of tars, for a run over some folders of pictures.
#[derive(Debug, Clone)]
pub struct DeletedOriginals {
    list: Arc<Path>,
    searched: SearchedFolders,
}

impl DeletedOriginals {
    pub fn new(tars: &Path, searched: SearchedFolders) -> DeletedOriginals {
        DeletedOriginals { list: tars.join(NOTES).join(NAME).into(), searched }
    }

    pub fn path(&self) -> &Path {
        &self.list
    }

    /// The pictures of the folders that are not there any more.
    ///
    /// # Errors
    /// The list cannot be read.
    pub fn moved(&self) -> io::Result<Vec<MovedPhoto>> {
        let mut moved = Vec::new();
        let file = match open::file(&self.list) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(moved),
            file => file?,
        };
        let mut at = 0;
        each_line(file, |line, row| {
            let len = line.len();
            let place = MovedTo::Line { list: Arc::clone(&self.list), at, len };
            at += len as u64;
            if let Some(from) =
                row.and_then(|row| self.searched_path(&row)).filter(|it| !it.exists())
            {
                moved.push(MovedPhoto { from, place });
            }
            Ok(())
        })?;
        Ok(moved)
    }

    /// Adds rows whose originals are about to be deleted.
    ///
    /// # Errors
    /// The list cannot be written.
    pub fn add<R: Borrow<Row>, E: From<io::Error>>(
        &self,
        rows: impl Iterator<Item = Result<R, E>>,
    ) -> Result<(), E> {
        let _turn = Replacement::create_in_turn(&self.list)?;
        let mut file = BufWriter::new(open::append(&self.list)?);
        if is_cut(&self.list)? {
            file.write_all(b"\n")?;
        }
        let mut line = Vec::new();
        for row in rows {
            let row = row?;
            let Some(path) = row.borrow().get(Field::Path) else { continue };
            let mut row = row.borrow().clone();
            row.set(Field::Path, &std::path::absolute(path)?.to_string_lossy());
            line.clear();
            json::Writer::new(&[], &[]).write(&row, &mut line);
            file.write_all(&line)?;
        }
        Ok(file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?)
    }

    /// Removes the pictures of the folders from the list, and the list if nothing else is in it.
    ///
    /// # Errors
    /// The list cannot be read or written.
    pub fn forget(&self) -> io::Result<()> {
        if !self.list.exists() {
            return Ok(());
        }
        let mut rest = BufWriter::new(Replacement::create_in_turn(&self.list)?);
        each_line(open::file(&self.list)?, |line, row| match row {
            Some(row) if self.searched_path(&row).is_none() => rest.write_all(line),
            _ => Ok(()),
        })?;
        let rest = rest.into_inner()?;
        if rest.written() > 0 {
            return rest.finish(None, false);
        }
        fs::remove_file(&self.list)?;
        drop(rest);
        let _ = self.list.parent().map(fs::remove_dir);
        Ok(())
    }

    fn searched_path(&self, row: &Row) -> Option<PathBuf> {
        self.searched.path_of(Path::new(row.get(Field::Path)?))
    }
}

/// Calls `take` for each line, with its row. A kill may have cut a line, which then has none: its original was not deleted.
fn each_line(
    file: File,
    mut take: impl FnMut(&[u8], Option<Row>) -> io::Result<()>,
) -> io::Result<()> {
    let (mut lines, mut line) = (BufReader::new(file), Vec::new());
    while lines.read_until(b'\n', &mut line)? > 0 {
        let row = str::from_utf8(&line).ok().and_then(|line| json::parse(line.trim_end()).ok());
        take(&line, row)?;
        line.clear();
    }
    Ok(())
}

/// Whether a kill has cut the last line.
fn is_cut(list: &Path) -> io::Result<bool> {
    let mut file = open::file(list)?;
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok(last != [b'\n'])
}

#[cfg(test)]
mod tests;
