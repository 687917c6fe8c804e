//! Choices that are spelled as words: in flags, in columns, in messages.

/// One of a few words.
pub trait Word: Copy + Eq + Send + Sync + 'static {
    /// Each value with its word, in the order in which help lists them.
    const WORDS: &'static [(Self, &'static str)];

    /// All values.
    fn all() -> impl DoubleEndedIterator<Item = Self> {
        Self::WORDS.iter().map(|(value, _)| *value)
    }

    fn word(self) -> &'static str {
        let named = Self::WORDS.iter().find(|(value, _)| *value == self);
        named.expect("the macro that lists the words names every value").1
    }

    /// The value of a word; the error lists the words that there are.
    fn of_word(text: &str) -> Result<Self, String> {
        let named = Self::WORDS.iter().find(|(_, word)| *word == text);
        named.map(|(value, _)| *value).ok_or_else(|| {
            let words: Vec<&str> = Self::WORDS.iter().map(|(_, word)| *word).collect();
            format!("'{text}' is none of {}", words.join(", "))
        })
    }
}

/// Gives an enum its words, and with them reading and writing. It does not
/// compile when a value has none.
macro_rules! words {
    ($name:ident: $($value:ident = $word:literal),+ $(,)?) => {
        impl $crate::value::words::Word for $name {
            const WORDS: &'static [(Self, &'static str)] = {
                const fn every(value: $name) {
                    match value {
                        $($name::$value => {})+
                    }
                }
                $(every($name::$value);)+
                &[$(($name::$value, $word)),+]
            };
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                $crate::value::words::Word::of_word(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::value::words::Word::word(*self))
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!("tiny".parse::<Size>().unwrap_err(), "'tiny' is none of small, large");
    }
}
