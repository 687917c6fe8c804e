//! Checks the bytes of a tar around the body of a member: header, padding, and what follows the last one.

use super::{Member, TarFile};
use crate::archive::MemberFault;
use crate::archive::packed::headers::{Places, is_file, padded_end};
use crate::disk::positioned_io::read_at;
use crate::format::tar::{self, Entries, EntryKind, Stopped, TarStep};

impl TarFile {
    /// The header is between the end of the previous member and this one, after folders and links that have no bytes.
    pub(super) fn check_header(
        &self,
        member: &Member,
        start: u64,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<(), MemberFault> {
        let elsewhere = || Err(MemberFault::Elsewhere);
        let mut entries = Entries::starting_at(Places::new(&self.file, self.len), start);
        loop {
            let entry = match entries.step()? {
                TarStep::Entry(entry) => entry,
                TarStep::Joined(_) => continue,
                TarStep::Stopped(Stopped::Malformed(fault)) => {
                    return Err(MemberFault::Header(fault));
                }
                TarStep::Stopped(_) => return elsewhere(),
            };
            // Bytes with several names are stored under the first.
            let is_known = is_known(&entry.name);
            match entry.kind {
                EntryKind::Unread(why) if entry.name == member.name => return Err(why.into()),
                EntryKind::File | EntryKind::Sparse(_) if entry.body_at == member.offset => {
                    return if is_known && entry.size == member.bytes {
                        Ok(())
                    } else {
                        Err(MemberFault::OtherHeader(entry.name))
                    };
                }
                // An older file of the same name, or one that the index does not name.
                EntryKind::File | EntryKind::Sparse(_)
                    if (is_known || self.has_unnamed) && entry.body_at < member.offset => {}
                EntryKind::File | EntryKind::Sparse(_) => return elsewhere(),
                _ if entry.body_at > member.offset => return elsewhere(),
                _ => {}
            }
        }
    }

    /// After the body there are zeros up to the next block.
    pub(super) fn check_padding(&self, member: &Member) -> Result<(), MemberFault> {
        let end = member.stored_end().ok_or(MemberFault::TooLong)?;
        let len = end.next_multiple_of(tar::BLOCK).min(self.len.max(end)) - end;
        let mut bytes = vec![0; len as usize];
        let read = read_at(&self.file, &mut bytes, end)?;
        if read == bytes.len() && bytes.iter().all(|&byte| byte == 0) {
            Ok(())
        } else {
            Err(MemberFault::NotEmptyBehind)
        }
    }

    /// A tar made by these tools ends after the last member.
    pub(super) fn check_end(&self, last: &Member) -> Result<(), MemberFault> {
        let start = padded_end(last).unwrap_or(self.len);
        let mut entries = Entries::starting_at(Places::new(&self.file, self.len), start);
        loop {
            match entries.step()? {
                TarStep::Stopped(Stopped::End(_))
                    if self.len.is_multiple_of(tar::BLOCK)
                        && self.len - start >= 2 * tar::BLOCK =>
                {
                    return Ok(());
                }
                TarStep::Stopped(Stopped::Malformed(_)) => {
                    return Err(MemberFault::NotEmptyBehind);
                }
                TarStep::Stopped(_) => return Err(MemberFault::CutBehind),
                TarStep::Entry(entry) if !is_file(&entry) => {}
                TarStep::Entry(_) | TarStep::Joined(_) if self.has_unnamed => {}
                TarStep::Entry(_) | TarStep::Joined(_) => {
                    return Err(MemberFault::MoreBehind);
                }
            }
        }
    }
}
