//! The name of a collection: `mapillary-USER-QUALITY`, and `-webp` behind it when its pictures are WebP. It is the
//! name of the folder and of the item at the Internet Archive, and by it the tools of others know what is there.

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
    /// Why archive.org can have no item of this name, if it cannot: 5 to 100 ASCII letters, digits, `.`, `_` and `-`,
    /// a letter or digit first. Names of users are never changed to fit, since two of them could become one.
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

/// The words by which descriptions of such items tell their number of pictures.
pub fn count_words(pictures: u64) -> String {
    format!("Contains {} images", grouped(pictures))
}

/// The number of pictures that a description tells in these words.
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

    /// Reads from the end, since a user's name may have hyphens, qualities and `-webp` in it.
    fn from_str(name: &str) -> Result<Collection, Error> {
        let wrong = || Expected::Collection.not(name.escape_debug().to_string());
        let rest = name.strip_prefix(PREFIX).ok_or_else(wrong)?;
        let (rest, is_webp) = rest.strip_suffix(WEBP).map_or((rest, false), |rest| (rest, true));
        let (user, quality) = rest.rsplit_once('-').ok_or_else(wrong)?;
        let quality = quality.parse().map_err(|_| wrong())?;
        // A path would lead out of its folder.
        if user.is_empty() || user.contains(['/', '\\']) || user.chars().any(char::is_control) {
            return Err(wrong());
        }
        Ok(Collection { user: user.to_string(), quality, is_webp })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_from_its_end() {
        for (name, user, quality, is_webp) in [
            ("mapillary-ada-original", "ada", Quality::Original, false),
            ("mapillary-ada-2048-webp", "ada", Quality::W2048, true),
            ("mapillary-a-b-256-original", "a-b-256", Quality::Original, false),
            ("mapillary-x-webp-1024-webp", "x-webp", Quality::W1024, true),
            ("mapillary-mapillary-ada-256", "mapillary-ada", Quality::W256, false),
            ("mapillary-j. doe-256", "j. doe", Quality::W256, false),
        ] {
            let collection: Collection = name.parse().unwrap();
            assert_eq!((&*collection.user, collection.quality), (user, quality));
            assert_eq!((collection.is_webp, collection.to_string()), (is_webp, name.to_string()));
        }
    }

    #[test]
    fn what_is_no_name_of_a_collection_is_refused() {
        for name in [
            "",
            "ada",
            "mapillary-ada",
            "mapillary-original",
            "mapillary--original",
            "mapillary-ada-4096",
            "mapillary-ada-original-jpg",
            "mapillary-../x-original",
            "Mapillary-ada-original",
        ] {
            let error = name.parse::<Collection>().unwrap_err();
            assert!(error.to_string().contains(&format!("'{name}'")), "{error}");
        }
    }

    #[test]
    fn a_description_tells_its_number_of_pictures() {
        for (text, number) in [
            (count_words(1_234_567), Some(1_234_567)),
            (format!("Photos. {} in 2048px.", count_words(7)), Some(7)),
            ("Contains many images. Contains 12 images".to_string(), Some(12)),
            ("Contains +1 images".to_string(), None),
            ("Contains 99999999999999999999999 images".to_string(), None),
            ("12 images".to_string(), None),
        ] {
            assert_eq!(images_of(&text), number, "{text}");
        }
    }

    #[test]
    fn not_every_user_can_be_the_name_of_an_item() {
        let of = |user: &str| Collection {
            user: user.to_string(),
            quality: Quality::Original,
            is_webp: true,
        };
        assert_eq!(of("a.b_c-d").unfit(), None);
        assert_eq!(of(&"a".repeat(100 - 24)).unfit(), None);
        assert!(of(&"a".repeat(101 - 24)).unfit().unwrap().contains("100"));
        assert!(of("zo\u{eb}").unfit().unwrap().contains('\u{eb}'));
        assert!(of("a b").unfit().is_some());
    }
}
