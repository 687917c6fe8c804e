//! The files of to-webp: written, read back, compared, taken away.

use std::fs::{self};
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use crate::disk::open;
use crate::disk::place::read_at;
use crate::disk::replace::{Replacement, sync_folder};
use crate::format::source::Window;
use crate::format::transcode::is_made_of;

/// Writes the file with its time; when an original is to go, it is read back
/// from the disk that has it.
pub fn write(target: &Path, webp: &[u8], modified: SystemTime, read_back: bool) -> io::Result<()> {
    let mut file = Replacement::create(target)?;
    file.write_all(webp)?;
    file.set_modified(modified)?;
    file.finish(Some(webp.len() as u64), read_back)?;
    if read_back {
        wait_for_disk(target)?;
        let found = open::read(target)?;
        if found != webp {
            return Err(io::Error::other("it does not read back as it was written"));
        }
        decode(&found)?;
    }
    Ok(())
}

/// Waits until a file and its name are on disk.
pub fn wait_for_disk(path: &Path) -> io::Result<()> {
    open::file(path)?.sync_all()?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    sync_folder(parent.unwrap_or(Path::new(".")))
}

/// Whether the pixels can be had.
pub fn decode(webp: &[u8]) -> io::Result<()> {
    let pixels = webp::Decoder::new(webp).decode();
    pixels.map(drop).ok_or_else(|| io::Error::other("it cannot be decoded"))
}

/// Whether a WebP that is there is that of the JPEG: all that can be seen of a
/// run that broke off before it took the JPEG away.
pub fn made_of(webp: &Path, jpeg: &Path) -> io::Result<bool> {
    let open = |path| open::file(path).and_then(Window::open);
    is_made_of(&mut open(webp)?, &mut open(jpeg)?)
}

/// The first bytes, by which the format is known.
pub fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = vec![0; 12];
    let len = read_at(&open::file(path)?, &mut head, 0)?;
    head.truncate(len);
    Ok(head)
}

pub fn remove(path: &Path) -> Result<(), String> {
    fs::remove_file(path).map_err(|error| format!("cannot remove '{}': {error}", path.display()))
}
