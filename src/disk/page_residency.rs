//! Which parts of a file are in the page cache.

use std::fs::File;

/// Whether all of these bytes of a file are in memory, so that they can be used without waiting for the disk.
/// False if the system cannot tell (Linux before 6.5, files of other users that are not writable, other
/// systems).
pub fn holds(file: &File, at: u64, len: u64) -> bool {
    system::holds(file, at, len)
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod system {
    use std::fs::File;
    use std::os::fd::AsRawFd;

    use crate::disk::positioned_io::cached_at;

    /// The system call number on these processors, which libc does not define for all of them
    /// (asm-generic/unistd.h).
    const CACHESTAT: std::ffi::c_long = 451;
    /// The page size assumed for cachestat(2). A system with larger pages reports fewer of them, which looks
    /// like pages that are not cached.
    const PAGE: u64 = 4096;
    /// The minimum length of a readahead: checking one page in each such length, and the last page, finds a
    /// readahead that is not finished.
    const AHEAD: u64 = 64 << 10;

    #[repr(C)]
    struct Range {
        at: u64,
        len: u64,
    }

    #[repr(C)]
    #[derive(Default)]
    struct Counts {
        cached: u64,
        dirty: u64,
        written: u64,
        evicted: u64,
        recently_evicted: u64,
    }

    pub fn holds(file: &File, at: u64, len: u64) -> bool {
        let Some(end) = at.checked_add(len).filter(|_| len > 0) else { return false };
        let first = at / PAGE * PAGE;
        let pages = (end - first).div_ceil(PAGE);
        // A page that is being read from the disk counts as cached, but is not returned by a read that does not
        // wait.
        let is_there = |at: u64| cached_at(file, &mut [0], at) == 1;
        cached_pages(file, first, pages * PAGE) == Some(pages)
            && (at..end).step_by(AHEAD as usize).chain([end - 1]).all(is_there)
    }

    fn cached_pages(file: &File, at: u64, len: u64) -> Option<u64> {
        let (range, mut counts) = (Range { at, len }, Counts::default());
        // SAFETY: the descriptor is open as long as the file is borrowed; the system reads one structure and
        // fills the other, and both have the layout of linux/mman.h.
        let done = unsafe {
            libc::syscall(CACHESTAT, file.as_raw_fd(), &raw const range, &raw mut counts, 0)
        };
        (done == 0).then_some(counts.cached)
    }
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod system {
    use std::fs::File;

    pub fn holds(_: &File, _: u64, _: u64) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
