//! Signals through a pipe whether its writers have finished, separately from its bytes.
//!
//! A reader sees the same end of its input whether the writer finished or was killed. So a tool counts itself as a
//! writer in the mode of the pipe, which both ends see and nobody else reads, and removes itself when it has finished.
//! Nothing is added to the rows: other programs read and write the same bytes as without it. This works for unnamed
//! pipes, on Linux. On other systems, and with another program in between, there is no signal, and the rows count as
//! complete.

use std::fs::File;
use std::sync::{Arc, OnceLock};

/// The message if a writer did not finish.
pub const CUT: &str = "the input ended early: the tool before this one in the pipe was killed or could not go on; run \
    the whole pipe again";

/// The message about an input of 0 bytes, if no writer reports that this is everything.
pub const UNPROVEN: &str = "nothing came in, not even a first byte, and no tool has told that this is all: the program \
    before this one in the pipe may not have started, or writes its rows to a file of its own (-o); run the whole pipe again, or complete the file by --accept-empty";

/// The message about folders without a picture.
pub const NO_PICTURES: &str = "there is no picture in the folders, and the output is not completed without a row: an earlier run \
    may have moved or packed them; give the right folder (-r searches those below), or complete the file by --accept-empty";

/// The message about a named input, if rows are missing in it.
pub const LACKING: &str = "the tool that writes it had rows that failed, and they are missing here; run it again, or \
    accept that by its --accept-failed";

/// The message of a writer that cannot report anything, because another user has made the pipe.
pub const FOREIGN: &str = "standard output is a pipe of another user, so the next tool is not told if this one is killed: \
    check the status of each (set -o pipefail), or use a file in between";

/// Whether the output is a pipe that could report, but whose mode only another user may change.
pub fn is_foreign(output: &File) -> bool {
    mode::is_foreign(output)
}

/// How complete the rows of an input or an output are, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Completion {
    /// All rows are there, or there is no signal.
    Complete,
    /// There are no rows, and no signal that this is everything.
    Unproven,
    /// All rows were processed, and some have failed.
    RowsMissing,
    /// The writer ended before its last row.
    Cut,
}

/// The completion of an input, once it is read to its end.
pub type Told = Arc<OnceLock<Completion>>;

/// A writer that is counted in its pipe. If it is dropped without [`Writer::end`], it stays counted: its rows are
/// incomplete.
pub struct Writer(File);

impl Writer {
    /// Counts this process as a writer of the output, if that is a pipe that supports it.
    pub fn new(output: File) -> Option<Writer> {
        mode::change(&output, mode::begun).then_some(Writer(output))
    }

    /// Reports how complete the output is; `Cut` leaves the writer counted.
    pub fn end(self, completion: Completion) {
        if completion != Completion::Cut {
            mode::change(&self.0, |mode| mode::ended(mode, completion));
        }
    }

    /// Is no writer any more, and reports nothing: the rows go elsewhere.
    pub fn withdraw(self) {
        mode::change(&self.0, |mode| Some(mode::withdrawn(mode)));
    }
}

/// The completion that the writers of an ended input have reported; `is_empty` if it had 0 bytes.
pub fn of_input(input: &File, is_empty: bool) -> Completion {
    mode::read(input).map_or(Completion::Complete, |mode| mode::completion(mode, is_empty))
}

/// The mode of a pipe. Its bits for reading and writing stay unchanged; the others have no meaning for the system.
#[cfg(target_os = "linux")]
mod mode {
    use std::fs::File;

    use rustix::fs::{FileType, FlockOperation, Mode, fchmod, fcntl_lock, fstat, fstatfs};

    use super::Completion;

    /// The bits that count the writers, the lowest first.
    const COUNT: [Mode; 4] = [Mode::SVTX, Mode::XUSR, Mode::XGRP, Mode::XOTH];
    /// The bits for the worst completion reported by the writers that have finished. If neither is set, none of our
    /// tools has reported.
    const TOLD: [(Mode, Completion); 3] = [
        (Mode::SGID, Completion::Complete),
        (Mode::SUID.union(Mode::SGID), Completion::Unproven),
        (Mode::SUID, Completion::RowsMissing),
    ];
    const TOLD_BITS: Mode = Mode::SUID.union(Mode::SGID);
    /// The file system of unnamed pipes (linux/magic.h). A FIFO on disk would keep the bits of a killed writer.
    const PIPEFS_MAGIC: u64 = 0x5049_5045;

    /// The mode, if the file is an unnamed pipe.
    pub fn read(file: &File) -> Option<Mode> {
        let mode = fstat(file).ok()?.st_mode;
        let is_pipe = FileType::from_raw_mode(mode).is_fifo()
            && fstatfs(file).is_ok_and(|system| system.f_type as u64 == PIPEFS_MAGIC);
        is_pipe.then(|| Mode::from_raw_mode(mode))
    }

    /// Whether the file is an unnamed pipe of another user.
    pub fn is_foreign(file: &File) -> bool {
        let owner = fstat(file).map(|stat| stat.st_uid);
        let me = rustix::process::geteuid();
        read(file).is_some() && !me.is_root() && owner.is_ok_and(|owner| owner != me.as_raw())
    }

    /// Changes the mode, unless `change` returns `None`. Returns whether it was changed.
    pub fn change(file: &File, change: impl FnOnce(Mode) -> Option<Mode>) -> bool {
        // Two tools may begin or end at once (`xargs -P`). The lock is held for the two calls only.
        if read(file).is_none() || fcntl_lock(file, FlockOperation::LockExclusive).is_err() {
            return false;
        }
        let changed = read(file).and_then(change).is_some_and(|mode| fchmod(file, mode).is_ok());
        // The lock ends with the process in any case.
        let _ = fcntl_lock(file, FlockOperation::Unlock);
        changed
    }

    /// The mode with one more writer, or `None` if the bits cannot count more: such a writer is not tracked.
    pub fn begun(mode: Mode) -> Option<Mode> {
        Some(writers(mode) + 1).filter(|&writers| writers < 1 << COUNT.len()).map(|n| with(mode, n))
    }

    /// The mode with one writer less, which has reported nothing.
    pub fn withdrawn(mode: Mode) -> Mode {
        with(mode, writers(mode).saturating_sub(1))
    }

    /// The mode with one writer less, which has reported this completion.
    pub fn ended(mode: Mode, completion: Completion) -> Option<Mode> {
        let left = withdrawn(mode);
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

/// On other systems a pipe carries no signal.
#[cfg(not(target_os = "linux"))]
mod mode {
    use std::fs::File;

    use super::Completion;

    pub fn read(_: &File) -> Option<()> {
        None
    }

    pub fn is_foreign(_: &File) -> bool {
        false
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

    pub fn withdrawn(_: ()) {}

    pub fn completion(_: (), _: bool) -> Completion {
        Completion::Complete
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
