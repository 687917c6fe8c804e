//! A picture being written to disk, hashed while it streams.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::disk::atomic_file::{Overwrite, Replacement};
use crate::value::digest::Digest;

pub struct PartFile {
    file: Replacement,
    path: PathBuf,
    digest: Option<Sha256>,
    /// Whether the name was free, so that the picture replaces nothing.
    is_new: bool,
}

impl PartFile {
    /// Waits for another process that downloads the same picture. `is_new` says that the name was free at the last
    /// check.
    ///
    /// # Errors
    /// `AlreadyExists` if another process was first; or if the file cannot be created.
    pub fn create(path: &Path, hashes: bool, is_new: bool) -> io::Result<PartFile> {
        let digest = hashes.then(Sha256::new);
        let file = Replacement::create_in_turn(path)?;
        if is_new && path.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Ok(PartFile { file, path: path.to_path_buf(), digest, is_new })
    }

    /// The final path of the picture.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sets the time of the file, gives it its name, and returns the digest.
    pub fn finish(self, captured_ms: Option<i64>, sync: bool) -> io::Result<Option<Digest>> {
        if let Some(captured_ms) = captured_ms.and_then(|ms| u64::try_from(ms).ok()) {
            // Some file systems cannot store such a time; the picture is good without it.
            let _ =
                self.file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(captured_ms));
        }
        let over = if self.is_new { Overwrite::Nothing } else { Overwrite::Anything };
        self.file.finish_over(over, None, sync)?;
        Ok(self.digest.map(|digest| Digest(digest.finalize().into())))
    }
}

impl Write for PartFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        if let Some(digest) = &mut self.digest {
            digest.update(&bytes[..written]);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
