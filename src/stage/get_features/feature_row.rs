//! The row of a feature.

use serde_json::Value;

use crate::row::{Column, Columns, Field, Row};
use crate::shape::Shape;

pub const ID: &str = "feature_id";

pub const VALUE: &str = "value";

/// Columns, and the keys of their text in the response.
const TEXTS: [(&str, &str); 6] = [
    (ID, "id"),
    (VALUE, "object_value"),
    ("object_type", "object_type"),
    ("aligned_direction", "aligned_direction"),
    ("first_seen_at", "first_seen_at"),
    ("last_seen_at", "last_seen_at"),
];

const IMAGES: &str = "image_ids";

/// The row of a feature. Values that the service leaves out are absent.
pub fn row_of(feature: &Value) -> Row {
    let mut row = Row::new(Columns::from_fields(&[]));
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    for (name, key) in TEXTS {
        let value = &feature[key];
        row.set_column(&Column::named(name), &text(value), value.is_number() && name != ID);
    }
    let place = |at: usize| feature["geometry"]["coordinates"][at].as_f64();
    match place(0).zip(place(1)) {
        Some((lon, lat)) => {
            row.set_display(Field::Lon, lon);
            row.set_display(Field::Lat, lat);
        }
        None => row.set(Field::Why, "the service tells no place"),
    }
    let images = feature["images"]["data"].as_array().map(|images| {
        let ids = images.iter().map(|image| Value::String(text(&image["id"])));
        Value::Array(ids.filter(|id| id != "").collect()).to_string()
    });
    row.set_column(&Column::named(IMAGES), &images.unwrap_or_default(), true);
    row
}

pub fn shape() -> Shape {
    let columns = [ID, VALUE, "object_type"].map(Column::named).into_iter();
    let place = [Field::Lon, Field::Lat].map(Column::from);
    let rest = ["aligned_direction", "first_seen_at", "last_seen_at", IMAGES].map(Column::named);
    let sets = columns.chain(place).chain(rest).chain([Field::Why.into()]).collect();
    Shape { sets, only_sets: true, ..Shape::default() }
}

#[cfg(test)]
mod tests;
