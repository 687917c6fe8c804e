//! The id of a sequence: letters, digits, '-' and '_'. Other values in place of an id are detected here,
//! because the service would only report that such a sequence is empty.

use std::borrow::Cow;

use super::{Error, mapillary_url};

/// The id in a text, without blanks around it.
pub fn read(text: &str) -> Result<&str, Error> {
    let id = text.trim();
    match reason(id) {
        None => Ok(id),
        Some(instead) => Err(Error::NotASequenceId { text: text.to_string(), instead }),
    }
}

/// The reason why the text is not an id.
fn reason(text: &str) -> Option<Cow<'static, str>> {
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_picture = text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = match () {
        () if is_picture => ", but that of a picture",
        () if mapillary_url::picture(text).is_some() => ": the link shows a picture",
        () if text.is_empty() || !text.bytes().all(is_key) => {
            ", which has letters, digits, '-' and '_' alone"
        }
        () => return None,
    };
    let of_link = mapillary_url::without_picture(text).map(|what| format!(": {what}").into());
    Some(of_link.unwrap_or(word.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_no_blanks_and_no_signs_and_what_stands_in_its_place_is_told() {
        for text in ["Qm3vT7xKpL0aWcZyR2sNfB", " -Zk81_yGnTqaBvR5cXoE3w\n", "s", "1234"] {
            assert_eq!(read(text), Ok(text.trim()));
        }
        for (text, why) in [
            (
                "1020304050600100",
                "'1020304050600100' is not the id of a sequence, but that of a picture",
            ),
            ("https://www.mapillary.com/app/?pKey=12", "the link shows a picture"),
            ("https://www.mapillary.com/app/user/ada", "the link shows the page of a user; "),
            ("a b", "letters, digits"),
            ("../../etc", "letters, digits"),
            ("", "letters, digits"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}
