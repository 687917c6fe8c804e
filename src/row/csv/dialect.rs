//! Detects the separator of a table: commas; semicolons, as Excel writes where numbers contain commas; or tabs.

use super::MORE;
use crate::row::{Field, known_fields};

/// The separator of a table that begins with this line, and the length of a line that only names it (`sep=;`).
pub fn detect(start: &[u8]) -> (u8, usize) {
    let end = memchr::memchr(b'\n', start).map_or(start.len(), |at| at + 1);
    if let [b's', b'e', b'p', b'=', separator, rest @ ..] = &start[..end]
        && matches!(rest, b"\n" | b"\r\n")
    {
        return (*separator, end);
    }
    let line = String::from_utf8_lossy(&start[..end]);
    let known = |separator| cells(line.trim_end(), separator).filter(|name| is_known(name)).count();
    let several = |separator: &u8| cells(line.trim_end(), *separator).nth(1).is_some();
    let most = SEPARATORS.into_iter().map(known).max().unwrap_or(0);
    let mut best = SEPARATORS.into_iter().filter(|&separator| known(separator) == most);
    (best.clone().find(several).or(best.next()).unwrap_or(b','), 0)
}

/// The first wins if all are equal.
const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];

fn is_known(name: &str) -> bool {
    let name = name.trim().trim_matches('"');
    name == MORE || Field::named(name).is_some() || known_fields::parts(name).is_some()
}

/// The cells of a line. Separators inside quotes do not count.
fn cells(line: &str, separator: u8) -> impl Iterator<Item = &str> + use<'_> {
    let mut is_quoted = false;
    line.split(move |character| {
        is_quoted ^= character == '"';
        !is_quoted && character == char::from(separator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_told_by_the_header() {
        for (start, wanted) in [
            ("img_id,lon\n1,2\n", (b',', 0)),
            ("img_id;lon\r\n1;9,5\r\n", (b';', 0)),
            ("img_id\tlon\n", (b'\t', 0)),
            ("sep=;\r\nimg_id;lon\r\n", (b';', 7)),
            ("sep=,\nimg_id;x,lon\n", (b',', 6)),
            ("img_id\n", (b',', 0)),
            ("colour;size\n", (b';', 0)),
            ("\"a;b\",c\n", (b',', 0)),
            ("\"a;b\"\n", (b',', 0)),
            ("note;x;y,b\n", (b',', 0)),
            ("img_id;lon;a,b\n", (b';', 0)),
            ("sep=\n1\n", (b',', 0)),
            ("", (b',', 0)),
        ] {
            assert_eq!(detect(start.as_bytes()), wanted, "{start}");
        }
    }
}
