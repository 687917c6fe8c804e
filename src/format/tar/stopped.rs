//! Where and why reading a tar ended.

use crate::format::Malformed;

/// Why reading stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// At empty blocks with nothing after them.
    End(u64),
    /// After a complete member, or before the first: there is no end marker.
    Open(u64),
    /// Inside the last member.
    Cut(u64),
    /// At a block that is not one of a tar.
    Malformed(Malformed),
}

impl Stopped {
    /// The fault of a tar that stops this way, if any.
    pub fn fault(&self) -> Option<String> {
        match self {
            Stopped::End(_) => None,
            Stopped::Open(at) => Some(format!(
                "it stops at byte {at} without the empty blocks that end a tar: more may have followed"
            )),
            Stopped::Cut(at) => {
                Some(format!("unexpected end of input at byte {at}, inside a member"))
            }
            Stopped::Malformed(fault) => Some(format!("{fault}, behind which nothing was read")),
        }
    }
}
