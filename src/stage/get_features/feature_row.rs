//! The row of a feature.

use serde_json::Value;

use crate::row::{Column, Columns, Field, Row};
use crate::shape::Shape;
use crate::value::shown::quoted;

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
    let mut whys = Vec::new();
    match place(&feature["geometry"]) {
        Some((lon, lat)) => {
            row.set_display(Field::Lon, lon);
            row.set_display(Field::Lat, lat);
        }
        None if feature["geometry"].is_null() => {
            whys.push("the service tells no place".to_string());
        }
        None => whys.push(unread("geometry", &feature["geometry"])),
    }
    // The list itself, or an object with a page of it.
    let images = &feature["images"];
    let list = images.get("data").unwrap_or(images);
    if images.pointer("/paging/next").is_some_and(|next| !next.is_null()) {
        whys.push("the service has more images of it".to_string());
    }
    let ids = list.as_array().map(|images| {
        let ids = images.iter().map(|image| Value::String(text(&image["id"])));
        Value::Array(ids.filter(|id| id != "").collect()).to_string()
    });
    if ids.is_none() && !list.is_null() {
        whys.push(unread("images", images));
    }
    row.set_column(&Column::named(IMAGES), &ids.unwrap_or_default(), true);
    row.set(Field::Why, &whys.join("; "));
    row
}

/// The longitude and the latitude of a point, also if they are numbers in quotes.
fn place(geometry: &Value) -> Option<(f64, f64)> {
    let number = |at: usize| {
        let value = &geometry["coordinates"][at];
        let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        number.filter(|number| number.is_finite())
    };
    number(0).zip(number(1))
}

fn unread(key: &str, value: &Value) -> String {
    format!("the service's '{key}' cannot be read: {}", quoted(&value.to_string()))
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
