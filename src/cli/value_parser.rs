//! Flags that take one of a few words: help and completions list them.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::value::string_enum::Word;

/// Reads a word; another one is refused with those that there are.
pub fn one_of<T: Word>() -> impl TypedValueParser<Value = T> {
    let words = T::WORDS.iter().map(|(_, word)| *word);
    PossibleValuesParser::new(words).try_map(|word| T::of_word(&word))
}

/// A part from 0 to 10.
///
/// # Errors
/// What is none.
pub fn part(text: &str) -> Result<f64, PartError> {
    text.parse().ok().filter(|part| (0.0..=10.0).contains(part)).ok_or(PartError)
}

/// A text that is no part.
#[derive(Debug, thiserror::Error)]
#[error("not a number from 0 to 10, such as 0.1")]
pub struct PartError;
