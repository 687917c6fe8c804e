//! A folder on a local disk, whose files can often be opened without blocking on the disk.

use std::fs::File;
use std::path::Path;

/// A folder whose files the system opens from memory, if their names are cached.
#[derive(Debug)]
pub struct LocalFolder {
    #[cfg(target_os = "linux")]
    folder: File,
}

#[cfg(target_os = "linux")]
impl LocalFolder {
    /// `None` if opening a file could involve a network, or a program behind FUSE.
    pub fn open(dir: &Path) -> Option<LocalFolder> {
        let folder = super::open::folder(dir).ok()?;
        let kind = rustix::fs::fstatfs(&folder).ok()?.f_type;
        KINDS.contains(&(kind as u64)).then_some(LocalFolder { folder })
    }

    /// Opens a plain file by its path relative to the folder. `None` if the system would have to read the disk,
    /// if the path leaves the file system or is a link, or if there is no such file.
    pub fn file_in_memory(&self, path: &Path) -> Option<File> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        if path.is_absolute() {
            return None;
        }
        let how = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let only = ResolveFlags::CACHED | ResolveFlags::NO_XDEV;
        let file = File::from(openat2(&self.folder, path, how, Mode::empty(), only).ok()?);
        file.metadata().is_ok_and(|meta| meta.is_file()).then_some(file)
    }
}

/// The `statfs` types of ext2 to ext4, XFS, Btrfs, F2FS, ZFS and tmpfs (linux/magic.h).
#[cfg(target_os = "linux")]
const KINDS: [u64; 6] = [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x2fc1_2fc1, 0x0102_1994];

#[cfg(not(target_os = "linux"))]
impl LocalFolder {
    /// Not supported on other systems.
    pub fn open(_: &Path) -> Option<LocalFolder> {
        None
    }

    /// Always `None`, because there is no such folder.
    pub fn file_in_memory(&self, _: &Path) -> Option<File> {
        None
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
