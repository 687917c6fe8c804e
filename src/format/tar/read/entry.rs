//! One entry of a tar: its type, and the extended records that apply to it.

use crate::format::tar::sparse::{Map, Piece};
use crate::format::tar::{EntryError, Modified};

/// An entry of a tar, and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TarEntry {
    /// The name as in the tar. Bytes that are not UTF-8 are escaped, and then the kind is
    /// [`EntryKind::Unread`].
    pub name: String,
    /// Size of the file in bytes, holes included.
    pub size: u64,
    pub modified: Option<Modified>,
    pub kind: EntryKind,
    /// Where the entry begins: its first header, including long names.
    pub header_at: u64,
    /// Where its body begins.
    pub body_at: u64,
}

/// The type of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    File,
    /// A sparse file, and the pieces between its holes.
    Sparse(Vec<Piece>),
    /// Another name for a member.
    HardLink(String),
    SymbolicLink(String),
    Folder,
    /// For example a device.
    Special(&'static str),
    /// A file that cannot be read, and why.
    Unread(EntryError),
}

impl TarEntry {
    pub(super) fn take_map(&mut self, map: Map) {
        (self.size, self.body_at) = (map.size, map.at);
        self.kind = map.pieces.map_or_else(EntryKind::Unread, EntryKind::Sparse);
    }

    pub(super) fn take_name(&mut self, bytes: &[u8]) {
        if std::str::from_utf8(bytes).is_err() && !matches!(self.kind, EntryKind::Folder) {
            self.kind = EntryKind::Unread(EntryError::NameNotUtf8);
        }
        self.name = text(bytes);
    }
}

pub(super) fn without_body(kind: u8, link: &[u8]) -> EntryKind {
    match kind {
        b'1' => EntryKind::HardLink(text(link)),
        b'2' => EntryKind::SymbolicLink(text(link)),
        b'3' => EntryKind::Special("a character device"),
        b'4' => EntryKind::Special("a block device"),
        b'5' => EntryKind::Folder,
        _ => EntryKind::Special("a FIFO"),
    }
}

/// Bytes that are not UTF-8 are escaped, so that two names stay distinct.
fn text(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes);
    text.map_or_else(|_| bytes.escape_ascii().to_string(), str::to_string)
}
