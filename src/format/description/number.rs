//! Formats numbers exactly as mapillary_tools does, so that both upload the same bytes for the same picture.

/// Rounds to n decimals, by the exact value of the double.
pub fn rounded(number: f64, decimals: usize) -> f64 {
    let near: f64 = format!("{number:.decimals$}").parse().unwrap_or(number);
    // Turns -0 into 0.
    if near == 0.0 { 0.0 } else { near }
}

/// The shortest text that parses to the same double, with a point or an exponent, as Python writes it.
pub fn written(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 || (1e-4..1e16).contains(&size) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        // Python writes an exponent with a sign and at least two digits.
        Some((digits, exponent)) => {
            let (sign, exponent) =
                exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}
