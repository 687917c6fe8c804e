//! Errors in a tar: content that is invalid, or that cannot be written.

use super::sparse::MAX_PIECES;

/// Why a file in a tar cannot be read, although reading of the tar can continue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("a broken pax record")]
    BrokenRecord,
    #[error("a pax record whose {what} is not a number")]
    RecordNotANumber { what: &'static str },
    #[error("more than {MAX_PIECES} holes")]
    TooManyHoles,
    #[error("a map of holes that breaks off")]
    HolesBreakOff,
    #[error("stored with holes, and too long for a photo")]
    TooLongForPhoto,
    #[error("stored with holes, and their map is broken")]
    BrokenHoles,
    #[error("stored with holes, and their map is of other lengths than what is stored")]
    OtherLengths,
    #[error("its name is not UTF-8")]
    NameNotUtf8,
    #[error("it begins in another volume")]
    OtherVolume,
    #[error("it is of a kind that is not known ('{}')", kind.escape_ascii())]
    UnknownKind { kind: u8 },
    #[error("it is incomplete: the tar ends at byte {end}")]
    CutShort { end: u64 },
}

/// Why a name is not valid for a file in a tar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name of {bytes} bytes is too long for a tar")]
    TooLong { bytes: usize },
    #[error("'{}' has a control character", .0.escape_debug())]
    ControlCharacter(String),
    #[error("'{}' leads out of its folder", .0.escape_debug())]
    LeadsOut(String),
    #[error("'{}' is not the name of a file on this system", .0.escape_debug())]
    NotOnThisSystem(String),
    #[error("'{}' is not the name of a file", .0.escape_debug())]
    NotAFile(String),
    #[error("'{}' is not a plain relative name", .0.escape_debug())]
    NotPlain(String),
}
