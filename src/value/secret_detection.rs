//! Finds access tokens in texts: in what people paste, and in what a service echoes.

use std::borrow::Cow;

use super::own_secrets;
pub use super::own_secrets::HIDDEN;

/// The parameter in a query or a form body.
const PARAMETER: &str = "access_token=";
/// The separator in an application's token `MLY|ID|SECRET`, plain and percent-encoded.
const BARS: [&str; 3] = ["|", "%7C", "%7c"];

/// The text without the value of any `access_token`, without the secret of any application's token, and without those
/// of this process.
pub fn without_tokens(text: &str) -> Cow<'_, str> {
    match without_known_forms(text) {
        Cow::Borrowed(text) => own_secrets::without(text),
        Cow::Owned(text) => Cow::Owned(own_secrets::without(&text).into_owned()),
    }
}

fn without_known_forms(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut rest = text;
    while let Some((start, end)) = first_secret(rest) {
        clean += &rest[..start];
        clean += HIDDEN;
        rest = &rest[end..];
    }
    if clean.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(clean + rest) }
}

/// The start and the end of the first secret.
fn first_secret(text: &str) -> Option<(usize, usize)> {
    let parameter = text.match_indices(PARAMETER).find_map(|(at, name)| {
        let start = at + name.len();
        let len = text[start..].find(ends_value).unwrap_or(text.len() - start);
        let is_new = len > 0 && !text[start..].starts_with(HIDDEN);
        is_new.then_some((start, start + len))
    });
    let token = text.match_indices("MLY").find_map(|(at, name)| secret(text, at + name.len()));
    parameter.into_iter().chain(token).min()
}

/// The secret of an application's token whose first separator is expected at this offset.
fn secret(text: &str, at: usize) -> Option<(usize, usize)> {
    let id = after_bar(text, at)?;
    let digits = text[id..].bytes().take_while(u8::is_ascii_digit).count();
    let start = after_bar(text, id + digits).filter(|_| digits > 0)?;
    let len = text[start..].bytes().take_while(u8::is_ascii_alphanumeric).count();
    (len > 0).then_some((start, start + len))
}

fn after_bar(text: &str, at: usize) -> Option<usize> {
    BARS.iter().find(|&&bar| text[at..].starts_with(bar)).map(|bar| at + bar.len())
}

fn ends_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '<' | '>' | ')' | '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_hidden_wherever_they_stand_and_the_rest_stays() {
        for (text, shown) in [
            (
                "https://h/a?access_token=MLY|1|ab&limit=2",
                "https://h/a?access_token=(hidden)&limit=2",
            ),
            ("'access_token=ab' access_token=cd", "'access_token=(hidden)' access_token=(hidden)"),
            ("'MLY|12|0aB' is not a name", "'MLY|12|(hidden)' is not a name"),
            ("MLY%7C12%7Cab, mly MLY%7c1%7c2", "MLY%7C12%7C(hidden), mly MLY%7c1%7c(hidden)"),
            ("access_token=(hidden) MLY|1|(hidden)", "access_token=(hidden) MLY|1|(hidden)"),
            ("access_token=MLY|1|a... MLY", "access_token=(hidden) MLY"),
        ] {
            assert_eq!(without_tokens(text), shown);
        }
        for text in [
            "",
            "MLY",
            "MLY|",
            "MLY|...",
            "MLY||x",
            "MLY|ID|x",
            "MLY|1|",
            "access_token=",
            "é MLY|é|é",
        ] {
            assert!(matches!(without_tokens(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
