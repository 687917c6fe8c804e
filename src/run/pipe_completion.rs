//! Whether the writers of a pipe have written all that they were to write, told beside its bytes.
//!
//! A reader sees the same end of its input whether the writer was done or was killed. So a tool counts itself as a writer
//! in the mode of the pipe, which both ends see and nobody else reads, and takes itself off when it is done. Nothing of
//! it stands among the rows: other programs read and write the same bytes as without. This is for pipes that have no
//! name, on Linux. Elsewhere, and over a program in between, nothing is told, which says nothing against the rows.

use std::fs::File;
use std::sync::{Arc, OnceLock};

/// What a reader is told when a writer is missing.
pub const CUT: &str = "the input ended early: the tool before this one in the pipe was killed or could not go on; run \
    the whole pipe again";

/// What is said of an input that has not even a first byte, and nobody who tells that this is all.
pub const UNPROVEN: &str = "nothing came in, not even a first byte, and no tool has told that this is all: the program \
    before this one in the pipe may not have started; run the whole pipe again, or complete the file by --accept-empty";

/// How far the rows of an input or an output are all that there were to be: the worse stands further down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Completion {
    /// All are there, or nobody tells.
    Complete,
    /// Nothing is there, and nobody tells that nothing is all.
    Unproven,
    /// All have been gone through, and some have failed.
    RowsMissing,
    /// The writer ended before its rows.
    Cut,
}

/// What an input has told, once all of it is read.
pub type Told = Arc<OnceLock<Completion>>;

/// A writer that is counted in its pipe. Dropped, it stays so: its rows are cut.
pub struct Writer(File);

impl Writer {
    /// Counts this process as a writer of the output, if that is a pipe that can tell.
    pub fn new(output: File) -> Option<Writer> {
        mode::change(&output, mode::begun).then_some(Writer(output))
    }

    /// All is written that will be.
    pub fn end(self, completion: Completion) {
        if completion != Completion::Cut {
            mode::change(&self.0, |mode| mode::ended(mode, completion));
        }
    }
}

/// What the writers of an input that has ended have told; `is_empty` when not a byte of it has come.
pub fn of_input(input: &File, is_empty: bool) -> Completion {
    mode::read(input).map_or(Completion::Complete, |mode| mode::completion(mode, is_empty))
}

/// The mode of a pipe. Its bits for reading and writing stay as they are, the others mean nothing to the system.
#[cfg(target_os = "linux")]
mod mode {
    use std::fs::File;

    use rustix::fs::{FileType, FlockOperation, Mode, fchmod, fcntl_lock, fstat, fstatfs};

    use super::Completion;

    /// The bits that count the writers, the lowest first.
    const COUNT: [Mode; 4] = [Mode::SVTX, Mode::XUSR, Mode::XGRP, Mode::XOTH];
    /// The worst of what the writers told that have gone. Neither: none of ours has been here.
    const TOLD: [(Mode, Completion); 3] = [
        (Mode::SGID, Completion::Complete),
        (Mode::SUID.union(Mode::SGID), Completion::Unproven),
        (Mode::SUID, Completion::RowsMissing),
    ];
    const TOLD_BITS: Mode = Mode::SUID.union(Mode::SGID);
    /// The file system of pipes without a name (linux/magic.h). A FIFO of a disk would keep what a killed writer left.
    const PIPEFS_MAGIC: u64 = 0x5049_5045;

    /// The mode, of a pipe without a name.
    pub fn read(file: &File) -> Option<Mode> {
        let mode = fstat(file).ok()?.st_mode;
        let is_pipe = FileType::from_raw_mode(mode).is_fifo()
            && fstatfs(file).is_ok_and(|system| system.f_type as u64 == PIPEFS_MAGIC);
        is_pipe.then(|| Mode::from_raw_mode(mode))
    }

    /// Changes it, unless `change` says that it stays. False also where it cannot be changed.
    pub fn change(file: &File, change: impl FnOnce(Mode) -> Option<Mode>) -> bool {
        // Two tools may begin or end at once (`xargs -P`). The lock is held for the two calls only.
        if read(file).is_none() || fcntl_lock(file, FlockOperation::LockExclusive).is_err() {
            return false;
        }
        let changed = read(file).and_then(change).is_some_and(|mode| fchmod(file, mode).is_ok());
        // It ends with the process in any case.
        let _ = fcntl_lock(file, FlockOperation::Unlock);
        changed
    }

    /// With one writer more. As many as there can be are counted, the others are taken on trust.
    pub fn begun(mode: Mode) -> Option<Mode> {
        Some(writers(mode) + 1).filter(|&writers| writers < 1 << COUNT.len()).map(|n| with(mode, n))
    }

    /// With one writer less, which has gone so.
    pub fn ended(mode: Mode, completion: Completion) -> Option<Mode> {
        let left = with(mode, writers(mode).saturating_sub(1));
        let worst = told(mode).map_or(completion, |told| told.max(completion));
        let (bits, _) = TOLD.into_iter().find(|(_, told)| *told == worst)?;
        Some((left - TOLD_BITS) | bits)
    }

    pub fn completion(mode: Mode, is_empty: bool) -> Completion {
        match (writers(mode), told(mode)) {
            (0, Some(told)) => told,
            (0, None) if is_empty => Completion::Unproven,
            (0, None) => Completion::Complete,
            _ => Completion::Cut,
        }
    }

    fn told(mode: Mode) -> Option<Completion> {
        TOLD.into_iter().find(|(bits, _)| mode & TOLD_BITS == *bits).map(|(_, told)| told)
    }

    fn writers(mode: Mode) -> u32 {
        let bits = COUNT.iter().enumerate();
        bits.map(|(at, &bit)| u32::from(mode.contains(bit)) << at).sum()
    }

    fn with(mut mode: Mode, writers: u32) -> Mode {
        for (at, &bit) in COUNT.iter().enumerate() {
            mode.set(bit, writers >> at & 1 == 1);
        }
        mode
    }
}

/// Elsewhere a pipe tells nothing.
#[cfg(not(target_os = "linux"))]
mod mode {
    use std::fs::File;

    use super::Completion;

    pub fn read(_: &File) -> Option<()> {
        None
    }

    pub fn change(_: &File, _: impl FnOnce(()) -> Option<()>) -> bool {
        false
    }

    pub fn begun(_: ()) -> Option<()> {
        None
    }

    pub fn ended(_: (), _: Completion) -> Option<()> {
        None
    }

    pub fn completion(_: (), _: bool) -> Completion {
        Completion::Complete
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
