//! A block being edited: its directories, and where each value is stored.

use super::Edit;
use super::required_tags::required;
use crate::format::Malformed;
use crate::format::exif::block_builder::Block;
use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::dead_space::{self, Room};
use crate::format::exif::plan::{Plan, Slot, ValueStorage};
use crate::format::exif::tags::{Tag, pointers};
use crate::format::exif::tree::{self, Directory, IfdEntry, Tree};
use crate::format::exif::value::{Raw, Value};
use crate::format::exif::{Dir, appended_area};
use crate::format::source::Unread;

/// An empty block, without any directory yet.
const EMPTY: &[u8; 8] = b"MM\0\x2A\0\0\0\x08";

/// A block with the edits applied, before it is laid out.
pub(super) struct Draft<'a> {
    order: ByteOrder,
    /// The data that must stay: the block without an appended area.
    base: &'a [u8],
    block: &'a [u8],
    tree: Tree,
    plans: Vec<Plan>,
    /// The ranges of replaced values, which are cleared so that old values do not remain in the block.
    outdated: Vec<(usize, usize)>,
}

impl<'a> Draft<'a> {
    /// The block with the edits applied; `None` if it already has these values.
    pub fn with(
        block: Option<&'a [u8]>,
        edits: &[Edit],
        size: Option<(u32, u32)>,
    ) -> Result<Option<Self>, Malformed> {
        let mut draft = block.map_or_else(|| Ok(Draft::empty()), Draft::from_block)?;
        let mut changed = false;
        for Edit { tag, value } in required(&draft.tree, edits, size).iter().chain(edits) {
            changed |= draft.set(*tag, value.as_ref())?;
        }
        Ok(changed.then_some(draft))
    }

    fn empty() -> Self {
        let tree = Tree { order: ByteOrder::Big, directories: Vec::new(), faults: Vec::new() };
        let plans = [Dir::Exif, Dir::Gps, Dir::Main].map(Plan::new).into();
        Draft {
            order: ByteOrder::Big,
            base: EMPTY,
            block: EMPTY,
            tree,
            plans,
            outdated: Vec::new(),
        }
    }

    fn from_block(block: &'a [u8]) -> Result<Self, Malformed> {
        let tree = tree::read(&mut &block[..]).map_err(|error| match error {
            Unread::Malformed(malformed) => {
                Malformed { what: format!("{}, so it is not changed", malformed.what), ..malformed }
            }
            Unread::Io(error) => Malformed::at_byte(0, error.to_string()),
        })?;
        let base = &block[..block.len() - appended_area::len(block, &tree)];
        let (order, plans, outdated) = (tree.order, Vec::new(), Vec::new());
        let mut draft = Draft { order, base, block, tree, plans, outdated };
        for dir in [Dir::Exif, Dir::Gps, Dir::Main] {
            let plan = draft.plan(dir)?;
            draft.plans.push(plan);
        }
        Ok(draft)
    }

    /// The plan of an existing directory. One that is pointed to but cannot be read completely is an error: changing it
    /// might lose data that a better reader sees.
    fn plan(&self, dir: Dir) -> Result<Plan, Malformed> {
        let Some(directory) = self.tree.directory(dir) else {
            let pointer = pointer_to(dir).map(|number| Tag { dir: Dir::Main, number, name: "" });
            return match pointer {
                Some(pointer) => match self.tree.entry(pointer) {
                    None => Ok(Plan::new(dir)),
                    Some(entry) => Err(unreadable(dir, entry.at)),
                },
                None => Err(unreadable(dir, 4)),
            };
        };
        if !directory.whole {
            return Err(unreadable(dir, directory.at));
        }
        let free = self.is_free(directory.at, table_len(directory), directory.at);
        let home = free.then_some((directory.at as usize, directory.entries.len()));
        let slots = directory.entries.iter().map(|entry| self.slot(entry)).collect();
        Ok(Plan { dir, home, slots, next: directory.next })
    }

    /// Values in the appended area are moved; all others stay in place.
    fn slot(&self, entry: &IfdEntry) -> Slot {
        let &IfdEntry { tag, kind, count, field, .. } = entry;
        let ours = entry.is_far() && entry.value_at >= self.base.len() as u64;
        let held = match self.bytes(entry).filter(|_| ours) {
            Some(bytes) => ValueStorage::Bytes { bytes: bytes.to_vec(), home: None },
            None => ValueStorage::Field(field),
        };
        Slot { tag, kind, count, held }
    }

    fn bytes(&self, entry: &IfdEntry) -> Option<&'a [u8]> {
        let start = usize::try_from(entry.value_at).ok()?;
        self.block.get(start..start.checked_add(usize::try_from(entry.len).ok()?)?)
    }

    /// Sets or removes a tag; returns whether anything changes.
    fn set(&mut self, tag: Tag, value: Option<&Value>) -> Result<bool, Malformed> {
        let old = self.tree.entry(tag);
        let new = value.map(|value| value.encode(self.order));
        if let (Some(entry), Some(new)) = (&old, &new)
            && let Some(bytes) = self.bytes(entry)
        {
            let IfdEntry { kind, count, .. } = *entry;
            let old = Raw { kind, count, bytes: bytes.to_vec(), order: self.order };
            // Of a tag that is there twice, other readers may use the second one.
            if old.same(new) && self.count(tag) < 2 {
                return Ok(false);
            }
        }
        let home = old
            .filter(|old| old.is_far() && self.is_free(old.value_at, old.len, old.at))
            .map(|old| (old.value_at as usize, old.len as usize));
        let Some(plan) = self.plans.iter_mut().find(|plan| plan.dir == tag.dir) else {
            let what = format!("{} stands in a directory that is never changed", tag.name);
            return Err(Malformed::at_byte(0, what));
        };
        let had = plan.slots.iter().any(|slot| slot.tag == tag.number);
        if new.is_none() && !had {
            return Ok(false);
        }
        self.outdated.extend(home);
        plan.replace(tag.number, new.map(|raw| (raw, home)));
        Ok(true)
    }

    /// How often a tag is in its directory.
    fn count(&self, tag: Tag) -> usize {
        let slots =
            self.plans.iter().filter(|plan| plan.dir == tag.dir).flat_map(|plan| &plan.slots);
        slots.filter(|slot| slot.tag == tag.number).count()
    }

    /// Whether these bytes may be overwritten: they are in the data that stays, and no other table or value, no
    /// thumbnail and no maker note overlaps them. `own` is the offset of the entry or directory that they belong to.
    fn is_free(&self, start: u64, len: u64, own: u64) -> bool {
        let end = start.saturating_add(len);
        let apart = |at: u64, len: u64| end <= at || at.saturating_add(len) <= start;
        let clear_of = |directory: &Directory| {
            let thumbnail = thumbnail(directory, self.order);
            (directory.at == own || apart(directory.at, table_len(directory)))
                && thumbnail.is_none_or(|(at, len)| apart(at, len))
                && directory.entries.iter().all(|other| {
                    other.at == own || !other.is_far() || apart(other.value_at, other.len)
                })
        };
        start >= 8 && end <= self.base.len() as u64 && self.tree.directories.iter().all(clear_of)
    }

    /// Lays out the new block. A block that must not grow uses the space inside it.
    pub fn lay_out(mut self, is_full: bool) -> Vec<u8> {
        let mut bytes = self.base.to_vec();
        self.outdated.iter().for_each(|&(at, len)| bytes[at..at + len].fill(0));
        let room = if is_full {
            dead_space::make(&mut bytes, &self.tree, &mut self.plans)
        } else {
            Room::default()
        };
        let mut block = Block { order: self.order, bytes, base: self.base.len(), room };
        let mut main = self.plans.pop().unwrap_or_else(|| Plan::new(Dir::Main));
        let pointed = |plan: Plan| Some((pointer_to(plan.dir)?, plan));
        let plans: Vec<_> = self.plans.into_iter().filter_map(pointed).collect();
        for (pointer, plan) in &plans {
            main.point(*pointer, (!plan.slots.is_empty()).then_some(0), self.order);
        }
        block.reserve(&mut main);
        for (pointer, plan) in plans.into_iter().filter(|(_, plan)| !plan.slots.is_empty()) {
            main.point(pointer, Some(block.place(plan)), self.order);
        }
        let first = block.place(main);
        block.bytes[4..8].copy_from_slice(&self.order.put_u32(first));
        block.close()
    }
}

fn pointer_to(dir: Dir) -> Option<u16> {
    match dir {
        Dir::Exif => Some(pointers::EXIF_IFD),
        Dir::Gps => Some(pointers::GPS_IFD),
        _ => None,
    }
}

fn unreadable(dir: Dir, at: u64) -> Malformed {
    Malformed::at_byte(
        at as usize,
        format!("{dir:?} directory cannot be read whole, so it is not changed"),
    )
}

/// The length of a table: the count, the entries, and the offset of the next directory.
fn table_len(directory: &Directory) -> u64 {
    6 + 12 * directory.entries.len() as u64
}

/// The offset and the length of a directory's thumbnail.
fn thumbnail(directory: &Directory, order: ByteOrder) -> Option<(u64, u64)> {
    let number = |tag| {
        let entry = directory.entries.iter().find(|entry| entry.tag == tag)?;
        Some(u64::from(order.u32(&entry.field)))
    };
    Some((number(pointers::THUMBNAIL)?, number(pointers::THUMBNAIL_LENGTH)?))
}
