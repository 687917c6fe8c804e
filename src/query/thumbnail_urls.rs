//! A row's links to pictures, by quality.

use crate::row::{Field, Row};
use crate::service::picture::is_fresh;
use crate::value::quality::Quality;

/// The field of the link to a picture of this quality.
pub fn field(quality: Quality) -> Field {
    match quality {
        Quality::W256 => Field::Thumb256Url,
        Quality::W1024 => Field::Thumb1024Url,
        Quality::W2048 => Field::Thumb2048Url,
        Quality::Original => Field::ThumbOriginalUrl,
    }
}

/// Whether a field is such a link.
pub fn is_link(of: Field) -> bool {
    Quality::ALL.into_iter().any(|quality| field(quality) == of)
}

/// A link in the requested quality that stays valid for a while. A smaller one is never used instead, because
/// only the service knows whether the requested one exists.
pub fn fresh(row: &Row, quality: Quality) -> Option<&str> {
    row.get(field(quality)).filter(|url| is_fresh(url))
}

/// The largest picture up to the requested quality that the row has a link to; without `fallback`, only the
/// requested quality.
pub fn best(row: &Row, wanted: Quality, fallback: bool) -> Option<(Quality, &str)> {
    let depth = if fallback { Quality::ALL.len() } else { 1 };
    wanted.downward().take(depth).find_map(|quality| Some((quality, row.get(field(quality))?)))
}

#[cfg(test)]
mod tests;
