//! A number of bytes, as the value of a flag.

use std::str::FromStr;

/// A number of bytes: `500M` is 500,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

/// Text that is not a number of bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a size such as 500M or 2G")]
pub struct NoSize(String);

impl FromStr for Size {
    type Err = NoSize;

    fn from_str(text: &str) -> Result<Size, NoSize> {
        let upper = text.trim().to_ascii_uppercase();
        let plain = upper.strip_suffix('B').unwrap_or(&upper);
        let number = plain.trim_end_matches(['K', 'M', 'G', 'T']);
        let scale = match &plain[number.len()..] {
            "" => 1.0,
            "K" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            _ => return Err(NoSize(text.to_string())),
        };
        match number.trim().parse::<f64>() {
            Ok(number) if (0.0..=1e6).contains(&number) || scale == 1.0 && number >= 0.0 => {
                Ok(Size((number * scale) as u64))
            }
            _ => Err(NoSize(text.to_string())),
        }
    }
}
