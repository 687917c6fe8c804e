//! Whether the name of an output file promises something else than the file has.

use std::path::Path;

use crate::row::row_format::RowFormat;

/// The message about a name whose end stands for another format, or for a compression. Names that end otherwise may
/// have any content.
pub fn mismatch(path: &Path, form: RowFormat) -> Option<String> {
    let is = match form {
        RowFormat::Csv => "CSV",
        RowFormat::Jsonl => "JSON lines",
        RowFormat::Parquet | RowFormat::Geoparquet => "Parquet",
        RowFormat::Lines | RowFormat::TextSequence => return None,
    };
    let ending = path.extension()?.to_str()?;
    let (named, remedy) = match ending.to_ascii_lowercase().as_str() {
        "csv" => ("CSV", "-f csv"),
        "jsonl" | "ndjson" => ("JSON lines", "-f jsonl"),
        "parquet" | "geoparquet" => ("Parquet", "-f parquet"),
        "gz" | "zst" | "bz2" | "xz" | "zip" => {
            ("compressed", "a pipe into a program that compresses")
        }
        _ => return None,
    };
    (named != is)
        .then(|| format!("'{}' is {is} and not {named}: {remedy} makes it so", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_promises_another_format_is_told_of() {
        use RowFormat::{Csv, Geoparquet, Jsonl, Lines};
        for (name, form, said) in [
            ("x.csv", Csv, None),
            ("x.CSV", Jsonl, Some("JSON lines and not CSV")),
            ("x.jsonl", Csv, Some("-f jsonl")),
            ("x.parquet", Csv, Some("-f parquet")),
            ("x.parquet", Geoparquet, None),
            ("x.csv.gz", Csv, Some("not compressed")),
            ("x.txt", Csv, None),
            ("x", Jsonl, None),
            ("/dev/stdout", Jsonl, None),
            ("x.csv", Lines, None),
        ] {
            let words = mismatch(Path::new(name), form);
            assert_eq!(words.is_some(), said.is_some(), "{name}: {words:?}");
            assert!(words.unwrap_or_default().contains(said.unwrap_or_default()), "{name}");
        }
    }
}
