//! Constant-time comparison of secrets.

use sha2::{Digest, Sha256};

/// Compares digests, so that the time it takes does not reveal how much of a token was right.
pub fn is_same(right: &str, given: &str) -> bool {
    let (right, given) = (Sha256::digest(right), Sha256::digest(given));
    right.iter().zip(&given).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}

#[cfg(test)]
mod tests;
