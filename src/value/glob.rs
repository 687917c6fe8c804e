//! Name patterns: `*` is any text, `?` any one character.

/// Whether the whole name matches the pattern.
pub fn is_match(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut from) = (0, 0);
    // The position of the last star, and how far the name was matched there.
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == name[from] => {
                at += 1;
                from += 1;
            }
            // Let the last star match one more character.
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (at, from) = (*place + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_any_text_and_question_marks_one_character() {
        for (pattern, name, wanted) in [
            ("object--traffic-sign--*", "object--traffic-sign--front", true),
            ("object--traffic-sign--*", "object--traffic-light", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("*--stop--g?", "regulatory--stop--g1", true),
            ("*--stop--g?", "regulatory--stop--g12", false),
            ("*a*b", "xaxbxb", true),
            ("a**", "a", true),
            ("?", "", false),
            ("bench", "object--bench", false),
        ] {
            assert_eq!(is_match(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
