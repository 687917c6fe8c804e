//! The contents of a new block: directories, their entries, and the old position of each.

use super::Dir;
use super::value::{Order, Raw, Value, element_size};

/// One entry with its value: still where it was, or held to be placed.
pub(super) struct Slot {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u32,
    pub(super) held: ValueStorage,
}

pub(super) enum ValueStorage {
    /// The four bytes of the entry as they are: a short value, or a place.
    Field([u8; 4]),
    /// To be written; `home` is room in the block that is free for it.
    Bytes { bytes: Vec<u8>, home: Option<(usize, usize)> },
}

/// One directory to be written.
pub(super) struct Plan {
    pub(super) dir: Dir,
    /// Where its table stands, and room for how many entries is there.
    pub(super) home: Option<(usize, usize)>,
    pub(super) slots: Vec<Slot>,
    pub(super) next: u32,
}

impl Slot {
    /// What is to be written goes wherever there is room.
    pub(super) fn leave_home(&mut self) {
        if let ValueStorage::Bytes { home, .. } = &mut self.held {
            *home = None;
        }
    }

    /// The tag and the place of a value that stays where it is, outside its entry.
    pub(super) fn stays(&self, order: Order) -> Option<(u16, std::ops::Range<usize>)> {
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

    /// Sets, inserts in the order of tags (TIFF 6.0, section 2), or removes; a
    /// tag that stood there twice stands there once after that. Entries that
    /// are out of order stay so: by the first ones some readers judge the rest.
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

    /// Sets the place of another directory, or takes its pointer away.
    pub(super) fn point(&mut self, pointer: u16, to: Option<u32>, order: Order) {
        if to.is_some() || self.slots.iter().any(|slot| slot.tag == pointer) {
            self.replace(pointer, to.map(|at| (Value::Long(at).encode(order), None)));
        }
    }

    /// Whether its table fits where it was.
    pub(super) fn is_at_home(&self) -> bool {
        self.home.is_some_and(|(_, room)| self.slots.len() <= room) && !self.slots.is_empty()
    }
}
