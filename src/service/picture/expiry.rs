//! The expiry time of a signed URL.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A URL with less time left may expire in the queue.
const FRESH: Duration = Duration::from_secs(600);

/// Whether a signed URL is still valid for a while. One without an expiry time counts as valid.
pub fn is_fresh(url: &str) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    expires_s(url).is_none_or(|end_s| end_s >= (now + FRESH).as_secs())
}

/// When a signed URL expires, in seconds since 1970: its parameter `oe`, in hexadecimal.
pub fn expires_s(url: &str) -> Option<u64> {
    let (_, query) = url.split_once('?')?;
    let oe = query.split('&').find_map(|p| p.strip_prefix("oe="))?;
    u64::from_str_radix(oe, 16).ok()
}
