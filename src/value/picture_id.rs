//! The id of a picture: a number. Altered ids, and other values in place of an id, are detected here, because
//! the service would only report that such a picture does not exist.

use std::borrow::Cow;

use super::{Error, mapillary_url};

/// The id in a text, without blanks, a formula or a link around it.
pub fn read(text: &str) -> Result<&str, Error> {
    let bare = text.trim();
    // Excel leaves a text of digits unchanged if it is written as a formula.
    let formula = bare.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let id = formula.unwrap_or(bare);
    let id = mapillary_url::picture(id).unwrap_or(id);
    if is_number(id) {
        Ok(id)
    } else {
        Err(Error::NotAPictureId { text: text.to_string(), instead: reason(id) })
    }
}

/// Whether it is a number of plausible length; the ids of the service are not longer.
fn is_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The reason why the text is not an id.
fn reason(text: &str) -> Cow<'static, str> {
    match mapillary_url::without_picture(text) {
        Some(what) => format!(": {what}").into(),
        None => reason_of_word(text).into(),
    }
}

fn reason_of_word(text: &str) -> &'static str {
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let rounded = text.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        is_digits(&mantissa.replacen(['.', ','], "", 1)) && is_digits(exponent)
    });
    let is_fraction =
        text.split_once('.').is_some_and(|(whole, rest)| is_digits(whole) && is_digits(rest));
    match text.len() {
        _ if rounded => ", but a number that a spreadsheet has rounded: import the column as text",
        _ if is_fraction => {
            ", but a number with a fraction, which may have lost digits: read ids as text"
        }
        22 if text.bytes().all(is_key) => {
            ", which is a number: it is the id of a sequence, or a key of the old API (v3)"
        }
        _ => ", which is a number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_number_and_what_others_made_of_it_is_told() {
        for text in ["1020304050600100", " 1020304050600100 ", "=\"1020304050600100\""] {
            assert_eq!(read(text), Ok("1020304050600100"));
        }
        for (text, why) in [
            ("1.02E+15", "a spreadsheet has rounded"),
            ("1,02E+15", "a spreadsheet has rounded"),
            ("1e15", "a spreadsheet has rounded"),
            ("1020304050600100.0", "with a fraction"),
            ("Qm3vT7xKpL0aWcZyR2sNfB", "key of the old API"),
            ("-0m3vT7xKpL0aWcZyR2sNf", "key of the old API"),
            ("7.jpg", "which is a number"),
            ("IMG 20240501 12000.jpg", "which is a number"),
            ("1.02E+1x", "which is a number"),
            ("1020304050600100.x", "which is a number"),
            ("", "which is a number"),
            ("123456789012345678901", "which is a number"),
            (
                "mapillary.com/app/user/ada",
                "picture: the link shows the page of a user; get-images --user ada lists",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
            let is_key = why.contains("old API");
            assert_eq!(error.to_string().contains("old API"), is_key, "{error}");
        }
    }
}
