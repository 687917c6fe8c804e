//! Builds a new block: the data that must stay, then an appended area with everything that did not fit.

use super::appended_area::MARK;
use super::byte_order::ByteOrder;
use super::dead_space::Room;
use super::plan::{Plan, Slot, ValueStorage};

/// TIFF header: byte order, magic number, offset of the first directory.
const HEADER: usize = 8;

/// The new block being built: the data that must stay, then the area.
pub(super) struct Block {
    pub(super) order: ByteOrder,
    pub(super) bytes: Vec<u8>,
    pub(super) base: usize,
    /// Space that may be used before the block grows.
    pub(super) room: Room,
}

impl Block {
    /// Reserves space for a table that has none. The main directory comes first, because exiftool treats a directory
    /// after it as truncated if fewer bytes remain after the main one than that directory is long.
    pub(super) fn reserve(&mut self, plan: &mut Plan) {
        if !plan.is_at_home() {
            let at = self.append(&vec![0; 6 + 12 * plan.slots.len()]);
            plan.home = Some((at as usize, plan.slots.len()));
        }
    }

    /// Writes a directory with its values and returns its offset.
    pub(super) fn place(&mut self, plan: Plan) -> u32 {
        let is_at_home = plan.is_at_home();
        let Plan { home, slots, next, .. } = plan;
        let mut table = self.order.put_u16(slots.len() as u16).to_vec();
        for Slot { tag, kind, count, held } in slots {
            let field = self.field(held);
            table.extend_from_slice(&self.order.put_u16(tag));
            table.extend_from_slice(&self.order.put_u16(kind));
            table.extend_from_slice(&self.order.put_u32(count));
            table.extend_from_slice(&field);
        }
        table.extend_from_slice(&self.order.put_u32(next));
        match home.filter(|_| is_at_home) {
            Some((at, _)) => self.overwrite(at, &table),
            None => self.append(&table),
        }
    }

    fn field(&mut self, held: ValueStorage) -> [u8; 4] {
        let (bytes, home) = match held {
            ValueStorage::Field(field) => return field,
            ValueStorage::Bytes { bytes, home } => (bytes, home),
        };
        if bytes.len() <= 4 {
            let mut field = [0; 4];
            field[..bytes.len()].copy_from_slice(&bytes);
            return field;
        }
        let at = match home.filter(|&(_, room)| bytes.len() <= room) {
            Some((at, _)) => self.overwrite(at, &bytes),
            None => self.append(&bytes),
        };
        self.order.put_u32(at)
    }

    fn overwrite(&mut self, at: usize, bytes: &[u8]) -> u32 {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        at as u32
    }

    /// Appends at an even offset (TIFF 6.0, section 2). The byte after the base was 0xFF, the start of the next
    /// marker, and stays so: some cameras count it as part of their thumbnail.
    fn append(&mut self, bytes: &[u8]) -> u32 {
        if let Some(at) = self.room.take(bytes.len()) {
            return self.overwrite(at, bytes);
        }
        let behind_base = usize::from(self.bytes.len() == self.base && self.base > HEADER);
        self.bytes.resize((self.bytes.len() + behind_base).next_multiple_of(2), 0xFF);
        self.bytes.extend_from_slice(bytes);
        (self.bytes.len() - bytes.len()) as u32
    }

    pub(super) fn close(mut self) -> Vec<u8> {
        if self.bytes.len() > self.base {
            self.room = Room::default();
            self.append(MARK);
            let len = self.bytes.len() + 4 - self.base;
            self.bytes.extend_from_slice(&self.order.put_u32(len as u32));
        }
        self.bytes
    }
}
