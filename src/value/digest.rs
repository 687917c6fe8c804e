//! SHA-256 digests as values, converted to and from 64 hexadecimal digits.

use std::{fmt, str::FromStr};

use super::{Error, Expected};

/// A SHA-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Expected::Digest.not(text);
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut digest = [0; 32];
        for (at, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Digest(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_comes_back_from_its_text() {
        let digest = Digest(std::array::from_fn(|at| at as u8 * 8));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for text in ["", "00", &"+1".repeat(32), &"g".repeat(64), &"\u{e9}".repeat(32)] {
            assert!(text.parse::<Digest>().is_err());
        }
    }
}
