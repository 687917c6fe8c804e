//! Writes the headers and the end of a tar reproducibly: ustar if the name fits, otherwise pax; no owner, one mode, no
//! folders, no links.
//!
//! GNU tar makes the same bytes with `--format=ustar --owner=0 --group=0 --numeric-owner --mode=0644`, given the same
//! names in byte order.

use super::header::{checksum, field};
use super::{BLOCK, NameError, NewMember, RECORD, check_name};

/// 11 octal digits (POSIX.1-2024, pax, ustar header block).
const MAX_OCTAL: u64 = 0o77_777_777_777;

/// The bytes before a member's body: one header, or a pax header and then a header.
///
/// # Errors
/// A name that [`check_name`] rejects.
pub fn header(member: &NewMember) -> Result<Vec<u8>, NameError> {
    check_name(&member.name)?;
    let modified_s = u64::try_from(member.modified_s).unwrap_or(0).min(MAX_OCTAL);
    let split = split_name(&member.name);
    if let Some((prefix, name)) = split
        && member.size <= MAX_OCTAL
    {
        return Ok(ustar(prefix, name, member.size, modified_s, b'0').to_vec());
    }
    let mut records = Vec::new();
    if split.is_none() {
        record("path", &member.name, &mut records);
    }
    if member.size > MAX_OCTAL {
        record("size", &member.size.to_string(), &mut records);
    }
    let (prefix, name) = split.unwrap_or(("", cut(&member.name, field::NAME.len())));
    let mut blocks = Vec::new();
    // The pattern %d/PaxHeaders/%f of GNU tar, without a process id.
    blocks.extend(ustar("PaxHeaders", "member", records.len() as u64, modified_s, b'x'));
    let padding = padding_len(records.len() as u64) as usize;
    blocks.extend(records);
    blocks.resize(blocks.len() + padding, 0);
    blocks.extend(ustar(prefix, name, member.size.min(MAX_OCTAL), modified_s, b'0'));
    Ok(blocks)
}

/// Number of zeros after a body of this length.
pub fn padding_len(size: u64) -> u64 {
    (BLOCK - size % BLOCK) % BLOCK
}

/// Number of zeros at the end of a tar of this length: two blocks, then up to a whole record.
pub fn end_len(len: u64) -> u64 {
    let least = len + 2 * BLOCK;
    least.next_multiple_of(RECORD) - len
}

/// Splits a name in two, if it fits; the prefix may be empty.
fn split_name(name: &str) -> Option<(&str, &str)> {
    if name.len() <= field::NAME.len() {
        return Some(("", name));
    }
    // Split as far to the right as the prefix allows, as GNU tar does.
    let last = name.len().min(field::PREFIX.len() + 1);
    let at = name.as_bytes()[..last].iter().rposition(|&byte| byte == b'/')?;
    let (prefix, rest) = (&name[..at], &name[at + 1..]);
    (at > 0 && rest.len() <= field::NAME.len()).then_some((prefix, rest))
}

/// The start of a text, never cut inside a character.
fn cut(text: &str, len: usize) -> &str {
    let end = (0..=len.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

fn ustar(prefix: &str, name: &str, size: u64, modified_s: u64, kind: u8) -> [u8; BLOCK as usize] {
    let mut block = [0; BLOCK as usize];
    let mut put = |at: usize, text: &str| {
        block[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    put(field::NAME.start, name);
    put(field::MODE.start, "0000644");
    put(field::UID.start, "0000000");
    put(field::GID.start, "0000000");
    put(field::SIZE.start, &format!("{size:011o}"));
    put(field::MTIME.start, &format!("{modified_s:011o}"));
    put(field::MAGIC.start, "ustar\x0000");
    put(field::DEV_MAJOR.start, "0000000");
    put(field::DEV_MINOR.start, "0000000");
    put(field::PREFIX.start, prefix);
    block[field::KIND] = kind;
    let sum = format!("{:06o}\0 ", checksum(&block));
    block[field::CHECKSUM].copy_from_slice(sum.as_bytes());
    block
}

/// A pax record: its length, which includes itself, then key and value.
fn record(key: &str, value: &str, into: &mut Vec<u8>) {
    let body = key.len() + value.len() + 3;
    let mut len = body;
    while len != body + len.to_string().len() {
        len = body + len.to_string().len();
    }
    into.extend_from_slice(format!("{len} {key}={value}\n").as_bytes());
}

#[cfg(test)]
mod tests;
