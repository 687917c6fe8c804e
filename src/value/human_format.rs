//! Numbers as people read them.

use std::borrow::Cow;

/// 1234567 as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and what it counts, which stands there in the plural: `1 page`, `2,000 pages`, `1 repeat dropped`.
pub fn counted(number: u64, plural: &str) -> String {
    let (noun, rest) = plural.split_at(plural.find(' ').unwrap_or(plural.len()));
    let one = match noun {
        _ if number != 1 => None,
        noun if noun.ends_with("ies") => Some(format!("{}y", &noun[..noun.len() - 3])),
        noun if ["ches", "xes", "sses"].iter().any(|end| noun.ends_with(end)) => {
            Some(noun[..noun.len() - 2].to_string())
        }
        noun => noun.strip_suffix('s').map(String::from),
    };
    format!("{} {}{rest}", grouped(number), one.as_deref().unwrap_or(noun))
}

/// A number of bytes in the unit that suits it, a thousand of the one before: `1.5 MB`.
pub fn bytes(number: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let power = (number.max(1).ilog10() / 3).min(5);
    let scaled = number as f64 / 1000f64.powi(power as i32);
    let digits = usize::from(power > 0 && scaled < 10.0);
    format!("{scaled:.digits$} {}", units[power as usize])
}

/// A span of time in its two largest units: `14 min`, `2 h 15 min`, `7,168 days`.
pub fn span(ms: u64) -> String {
    let seconds = ms / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let rest = |number: u64, unit: &str| {
        if number == 0 { String::new() } else { format!(" {number} {unit}") }
    };
    match (days, hours, minutes) {
        (2.., ..) => format!("{} days", grouped(days)),
        (_, 1.., _) => format!("{hours} h{}", rest(minutes % 60, "min")),
        (_, _, 1..) => format!("{minutes} min{}", rest(seconds % 60, "s")),
        _ => format!("{seconds} s"),
    }
}

/// A message without the numbers of system errors, such as ` (os error 2)`: the words before say it.
pub fn without_codes(text: &str) -> Cow<'_, str> {
    const START: &str = " (os error ";
    let mut short = Cow::Borrowed(text);
    while let Some(at) = short.find(START) {
        let rest = &short[at + START.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || !rest[digits..].starts_with(')') {
            break;
        }
        let end = at + START.len() + digits + 1;
        short.to_mut().replace_range(at..end, "");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_system_errors_are_left_out_and_other_brackets_stay() {
        for (text, shown) in [
            (
                "cannot open 'a': Permission denied (os error 13)",
                "cannot open 'a': Permission denied",
            ),
            ("a (os error 2): b (os error 28)", "a: b"),
            ("an (os error x) of one's own", "an (os error x) of one's own"),
            ("no (os error 2", "no (os error 2"),
        ] {
            assert_eq!(without_codes(text), shown);
        }
    }

    #[test]
    fn one_of_a_kind_is_in_the_singular() {
        for (number, plural, text) in [
            (1, "rows", "1 row"),
            (0, "rows", "0 rows"),
            (2_000, "pages", "2,000 pages"),
            (1, "repeats dropped", "1 repeat dropped"),
            (1, "searches", "1 search"),
            (1, "boxes", "1 box"),
            (1, "entries of lists", "1 entry of lists"),
            (1, "compasses more than 45 degrees off", "1 compass more than 45 degrees off"),
            (1, "known", "1 known"),
            (1, "without a place", "1 without a place"),
            (1, "", "1 "),
        ] {
            assert_eq!(counted(number, plural), text);
        }
    }

    #[test]
    fn digits_stand_in_groups_and_sizes_have_the_unit_that_suits() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        let sizes = [0, 999, 1_500_000, 20_000_000_000, 3_000_000_000_000_000].map(bytes);
        assert_eq!(sizes, ["0 B", "999 B", "1.5 MB", "20 GB", "3.0 PB"]);
    }

    #[test]
    fn a_span_has_its_two_largest_units() {
        let spans = [5_000, 840_000, 845_000, 8_100_000, 7_168 * 86_400_000].map(span);
        assert_eq!(spans, ["5 s", "14 min", "14 min 5 s", "2 h 15 min", "7,168 days"]);
    }
}
