//! Flags that take one of a few words: help and completions list them.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::value::string_enum::Word;

/// Reads a word; another one is refused with those that there are.
pub fn one_of<T: Word>() -> impl TypedValueParser<Value = T> {
    let words = T::WORDS.iter().map(|(_, word)| *word);
    PossibleValuesParser::new(words).try_map(|word| T::of_word(&word))
}
