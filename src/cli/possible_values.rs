//! Flags with a fixed set of values, which help and completions list.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::value::string_enum::Word;

/// Parses one of the words; the error for another one lists them.
pub fn one_of<T: Word>() -> impl TypedValueParser<Value = T> {
    let words = T::WORDS.iter().map(|(_, word)| *word);
    PossibleValuesParser::new(words).try_map(|word| T::of_word(&word))
}

/// A fraction from 0 to 10.
///
/// # Errors
/// Not a number from 0 to 10.
pub fn part(text: &str) -> Result<f64, PartError> {
    text.parse().ok().filter(|part| (0.0..=10.0).contains(part)).ok_or(PartError)
}

/// Text that is not a number from 0 to 10.
#[derive(Debug, thiserror::Error)]
#[error("not a number from 0 to 10, such as 0.1")]
pub struct PartError;
