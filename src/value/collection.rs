//! The name of a collection: `mapillary-USER-QUALITY`, followed by `-webp` if its pictures are WebP. The folder
//! and the item at the Internet Archive have this name, so that other programs recognize the content.

use std::fmt;
use std::str::FromStr;

use super::human_format::grouped;
use super::quality::Quality;
use super::{Error, Expected};

const PREFIX: &str = "mapillary-";
const WEBP: &str = "-webp";
/// The longest name of an item (archive.org's rules for identifiers).
const MOST_CHARS: usize = 100;

/// All pictures of one user, in one quality.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Collection {
    pub user: String,
    pub quality: Quality,
    pub is_webp: bool,
}

impl Collection {
    /// Why this name is not valid for an item at archive.org; `None` if it is valid. Valid are 5 to 100 ASCII
    /// letters, digits, `.`, `_` and `-`, with a letter or digit first. User names are never changed to fit,
    /// because two of them could become the same.
    pub fn unfit(&self) -> Option<String> {
        let name = self.to_string();
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        match name.chars().find(|&c| !fits(c)) {
            Some(c) => Some(format!("the name of an item cannot have '{}'", c.escape_debug())),
            None if name.len() > MOST_CHARS => {
                Some(format!("the name of an item has at most {MOST_CHARS} characters"))
            }
            None => None,
        }
    }
}

/// The phrase with the number of pictures in the description of an item.
pub fn count_words(pictures: u64) -> String {
    format!("Contains {} images", grouped(pictures))
}

/// The number of pictures according to that phrase in a description.
pub fn images_of(description: &str) -> Option<u64> {
    description.split("Contains ").skip(1).find_map(|rest| {
        let (number, _) = rest.split_once(" images")?;
        let digits: String = number.chars().filter(|&c| c != ',').collect();
        digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = if self.is_webp { WEBP } else { "" };
        write!(f, "{PREFIX}{}-{}{ending}", self.user, self.quality)
    }
}

impl FromStr for Collection {
    type Err = Error;

    /// Parses from the end, because a user's name may contain hyphens, qualities and `-webp`.
    fn from_str(name: &str) -> Result<Collection, Error> {
        let wrong = || Expected::Collection.not(name.escape_debug().to_string());
        let rest = name.strip_prefix(PREFIX).ok_or_else(wrong)?;
        let (rest, is_webp) = rest.strip_suffix(WEBP).map_or((rest, false), |rest| (rest, true));
        let (user, quality) = rest.rsplit_once('-').ok_or_else(wrong)?;
        let quality = quality.parse().map_err(|_| wrong())?;
        // A name with a path in it could point outside the folder.
        if user.is_empty() || user.contains(['/', '\\']) || user.chars().any(char::is_control) {
            return Err(wrong());
        }
        Ok(Collection { user: user.to_string(), quality, is_webp })
    }
}

#[cfg(test)]
mod tests;
