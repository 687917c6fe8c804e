//! The contents of a new block: directories, their entries, and their old offsets.

use super::Dir;
use super::byte_order::ByteOrder;
use super::value::{Raw, Value, element_size};

/// One entry with its value, either at its old offset or still to be written.
pub(super) struct Slot {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u32,
    pub(super) held: ValueStorage,
}

pub(super) enum ValueStorage {
    /// The four bytes of the entry unchanged: a short value, or an offset.
    Field([u8; 4]),
    /// To be written; `home` is space in the block that is free for it.
    Bytes { bytes: Vec<u8>, home: Option<(usize, usize)> },
}

/// One directory to be written.
pub(super) struct Plan {
    pub(super) dir: Dir,
    /// The offset of its table, and how many entries fit there.
    pub(super) home: Option<(usize, usize)>,
    pub(super) slots: Vec<Slot>,
    pub(super) next: u32,
}

impl Slot {
    /// Allows the values to be written anywhere.
    pub(super) fn leave_home(&mut self) {
        if let ValueStorage::Bytes { home, .. } = &mut self.held {
            *home = None;
        }
    }

    /// The tag and the range of a value outside its entry that is not moved.
    pub(super) fn stays(&self, order: ByteOrder) -> Option<(u16, std::ops::Range<usize>)> {
        let ValueStorage::Field(field) = &self.held else { return None };
        let len = element_size(self.kind)?.checked_mul(u64::from(self.count))?;
        let at = order.u32(field) as usize;
        (len > 4).then(|| (self.tag, at..at.saturating_add(len as usize)))
    }
}

impl Plan {
    pub(super) fn new(dir: Dir) -> Self {
        Plan { dir, home: None, slots: Vec::new(), next: 0 }
    }

    /// Sets a value, inserts it in tag order (TIFF 6.0, section 2), or removes it; duplicate tags are merged
    /// into one. Entries that are out of order stay so, because some readers judge the rest by the first ones.
    pub(super) fn replace(&mut self, tag: u16, new: Option<(Raw, Option<(usize, usize)>)>) {
        let first = self.slots.iter().position(|slot| slot.tag == tag);
        let at = first
            .or_else(|| self.slots.iter().position(|slot| slot.tag > tag))
            .unwrap_or(self.slots.len());
        self.slots.retain(|slot| slot.tag != tag);
        if let Some((Raw { kind, count, bytes, .. }, home)) = new {
            self.slots
                .insert(at, Slot { tag, kind, count, held: ValueStorage::Bytes { bytes, home } });
        }
    }

    /// Sets the offset of another directory, or deletes its pointer.
    pub(super) fn point(&mut self, pointer: u16, to: Option<u32>, order: ByteOrder) {
        if to.is_some() || self.slots.iter().any(|slot| slot.tag == pointer) {
            self.replace(pointer, to.map(|at| (Value::Long(at).encode(order), None)));
        }
    }

    /// Whether its table fits at its old offset.
    pub(super) fn is_at_home(&self) -> bool {
        self.home.is_some_and(|(_, room)| self.slots.len() <= room) && !self.slots.is_empty()
    }
}
