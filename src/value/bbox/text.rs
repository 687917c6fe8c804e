//! Boxes as text: `W,S,E,N`.

use std::{fmt, str::FromStr};

use super::{BBox, NoBox};
use crate::value::human_format::counted;

impl FromStr for BBox {
    type Err = NoBox;

    /// Parses `W,S,E,N`, also in brackets, and with blanks or semicolons between the numbers.
    fn from_str(text: &str) -> Result<Self, NoBox> {
        let bare = text.trim().trim_matches(['[', ']', '(', ')', '"', '\'']);
        let numbers: Vec<f64> = parts(bare)
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| NoBox(format!("'{text}' is not four numbers W,S,E,N")))?;
        let [west, south, east, north] = numbers[..] else {
            let found = counted(numbers.len() as u64, "numbers");
            let way = if numbers.len() == 8 { ": write decimals with a point" } else { "" };
            return Err(NoBox(format!("'{text}' has {found}, not the four W,S,E,N{way}")));
        };
        BBox::new(west, south, east, north)
            .map_err(|why| NoBox(format!("'{text}' is not a box: {why}")))
    }
}

impl fmt::Display for BBox {
    /// Writes `W,S,E,N`, as the service expects it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.west_deg, self.south_deg, self.east_deg, self.north_deg)
    }
}

/// The numbers of a list: separated by commas, otherwise by semicolons, otherwise by blanks.
fn parts(text: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    match [',', ';'].into_iter().find(|sign| text.contains(*sign)) {
        Some(sign) => Box::new(text.split(sign).map(str::trim)),
        None => Box::new(text.split_whitespace()),
    }
}
