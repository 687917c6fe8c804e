//! The secrets that this process uses, to hide them in texts in which others echo them, whatever is written around
//! them: escapes, an encoding, a cut.
//!
//! The only state of this layer: a message may pass any layer on its way out, and none of them knows the token.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

/// Replaces a secret.
pub const HIDDEN: &str = "(hidden)";

/// So many characters in a row are no coincidence: of hexadecimal digits, one in four thousand million.
const PIECE: usize = 8;

static SECRETS: RwLock<Vec<Box<[u8]>>> = RwLock::new(Vec::new());

/// Remembers a token until the process ends. Of an application's token `MLY|ID|SECRET` it is the last part. A secret
/// of less than 8 characters is not remembered: it could be a part of any word.
pub fn remember(token: &str) {
    let secret = token.rsplit('|').next().unwrap_or(token).as_bytes();
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    if secret.len() >= PIECE && !secrets.iter().any(|known| **known == *secret) {
        secrets.push(secret.into());
    }
}

/// The text without any 8 or more characters in a row of a remembered secret, in upper or lower case.
pub fn without(text: &str) -> Cow<'_, str> {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut clean, mut hidden_to) = (String::new(), 0);
    for (at, piece) in text.as_bytes().windows(PIECE).enumerate() {
        if !secrets.iter().any(|secret| has(secret, piece)) {
            continue;
        }
        // A piece of a secret is ASCII, so that the text can be cut at its ends.
        if at > hidden_to || clean.is_empty() {
            clean += &text[hidden_to..at];
            clean += HIDDEN;
        }
        hidden_to = at + PIECE;
    }
    if clean.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(clean + &text[hidden_to..]) }
}

fn has(secret: &[u8], piece: &[u8]) -> bool {
    secret.windows(PIECE).any(|part| part.eq_ignore_ascii_case(piece))
}

#[cfg(test)]
mod tests;
