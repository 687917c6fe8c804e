//! The directories of an EXIF block or a TIFF file, as far as they can be read.

use super::Dir;
use super::byte_order::ByteOrder;
use super::tags::{Tag, pointers};
use super::value::{Raw, element_size};
use crate::format::Malformed;
use crate::format::source::{Source, Unread, exactly};

/// The maximum number of entries. The largest camera directories have a few hundred; a far larger count means a
/// wrong offset or a broken block.
const MAX_ENTRIES: usize = 4096;

/// RAW files have up to four directories below IFD0 (DNG 1.6, chapter 2).
const MAX_SUB_IFDS: usize = 16;

/// The maximum length of a value, which bounds the cost of one entry. No value read here is longer.
const MAX_VALUE: u64 = 64 * 1024;

/// One entry of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfdEntry {
    pub tag: u16,
    pub kind: u16,
    pub count: u32,
    /// The offset of the 12 bytes of the entry.
    pub at: u64,
    /// The last four of them: the value, or its offset.
    pub field: [u8; 4],
    /// The offset of the value, inside the entry or elsewhere.
    pub value_at: u64,
    /// Length of the value in bytes; 0 for an unknown type.
    pub len: u64,
}

impl IfdEntry {
    /// Whether the value is stored outside the entry.
    pub fn is_far(&self) -> bool {
        self.len > 4
    }
}

/// One directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    pub dir: Dir,
    pub at: u64,
    pub entries: Vec<IfdEntry>,
    /// The offset of the next directory; 0 if there is none.
    pub next: u32,
    /// Whether all the entries that the count declares are present.
    pub whole: bool,
}

impl Directory {
    /// Whether the tags rise from entry to entry, as they must (TIFF 6.0, section 2), so that none comes twice.
    pub fn is_ascending(&self) -> bool {
        self.entries.is_sorted_by(|one, next| one.tag < next.tag)
    }
}

/// All directories of a block, and its faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub order: ByteOrder,
    pub directories: Vec<Directory>,
    pub faults: Vec<Malformed>,
}

/// The byte order of a block and the offset of its first directory.
///
/// Besides the 42 of TIFF, the magic numbers of Panasonic and Olympus RAW are accepted.
pub fn header(bytes: &[u8]) -> Option<(ByteOrder, u32)> {
    let order = match bytes.get(..4)? {
        [b'I', b'I', 42 | 0x55, 0] | b"IIRO" | b"IIRS" => ByteOrder::Little,
        [b'M', b'M', 0, 42] | b"MMOR" => ByteOrder::Big,
        _ => return None,
    };
    Some((order, order.u32(bytes.get(4..8)?)))
}

/// Reads the directories. Only a block without a header is an error.
pub fn read(source: &mut impl Source) -> Result<Tree, Unread> {
    let (order, first) = header(exactly(source, 0, 8, "EXIF header")?)
        .ok_or_else(|| Unread::malformed(0, "no EXIF header"))?;
    let mut tree = Tree { order, directories: Vec::new(), faults: Vec::new() };
    tree.add(source, Dir::Main, first)?;
    tree.add_children(source, Dir::Main, pointers::EXIF_IFD, Dir::Exif)?;
    tree.add_children(source, Dir::Main, pointers::GPS_IFD, Dir::Gps)?;
    tree.add_children(source, Dir::Exif, pointers::INTEROP_IFD, Dir::Interop)?;
    tree.add_children(source, Dir::Main, pointers::SUB_IFDS, Dir::Sub)?;
    match tree.directory(Dir::Main).map(|main| main.next) {
        None | Some(0) => {}
        Some(next) => tree.add(source, Dir::Thumbnail, next)?,
    }
    Ok(tree)
}

impl Tree {
    pub fn directory(&self, dir: Dir) -> Option<&Directory> {
        self.directories.iter().find(|directory| directory.dir == dir)
    }

    pub fn entry(&self, tag: Tag) -> Option<IfdEntry> {
        let directory = self.directory(tag.dir)?;
        directory.entries.iter().find(|entry| entry.tag == tag.number).copied()
    }

    /// The value of an entry; `None` if its type is unknown, if it is longer than any value of a standard tag, or if it
    /// is incomplete.
    pub fn raw(&self, source: &mut impl Source, entry: &IfdEntry) -> std::io::Result<Option<Raw>> {
        if entry.len == 0 || entry.len > MAX_VALUE {
            return Ok(None);
        }
        let (kind, count, order) = (entry.kind, entry.count, self.order);
        let bytes = source.at(entry.value_at, entry.len as usize)?;
        let whole = bytes.len() as u64 == entry.len;
        Ok(whole.then(|| Raw { kind, count, bytes: bytes.to_vec(), order }))
    }

    fn add_children(
        &mut self,
        source: &mut impl Source,
        parent: Dir,
        pointer: u16,
        child: Dir,
    ) -> std::io::Result<()> {
        let entry = self
            .directory(parent)
            .and_then(|directory| directory.entries.iter().find(|entry| entry.tag == pointer))
            .copied();
        let Some(entry) = entry else { return Ok(()) };
        let Some(raw) = self.raw(source, &entry)? else {
            let what = format!("place of the {child:?} directory cannot be read");
            self.faults.push(Malformed::at_byte(entry.at as usize, what));
            return Ok(());
        };
        for at in (0..MAX_SUB_IFDS).map_while(|index| raw.uint(index)) {
            self.add(source, child, at)?;
        }
        Ok(())
    }

    /// Reads one directory as far as its bytes are present.
    fn add(&mut self, source: &mut impl Source, dir: Dir, at: u32) -> std::io::Result<()> {
        let at = u64::from(at);
        let mut fault = |what: String| self.faults.push(Malformed::at_byte(at as usize, what));
        if at < 8 || self.directories.iter().any(|known| known.at == at) {
            fault(format!("{dir:?} directory stands where another thing does"));
            return Ok(());
        }
        let Some(count) = source.at(at, 2)?.first_chunk().map(|c: &[u8; 2]| self.order.u16(c))
        else {
            fault(format!("{dir:?} directory lies beyond the end"));
            return Ok(());
        };
        let count = usize::from(count);
        if count > MAX_ENTRIES {
            fault(format!(
                "{dir:?} directory with {count} entries, at most {MAX_ENTRIES} are read"
            ));
            return Ok(());
        }
        let bytes = source.at(at + 2, count * 12 + 4)?;
        let entries: Vec<IfdEntry> = bytes
            .chunks_exact(12)
            .take(count)
            .enumerate()
            .map(|(index, bytes)| entry(self.order, at + 2 + 12 * index as u64, bytes))
            .collect();
        let whole = entries.len() == count;
        if !whole {
            fault(format!("{dir:?} directory ends after {} of {count} entries", entries.len()));
        }
        let next = bytes.get(count * 12..count * 12 + 4).map_or(0, |next| self.order.u32(next));
        self.directories.push(Directory { dir, at, entries, next, whole });
        Ok(())
    }
}

/// The directory at an offset of a block, if there can be one.
pub(super) fn directory_at(block: &[u8], order: ByteOrder, at: usize) -> Option<Directory> {
    let table = block.get(at..)?;
    let count = usize::from(order.u16(table.first_chunk::<2>()?));
    let bytes = table.get(2..2 + 12 * count + 4)?;
    let each = bytes.as_chunks::<12>().0.iter().take(count).zip((at as u64 + 2..).step_by(12));
    let entries = each.map(|(bytes, at)| entry(order, at, bytes)).collect();
    let next = order.u32(&bytes[12 * count..]);
    Some(Directory { dir: Dir::Sub, at: at as u64, entries, next, whole: true })
}

fn entry(order: ByteOrder, at: u64, bytes: &[u8]) -> IfdEntry {
    let (kind, count) = (order.u16(&bytes[2..]), order.u32(&bytes[4..]));
    let len = element_size(kind).unwrap_or(0) * u64::from(count);
    let field = [bytes[8], bytes[9], bytes[10], bytes[11]];
    let value_at = if len > 4 { u64::from(order.u32(&field)) } else { at + 8 };
    IfdEntry { tag: order.u16(bytes), kind, count, at, field, value_at, len }
}
