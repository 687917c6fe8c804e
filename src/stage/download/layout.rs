//! The path of a picture under the folder: a template over the values of its row.

use std::fmt;
use std::str::FromStr;

use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::instant::format_instant;
use crate::value::picture_id;
use crate::value::quality::Quality;

/// The template of a picture's path, such as `{date}/{sequence}/{id}.{ext}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    parts: Vec<Component>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Component {
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

/// No id of the service is longer, and a file name must fit into a directory entry.
const MOST_ID_BYTES: usize = 64;

/// What is wrong with a layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    #[error(
        "'{0}' has no {{id}}; presets are flat, sequence, date; names are {{id}}, {{sequence}}, \
         {{date}}, {{quality}}, {{ext}}"
    )]
    NoId(String),
    #[error("'{template}' is not a layout: {why}")]
    Broken { template: String, why: &'static str },
}

impl FromStr for Layout {
    type Err = LayoutError;

    fn from_str(text: &str) -> Result<Layout, LayoutError> {
        let preset = PRESETS.iter().find(|(name, _)| *name == text);
        let template = preset.map_or(text, |(_, template)| template);
        let mut layout = Layout { parts: read(template)? };
        if !layout.parts.contains(&Component::Ext) {
            layout.parts.extend([Component::Text(".".into()), Component::Ext]);
        }
        if layout.parts.contains(&Component::Id) {
            Ok(layout)
        } else {
            Err(LayoutError::NoId(text.to_string()))
        }
    }
}

impl Layout {
    /// Whether the path states the quality.
    pub fn names_quality(&self) -> bool {
        self.parts.contains(&Component::Quality)
    }

    /// The fields that the path is made from, besides the id.
    pub fn needs(&self) -> Vec<Field> {
        let field = |part: &Component| match part {
            Component::Sequence => Some(Field::SeqId),
            Component::Date => Some(Field::CapturedAt),
            _ => None,
        };
        self.parts.iter().filter_map(field).collect()
    }

    /// The path of a row's picture, relative to the folder, with the extension of its format.
    pub fn path(&self, row: &Row, quality: Quality, ending: &str) -> Result<String, RowError> {
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Component::Text(text) => path.push_str(text),
                Component::Id => {
                    path.push_str(name(row, Field::ImgId)?.ok_or("no value for img_id")?);
                }
                Component::Sequence => {
                    path.push_str(name(row, Field::SeqId)?.unwrap_or("unknown-sequence"));
                }
                Component::Date => path.push_str(&date(row)?),
                Component::Quality => path.push_str(quality.word()),
                Component::Ext => path.push_str(ending),
            }
        }
        Ok(path)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Component::Text(text) => f.write_str(text),
            Component::Id => f.write_str("{id}"),
            Component::Sequence => f.write_str("{sequence}"),
            Component::Date => f.write_str("{date}"),
            Component::Quality => f.write_str("{quality}"),
            Component::Ext => f.write_str("{ext}"),
        })
    }
}

fn read(template: &str) -> Result<Vec<Component>, LayoutError> {
    let wrong = |why| Err(LayoutError::Broken { template: template.to_string(), why });
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
            parts.push(Component::Text(before.to_string()));
        }
        parts.push(match name {
            "id" => Component::Id,
            "sequence" => Component::Sequence,
            "date" => Component::Date,
            "quality" => Component::Quality,
            "ext" => Component::Ext,
            _ => return wrong("names are {id}, {sequence}, {date}, {quality}, {ext}"),
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Component::Text(rest.to_string()));
    }
    Ok(parts)
}

/// A value that comes from the network and becomes part of a path.
pub fn name(row: &Row, field: Field) -> Result<Option<&str>, RowError> {
    let sound = |text: &str| {
        text.len() <= MOST_ID_BYTES
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    match row.get(field) {
        Some(text) if !sound(text) => match picture_id::read(text) {
            // Says what it is instead, such as a link to something else.
            Err(what) if field == Field::ImgId => Err(what.into()),
            _ => Err(row.wrong(field, "an id").into()),
        },
        text => Ok(text),
    }
}

/// The date of capture in UTC.
fn date(row: &Row) -> Result<String, RowError> {
    let Some(captured_ms) = row.instant_ms(Field::CapturedAt)? else {
        return Ok("unknown-date".to_string());
    };
    let instant = format_instant(captured_ms)
        .ok_or_else(|| row.wrong(Field::CapturedAt, "an instant").to_string())?;
    Ok(instant.split('T').next().unwrap_or_default().to_string())
}

#[cfg(test)]
mod tests;
