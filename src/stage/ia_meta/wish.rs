//! Tag values given by the user.

use std::str::FromStr;

/// One tag value given by the user: `TAG:VALUE`; without a value, the tag is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagOverride {
    pub tag: String,
    pub value: String,
}

/// A text that is not a tag with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not TAG:VALUE, such as subject:Kiel")]
pub struct NoTag(String);

impl FromStr for TagOverride {
    type Err = NoTag;

    fn from_str(text: &str) -> Result<TagOverride, NoTag> {
        let wrong = || NoTag(text.to_string());
        let (tag, value) = text.split_once(':').ok_or_else(wrong)?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if !tag.is_empty() && !tag.starts_with('.') && tag.bytes().all(fits) {
            Ok(TagOverride { tag: tag.to_string(), value: value.trim().to_string() })
        } else {
            Err(wrong())
        }
    }
}
