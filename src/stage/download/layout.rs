//! Where a picture lies under the folder: a template over what its row says.

use std::fmt;
use std::str::FromStr;

use crate::row::{Field, Row};
use crate::value::quality::Quality;
use crate::value::time::format_instant;

/// The template of a picture's path, such as `{date}/{sequence}/{id}.{ext}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Id,
    Sequence,
    Date,
    Quality,
    Ext,
}

const PRESETS: [(&str, &str); 3] = [
    ("flat", "{id}_{quality}.{ext}"),
    ("sequence", "{sequence}/{id}.{ext}"),
    ("date", "{date}/{sequence}/{id}.{ext}"),
];

/// No id of the service is longer; and a name must fit into a folder.
const MOST_ID_BYTES: usize = 64;

impl FromStr for Layout {
    type Err = String;

    fn from_str(text: &str) -> Result<Layout, String> {
        let preset = PRESETS.iter().find(|(name, _)| *name == text);
        let template = preset.map_or(text, |(_, template)| template);
        let mut layout = Layout { parts: read(template)? };
        if !layout.parts.contains(&Part::Ext) {
            layout.parts.extend([Part::Text(".".into()), Part::Ext]);
        }
        if layout.parts.contains(&Part::Id) {
            Ok(layout)
        } else {
            Err(format!(
                "'{text}' has no {{id}}; presets are flat, sequence, date; names are {{id}}, \
             {{sequence}}, {{date}}, {{quality}}, {{ext}}"
            ))
        }
    }
}

impl Layout {
    /// Whether the path tells the quality.
    pub fn names_quality(&self) -> bool {
        self.parts.contains(&Part::Quality)
    }

    /// What of a row the path is made from, besides the id.
    pub fn needs(&self) -> Vec<Field> {
        let field = |part: &Part| match part {
            Part::Sequence => Some(Field::SeqId),
            Part::Date => Some(Field::CapturedAt),
            _ => None,
        };
        self.parts.iter().filter_map(field).collect()
    }

    /// The path of a row's picture, relative to the folder, by the ending of its format.
    pub fn path(&self, row: &Row, quality: Quality, ending: &str) -> Result<String, String> {
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Id => path.push_str(name(row, Field::ImgId)?.ok_or("no value for img_id")?),
                Part::Sequence => {
                    path.push_str(name(row, Field::SeqId)?.unwrap_or("unknown-sequence"));
                }
                Part::Date => path.push_str(&date(row)?),
                Part::Quality => path.push_str(quality.word()),
                Part::Ext => path.push_str(ending),
            }
        }
        Ok(path)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Id => f.write_str("{id}"),
            Part::Sequence => f.write_str("{sequence}"),
            Part::Date => f.write_str("{date}"),
            Part::Quality => f.write_str("{quality}"),
            Part::Ext => f.write_str("{ext}"),
        })
    }
}

fn read(template: &str) -> Result<Vec<Part>, String> {
    let wrong = |why: &str| Err(format!("'{template}' is not a layout: {why}"));
    if template.split('/').any(|name| name.is_empty() || name.starts_with('.')) {
        return wrong("a name in it is empty or begins with a dot");
    }
    if template.contains(['\\', '\0', ':']) {
        return wrong("it has a character that no file name has everywhere");
    }
    let (mut parts, mut rest) = (Vec::new(), template);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { return wrong("'{' without '}'") };
        if !before.is_empty() {
            parts.push(Part::Text(before.to_string()));
        }
        parts.push(match name {
            "id" => Part::Id,
            "sequence" => Part::Sequence,
            "date" => Part::Date,
            "quality" => Part::Quality,
            "ext" => Part::Ext,
            _ => return wrong("names are {id}, {sequence}, {date}, {quality}, {ext}"),
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_string()));
    }
    Ok(parts)
}

/// A value that comes from the network and becomes part of a path.
pub fn name(row: &Row, field: Field) -> Result<Option<&str>, String> {
    let sound = |text: &str| {
        text.len() <= MOST_ID_BYTES
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    match row.get(field) {
        Some(text) if !sound(text) => Err(row.wrong(field, "an id").to_string()),
        text => Ok(text),
    }
}

/// The day of capture in UTC.
fn date(row: &Row) -> Result<String, String> {
    let Some(captured_ms) = row.integer(Field::CapturedAt).map_err(|wrong| wrong.to_string())?
    else {
        return Ok("unknown-date".to_string());
    };
    let instant = format_instant(captured_ms)
        .ok_or_else(|| row.wrong(Field::CapturedAt, "an instant").to_string())?;
    Ok(instant.split('T').next().unwrap_or_default().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, sequence: &str, captured: &str) -> Row {
        Row::of(&[(Field::ImgId, id), (Field::SeqId, sequence), (Field::CapturedAt, captured)])
    }

    fn path(layout: &str, row: &Row) -> Result<String, String> {
        layout.parse::<Layout>()?.path(row, Quality::W2048, "jpg")
    }

    #[test]
    fn a_layout_names_the_path_by_what_the_row_says() {
        let known = row("12", "-Ab_3", "1717245296123");
        assert_eq!(path("flat", &known).unwrap(), "12_2048.jpg");
        assert_eq!(path("sequence", &known).unwrap(), "-Ab_3/12.jpg");
        assert_eq!(path("date", &known).unwrap(), "2024-06-01/-Ab_3/12.jpg");
        assert_eq!(path("x/{quality}-{id}", &known).unwrap(), "x/2048-12.jpg");
        assert_eq!(
            path("date", &row("12", "", "")).unwrap(),
            "unknown-date/unknown-sequence/12.jpg"
        );
    }

    #[test]
    fn no_path_leaves_the_folder() {
        for bad in
            ["../{id}", "/{id}", "a//{id}", "a/./{id}", "{id", "{name}", "{sequence}", "c:{id}", ""]
        {
            assert!(bad.parse::<Layout>().is_err(), "{bad}");
        }
        for (id, sequence) in [("../1", "a"), ("1", "a/b"), ("1", ".."), ("1\0", "a"), ("", "a")] {
            assert!(path("sequence", &row(id, sequence, "")).is_err(), "{id} {sequence}");
        }
        assert!(path("date", &row("1", "a", "yesterday")).is_err());
    }
}
