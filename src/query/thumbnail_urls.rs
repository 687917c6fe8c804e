//! The links to pictures that a row holds, by quality.

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

/// A link that is good for a while, of the quality that is wanted. A smaller
/// one never passes for it: whether the wanted one is there has to be asked.
pub fn fresh(row: &Row, quality: Quality) -> Option<&str> {
    row.get(field(quality)).filter(|url| is_fresh(url))
}

/// The largest picture up to the wanted one that the row has a link to; with
/// no fallback, the wanted one alone.
pub fn best(row: &Row, wanted: Quality, fallback: bool) -> Option<(Quality, &str)> {
    let depth = if fallback { Quality::ALL.len() } else { 1 };
    wanted.downward().take(depth).find_map(|quality| Some((quality, row.get(field(quality))?)))
}

#[cfg(test)]
mod tests;
