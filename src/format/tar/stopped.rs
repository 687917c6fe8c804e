//! How reading a tar ended.

use crate::format::Malformed;

/// Why reading went no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// At empty blocks, behind which nothing stands.
    End(u64),
    /// Behind a whole member, or before the first: nothing says that it ends here.
    Open(u64),
    /// Inside the last member.
    Cut(u64),
    /// At something that is wrong.
    FatalError(Malformed),
}

impl Stopped {
    /// What is wrong with a tar that stops so.
    pub fn fault(&self) -> Option<String> {
        match self {
            Stopped::End(_) => None,
            Stopped::Open(at) => Some(format!(
                "it stops at byte {at} without the empty blocks that end a tar: more may have followed"
            )),
            Stopped::Cut(at) => {
                Some(format!("unexpected end of input at byte {at}, inside a member"))
            }
            Stopped::FatalError(fault) => Some(format!("{fault}, behind which nothing was read")),
        }
    }
}
