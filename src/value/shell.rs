//! Quotes words for a POSIX shell.

use std::borrow::Cow;

/// Quotes a text as one shell word, if needed.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./,:=+%@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''")).into()
}

/// Expands a leading `~/` in a path to the home folder, for texts that did not pass through a shell.
pub fn with_home<'a>(text: &'a str, home: Option<&str>) -> Cow<'a, str> {
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => format!("{}/{rest}", home.trim_end_matches('/')).into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_any_text_as_one_word() {
        let texts = [
            "",
            "a b",
            "it's",
            "'",
            "$(rm -rf /) `x` \"y\" \\ !z",
            "new\nline",
            "*",
            "#x",
            "~",
            "a;b",
            "--bbox=-1,2,3,4",
            "title:100%",
            "ä",
        ];
        let script = texts
            .iter()
            .fold("printf '%s\\n<'".to_string(), |script, text| script + " " + &quoted(text));
        let shell = Command::new("sh").args(["-c", &script]).output().unwrap();
        let wanted: String = texts.iter().map(|text| format!("{text}\n<")).collect();
        assert_eq!(String::from_utf8(shell.stdout).unwrap(), wanted);
    }

    #[test]
    fn the_home_folder_stands_for_its_sign_at_the_beginning_alone() {
        for (text, wanted) in
            [("~/a b", "/h/a b"), ("a/~/b", "a/~/b"), ("~ada/x", "~ada/x"), ("", "")]
        {
            assert_eq!(with_home(text, Some("/h/")), wanted);
        }
        assert_eq!(with_home("~/a", None), "~/a");
    }

    #[test]
    fn a_word_without_signs_of_the_shell_stays_as_it_is() {
        for plain in ["2024-01-15.tar", "--area", "9.94,54.31", "ä@b:c=d+e%f"] {
            assert!(matches!(quoted(plain), Cow::Borrowed(word) if word == plain));
        }
    }
}
