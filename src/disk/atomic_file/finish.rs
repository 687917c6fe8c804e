//! Gives a complete file its name.

use std::fs;
use std::io;
use std::io::ErrorKind::ResourceBusy;

use super::super::rename;
use super::{Overwrite, Replacement, is_still};

impl Replacement {
    /// Gives the file its name. `promised` is the length that it must have; `sync` waits until it is on disk.
    pub fn finish(self, promised: Option<u64>, sync: bool) -> io::Result<()> {
        self.finish_over(Overwrite::Anything, promised, sync)
    }

    /// Like [`Replacement::finish`], but fails if the name belongs to anything other than `over`.
    pub fn finish_over(
        mut self,
        over: Overwrite,
        promised: Option<u64>,
        sync: bool,
    ) -> io::Result<()> {
        if let Some(promised) = promised.filter(|&promised| promised != self.written) {
            let written = self.written;
            return Err(io::Error::other(format!("{written} bytes instead of {promised}")));
        }
        if sync {
            self.file.sync_all()?;
        }
        // Without locks, another run may have taken the temporary name.
        if !is_still(&self.file, &self.temporary) {
            return Err(io::Error::new(ResourceBusy, "another process is writing it"));
        }
        match over {
            Overwrite::Anything => fs::rename(&self.temporary, &self.path)?,
            Overwrite::Nothing => rename::to_free_name(&self.temporary, &self.path)?,
            Overwrite::LockedFile(old) => return self.take_place_of(old),
        }
        self.done = true;
        Ok(())
    }
}
