//! The sizes of a picture: the widths that the service provides, and the full size.

use super::string_enum::words;

/// The size of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quality {
    W256,
    W1024,
    W2048,
    Original,
}

words!(Quality: W256 = "256", W1024 = "1024", W2048 = "2048", Original = "original");

impl Quality {
    /// This quality and all smaller ones, from large to small.
    pub fn downward(self) -> impl Iterator<Item = Quality> {
        Quality::ALL.into_iter().rev().filter(move |quality| *quality <= self)
    }

    /// The quality of a field such as `thumb_2048_url`.
    pub fn of_field(field: &str) -> Option<Quality> {
        field.strip_prefix("thumb_")?.strip_suffix("_url")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quality_is_its_name_and_leads_down_to_the_smaller_ones() {
        assert_eq!("2048".parse(), Ok(Quality::W2048));
        assert!("4096".parse::<Quality>().is_err());
        let down: Vec<_> = Quality::W1024.downward().collect();
        assert_eq!(down, [Quality::W1024, Quality::W256]);
        assert_eq!(Quality::of_field("thumb_2048_url"), Some(Quality::W2048));
        assert_eq!(["thumb_2048", "id", "thumb__url"].map(Quality::of_field), [None; 3]);
    }
}
