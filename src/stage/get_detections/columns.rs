//! The columns of a detection, and their names in gchoumos/mapillary.

use crate::row::{Column, Field, Row};

pub const ID: &str = "detection_id";
pub const VALUE: &str = "value";
pub const CREATED_AT: &str = "created_at";
pub const POLYGON: &str = "polygon";
pub const AREA: &str = "area";
pub const BOX: &str = "box";
pub const POLYGON_PX: &str = "polygon_px";
pub const AREA_PX: &str = "area_px";
pub const BOX_PX: &str = "box_px";

/// A vector tile in base64, as sent by the service.
pub const GEOMETRY: &str = "detections.geometry";
/// One ring in whole pixels, with y upward from the lower edge.
pub const DECODED: &str = "decoded_geometry";

const ALL: [&str; 9] = [ID, VALUE, CREATED_AT, POLYGON, AREA, BOX, POLYGON_PX, AREA_PX, BOX_PX];

/// The columns that the last part sets.
pub fn set() -> Vec<Column> {
    let size = [Field::Width, Field::Height, Field::ExifOrientation];
    let size = size.into_iter().map(Column::from);
    let named = ALL.iter().map(|name| Column::named(name));
    size.chain(named).chain([Field::Why.into()]).collect()
}

/// The text of a column, under its own or its older name.
pub fn text<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    let older = match name {
        ID => "detections.id",
        VALUE => "detections.value",
        CREATED_AT => "detections.created_at",
        _ => name,
    };
    let named = |name: &str| row.get_column(&Column::named(name));
    named(name).or_else(|| named(older))
}

/// Whether the row is about one detection, not about a picture.
pub fn is_detection(row: &Row) -> bool {
    [ID, POLYGON, GEOMETRY, DECODED].iter().any(|name| text(row, name).is_some())
}
