//! Enums with a fixed word for each value, used in flags, columns and messages.

use super::Error;

/// An enum with a word for each value.
pub trait Word: Copy + Eq + Send + Sync + 'static {
    /// Each value with its word, in the order of the help text.
    const WORDS: &'static [(Self, &'static str)];

    /// The value of a word. The error lists the valid words.
    fn of_word(text: &str) -> Result<Self, Error> {
        let named = Self::WORDS.iter().find(|(_, word)| *word == text);
        named.map(|(value, _)| *value).ok_or_else(|| {
            let words: Vec<&str> = Self::WORDS.iter().map(|(_, word)| *word).collect();
            Error::UnknownWord { text: text.to_string(), words }
        })
    }
}

/// Defines the words of an enum, with parsing and formatting. A value without a word does not compile.
macro_rules! words {
    ($name:ident: $($value:ident = $word:literal),+ $(,)?) => {
        // Not every enum uses both.
        #[allow(dead_code)]
        impl $name {
            pub const ALL: [$name; [$($word),+].len()] = [$($name::$value),+];

            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$value => $word),+
                }
            }
        }

        impl $crate::value::string_enum::Word for $name {
            const WORDS: &'static [(Self, &'static str)] = &[$(($name::$value, $word)),+];
        }

        impl std::str::FromStr for $name {
            type Err = $crate::value::Error;

            fn from_str(text: &str) -> Result<Self, $crate::value::Error> {
                $crate::value::string_enum::Word::of_word(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Size {
        Small,
        Large,
    }

    words!(Size: Small = "small", Large = "large");

    #[test]
    fn a_value_is_its_word_and_another_word_is_told_which_there_are() {
        assert_eq!("large".parse(), Ok(Size::Large));
        assert_eq!(Size::Small.to_string(), "small");
        assert_eq!(
            "tiny".parse::<Size>().unwrap_err().to_string(),
            "'tiny' is none of small, large"
        );
    }
}
