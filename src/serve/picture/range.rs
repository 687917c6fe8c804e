//! The requested range of bytes.

/// One range of RFC 9110, section 14.1.2, as first and last byte. `None` is a header to be ignored, `Some(None)` a
/// range that cannot be satisfied.
pub(super) fn bytes_of(range: &str, length: u64) -> Option<Option<(u64, u64)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let last_byte = length.checked_sub(1);
    if first.is_empty() {
        let count: u64 = last.parse().ok()?;
        return Some(
            last_byte.filter(|_| count > 0).map(|end| (length.saturating_sub(count), end)),
        );
    }
    let first: u64 = first.parse().ok()?;
    let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    if last < first {
        return None;
    }
    Some(last_byte.filter(|&end| first <= end).map(|end| (first, last.min(end))))
}
