//! Parses points as other programs write them: WKT and EWKT, and GeoJSON with an altitude. Other geometries and
//! other reference systems are not recognized, and stay unchanged.

use std::ops::Range;

use super::json::lex;

/// The location of the longitude and the latitude in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointSpan {
    pub lon: Range<usize>,
    pub lat: Range<usize>,
    /// Whether the text has nothing else, such as an altitude.
    pub is_all: bool,
}

/// The position in a WKT point, with or without the SRID of EWKT. `None` for another reference system, or for a
/// number that is out of range.
pub fn of_wkt(text: &str) -> Option<PointSpan> {
    let mut rest = RemainingText { text, at: 0 };
    if rest.word("SRID") {
        (rest.sign('=') && rest.word("4326") && rest.sign(';')).then_some(())?;
    }
    rest.word("POINT").then_some(())?;
    let has_height = rest.word("Z");
    rest.sign('(').then_some(())?;
    let (lon, lat) = (rest.degrees(180.0)?, rest.degrees(90.0)?);
    let height = rest.number();
    (rest.sign(')') && rest.is_done() && (height.is_some() || !has_height)).then_some(PointSpan {
        lon,
        lat,
        is_all: height.is_none(),
    })
}

/// The position in the coordinates of a GeoJSON point: an array of two or more numbers at these bytes of the
/// text. A number may be in quotes, as some programs write it.
pub fn of_coordinates(text: &str, array: Range<usize>) -> Option<PointSpan> {
    let bytes = text.as_bytes();
    let (mut at, mut numbers) = (array.start + 1, Vec::new());
    loop {
        let from = lex::blank(bytes, at);
        let is_quoted = bytes.get(from) == Some(&b'"');
        let from = from + usize::from(is_quoted);
        let end = from + lex::number(bytes.get(from..)?)?;
        if is_quoted && bytes.get(end) != Some(&b'"') {
            return None;
        }
        numbers.push(from..end);
        at = lex::blank(bytes, end + usize::from(is_quoted)) + 1;
        match bytes.get(at - 1)? {
            b',' if numbers.len() < MOST => {}
            b']' if at == array.end => break,
            _ => return None,
        }
    }
    let is_all = numbers.len() == 2;
    let mut numbers = numbers.into_iter();
    Some(PointSpan { lon: numbers.next()?, lat: numbers.next()?, is_all })
}

/// Whether the value of a GeoJSON `crs` stands for longitudes and latitudes in degrees.
pub fn is_of_degrees(crs: &str) -> bool {
    ["CRS84", "4326", "null"].iter().any(|known| crs.contains(known))
}

/// The maximum number of coordinates: longitude, latitude, altitude and a measure.
const MOST: usize = 4;

/// The part of a text that has not been parsed yet.
struct RemainingText<'a> {
    text: &'a str,
    at: usize,
}

impl RemainingText<'_> {
    fn blank(&mut self) {
        self.at = lex::blank(self.text.as_bytes(), self.at);
    }

    /// Consumes this word if it is next, in upper or lower case.
    fn word(&mut self, word: &str) -> bool {
        self.blank();
        let is = |found: &str| found.eq_ignore_ascii_case(word);
        let found = self.text.get(self.at..self.at + word.len()).is_some_and(is);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn sign(&mut self, sign: char) -> bool {
        self.word(sign.encode_utf8(&mut [0; 4]))
    }

    fn number(&mut self) -> Option<Range<usize>> {
        self.blank();
        let length = lex::number(&self.text.as_bytes()[self.at..])?;
        let range = self.at..self.at + length;
        self.at = range.end;
        Some(range)
    }

    /// Consumes a number with an absolute value up to `most`.
    fn degrees(&mut self, most: f64) -> Option<Range<usize>> {
        let range = self.number()?;
        let value: f64 = self.text[range.clone()].parse().ok()?;
        (value.abs() <= most).then_some(range)
    }

    fn is_done(&mut self) -> bool {
        self.blank();
        self.at == self.text.len()
    }
}

#[cfg(test)]
mod tests;
