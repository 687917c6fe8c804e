//! The files of a stream, taken out as they come by.

use std::io::Read;

use super::store::{New, is_same, store};
use super::{UnpackOptions, another};
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::format::tar::Modified;
use crate::photo::tar_members::{Body, Refused, TarVisitor};
use crate::value::provenance::Status;

/// Takes out the files of a stream as they come by.
impl TarVisitor for UnpackOptions {
    fn file(&self, path: &str, body: &mut Body<'_>, again: bool) -> Result<Status, Refused> {
        let (bytes, modified) = (body.size, body.modified);
        self.put(path, bytes, modified, again, body)
    }

    fn link(
        &self,
        path: &str,
        target: &str,
        modified: Option<Modified>,
        again: bool,
    ) -> Result<Status, Refused> {
        if self.dry_run {
            return Ok(Status::Planned);
        }
        let target = self.into.join(target);
        let opened = open::file(&target).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (bytes, mut file) = opened
            .at_path(Action::Open, &target)
            .map_err(|error| Refused::Failed(error.to_string()))?;
        self.put(path, bytes, modified, again, &mut file)
    }
}

impl UnpackOptions {
    fn put(
        &self,
        path: &str,
        bytes: u64,
        modified: Option<Modified>,
        again: bool,
        from: &mut impl Read,
    ) -> Result<Status, Refused> {
        let path = self.into.join(path);
        if path.symlink_metadata().is_ok() && !self.force && !again {
            return if is_same(&path, bytes, None, from) {
                Ok(Status::Kept)
            } else {
                Err(Refused::Other(another(&path)))
            };
        }
        if self.dry_run {
            return Ok(Status::Planned);
        }
        if let Err(full) = self.check_room(bytes) {
            let what = full.to_string();
            let _ = self.full.set(full);
            return Err(Refused::Failed(what));
        }
        let modified = modified.and_then(Modified::system_time);
        let replaces = self.force || again;
        store(from, New { path: &path, bytes, modified, sha256: None, replaces })
            .map_err(|error| Refused::Failed(error.to_string()))
    }
}
