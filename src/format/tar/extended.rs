//! Records before a header that override its fields: pax headers and GNU long names.

use super::sparse::{SparseInfo, integer};
use super::{EntryError, Modified};

/// Applies to the next member, or (in a global header) to all that follow.
#[derive(Debug, Clone, Default)]
pub struct Extended {
    pub name: Option<Vec<u8>>,
    pub link: Option<Vec<u8>>,
    pub size: Option<u64>,
    pub modified: Option<Modified>,
    pub sparse: SparseInfo,
    /// The fault of a record that cannot be read: then what the record applies to is unreliable.
    pub fault: Option<EntryError>,
}

impl Extended {
    /// Reads pax records: `LENGTH KEY=VALUE\n`, where the length counts the whole record. A value may be any bytes, for
    /// example a file attribute.
    pub fn take(&mut self, mut records: &[u8]) {
        while !records.iter().all(|&byte| byte == 0) {
            let Some((key, value, rest)) = record(records) else {
                self.fault.get_or_insert(EntryError::BrokenRecord);
                return;
            };
            if let Err(what) = self.set(key, value) {
                self.fault.get_or_insert(what);
            }
            records = rest;
        }
    }

    /// An empty value cancels that of a global header (POSIX.1-2024, pax extended header).
    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), EntryError> {
        let bytes = Some(value).filter(|value| !value.is_empty());
        match key {
            b"path" => self.name = bytes.map(<[u8]>::to_vec),
            b"linkpath" => self.link = bytes.map(<[u8]>::to_vec),
            b"size" => self.size = bytes.map(|value| integer(value, "size")).transpose()?,
            b"mtime" => {
                // An invalid time is dropped; the file is kept.
                self.modified = bytes.and_then(seconds);
            }
            key => return self.sparse.set(key, value),
        }
        Ok(())
    }
}

/// The first record, and the remaining bytes.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let digits = memchr::memchr(b' ', &bytes[..bytes.len().min(20)])?;
    let len: usize = std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?;
    let pair = bytes.get(digits + 1..len)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', pair)?;
    Some((&pair[..equals], &pair[equals + 1..], &bytes[len..]))
}

/// Seconds since 1970 with a fraction; may be negative.
fn seconds(value: &[u8]) -> Option<Modified> {
    let text = std::str::from_utf8(value).ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_before = whole.starts_with('-');
    let s: i64 = whole.parse().ok()?;
    let digits = &fraction.get(..9).unwrap_or(fraction);
    let ns = if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{digits:0<9}").parse::<u32>().ok()?
    } else {
        return None;
    };
    Some(if is_before && ns > 0 {
        Modified { s: s.checked_sub(1)?, ns: 1_000_000_000 - ns }
    } else {
        Modified { s, ns }
    })
}

#[cfg(test)]
mod tests;
