//! The thumbnail of a collection: a picture from its middle, so that the result is always the same.

use std::path::PathBuf;

use super::THUMBNAIL;
use super::collection_reader::{At, CollectionReader};
use super::write::Writes;
use crate::archive::packed::{self, Member};
use crate::disk::open;
use crate::disk::pictures::is_named_so;
use crate::disk::positioned_io::read_at;
use crate::disk::walk;
use crate::disk::{Action, AtPath};
use crate::format::thumbnail;
use crate::shape::{Diagnostics, RowError};

/// The maximum size at which archive.org shows it, in pixels.
const SIDE: u16 = 256;
/// The number of pictures tried before giving up.
const TRIES: usize = 5;
/// No camera picture is larger.
const MOST_BYTES: u64 = 1 << 28;

/// Makes the thumbnail, unless it exists; `shown` are the pictures to choose from, by tar and member.
pub fn make(
    source: &CollectionReader,
    shown: &[At],
    force: bool,
    writes: &mut Writes,
    notes: &dyn Diagnostics,
) -> Result<(), RowError> {
    let CollectionReader { folder, tars, .. } = source;
    let path = folder.join(THUMBNAIL);
    if path.exists() && !force {
        return Ok(());
    }
    let middles = (0..TRIES.min(shown.len())).map(|at| (shown.len() / 2 + at) % shown.len());
    let packed = middles.map(|at| packed(tars, shown[at]));
    let loose = walk::files(folder).filter_map(Result::ok).filter(|path| is_named_so(path));
    let loose = loose.take(TRIES).map(|path| Ok(open::read(&path).at_path(Action::Read, &path)?));
    let mut why = "there is none to make it of".to_string();
    for picture in packed.chain(loose) {
        match picture.and_then(|picture| Ok(thumbnail::make(&picture, SIDE)?)) {
            Ok(small) => return writes.put(&path, &small),
            Err(what) => why = what.to_string(),
        }
    }
    notes.warn(&format!("'{}' has no picture to show: {why}", folder.display()));
    Ok(())
}

fn packed(tars: &[PathBuf], (tar, at): At) -> Result<Vec<u8>, RowError> {
    let path = &tars[tar as usize];
    let wrong = |what: &str| RowError::from(format!("cannot read '{}': {what}", path.display()));
    let mut members = packed::read(path)?;
    if at as usize >= members.len() {
        return Err(wrong("its index has changed"));
    }
    let Member { offset, bytes, .. } = members.swap_remove(at as usize);
    let file = open::file(path).at_path(Action::Read, path)?;
    let length = file.metadata().at_path(Action::Read, path)?.len();
    if bytes > MOST_BYTES || offset.saturating_add(bytes) > length {
        return Err(wrong("its index does not fit"));
    }
    let mut picture = vec![0; bytes as usize];
    read_at(&file, &mut picture, offset).at_path(Action::Read, path)?;
    Ok(picture)
}
