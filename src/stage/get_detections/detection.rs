//! One detection: its row and polygon.

use crate::format::detection::{Units, read_geometry, read_json, write_box, write_json};
use crate::row::{Column, Field, Row};
use crate::shape::RowError;
use crate::value::multi_polygon::MultiPolygon;

use super::columns::{
    self, AREA, AREA_PX, BOX, BOX_PX, CREATED_AT, ID, POLYGON, POLYGON_PX, VALUE,
};
use super::list::ListEntry;

/// Tolerance in pixels for `decoded_geometry`, which is rounded to whole numbers.
const ROUNDED_PX: f64 = 2.0;

/// A detection, decoded.
#[derive(Debug, Clone)]
pub struct Detection {
    pub row: Row,
    pub value: String,
    /// Width and height of the picture, upright, in pixels.
    pub size: Option<(f64, f64)>,
    /// `None` if it is unreadable, and the row has the reason.
    pub area: Option<MultiPolygon>,
}

/// The reason in a row whose polygon is unknown.
type Why = String;

impl Detection {
    /// The id given by the service.
    pub fn id(&self) -> &str {
        columns::text(&self.row, ID).unwrap_or_default()
    }

    /// From an entry of a picture's list.
    ///
    /// # Errors
    /// The row of the picture, and what is wrong with it.
    pub fn of_entry(picture: &Row, entry: ListEntry) -> Result<Detection, (Row, RowError)> {
        let mut row = picture.clone();
        for (name, text) in
            [(ID, &entry.id), (VALUE, &entry.value), (CREATED_AT, &entry.created_at)]
        {
            row.set_column(&Column::named(name), text, false);
        }
        let area = if entry.geometry.is_empty() {
            Err("the service tells no polygon".to_string())
        } else {
            read_geometry(&entry.geometry).map_err(|what| what.to_string())
        };
        Detection::new(row, area, None)
    }

    /// From a row of one detection, ours or one of gchoumos/mapillary.
    ///
    /// # Errors
    /// If a polygon is unreadable.
    pub fn of_row(mut row: Row) -> Result<Detection, (Row, RowError)> {
        for name in [ID, VALUE, CREATED_AT] {
            let text = columns::text(&row, name).unwrap_or_default().to_string();
            row.set_column(&Column::named(name), &text, false);
        }
        let own = columns::text(&row, POLYGON).map(|text| read_json(text, Units::Parts));
        let tile = columns::text(&row, columns::GEOMETRY).map(read_geometry);
        let decoded = match decoded(&row) {
            Ok(decoded) => decoded,
            Err(what) => return Err((row, what)),
        };
        let found = own.or(tile).or_else(|| decoded.clone().map(Ok));
        match found {
            // A row without a polygon is passed on unchanged.
            None => {
                let why = row.get(Field::Why).unwrap_or("the row has no polygon").to_string();
                Detection::new(row, Err(why), None)
            }
            Some(Ok(area)) => Detection::new(row, Ok(area), decoded),
            Some(Err(what)) => Err((row, what.into())),
        }
    }

    fn new(
        mut row: Row,
        area: Result<MultiPolygon, Why>,
        other: Option<MultiPolygon>,
    ) -> Result<Detection, (Row, RowError)> {
        let size = match size(&row) {
            Ok(size) => size,
            Err(what) => return Err((row, what)),
        };
        let why = match &area {
            Err(why) => why.clone(),
            Ok(area) if other.is_some_and(|other| !agree(area, &other, size)) => {
                "decoded_geometry is of another polygon, and is not used".to_string()
            }
            Ok(_) => String::new(),
        };
        row.set(Field::Why, &why);
        let area = area.ok();
        describe(&mut row, area.as_ref(), size);
        let value = columns::text(&row, VALUE).unwrap_or_default().to_string();
        Ok(Detection { row, value, size, area })
    }
}

/// Sets the columns that follow from the polygon.
fn describe(row: &mut Row, area: Option<&MultiPolygon>, size: Option<(f64, f64)>) {
    let part = area.map_or(0.0, MultiPolygon::area);
    let bounds = area.and_then(MultiPolygon::bounds);
    let number = |number: f64, digits: f64| ((number * digits).round() / digits).to_string();
    let is_sized = size.is_some();
    let cells = [
        (POLYGON, area.map(|area| write_json(area, None))),
        (AREA, area.map(|_| number(part, 1e12))),
        (BOX, bounds.map(|bounds| write_box(bounds, None))),
        (POLYGON_PX, area.filter(|_| is_sized).map(|area| write_json(area, size))),
        (AREA_PX, area.and(size).map(|(width, height)| number(part * width * height, 1e2))),
        (BOX_PX, bounds.filter(|_| is_sized).map(|bounds| write_box(bounds, size))),
    ];
    for (name, text) in cells {
        row.set_column(&Column::named(name), &text.unwrap_or_default(), true);
    }
}

/// The size of the upright picture. The service reports the size of the upload, with its orientation.
pub fn size(row: &Row) -> Result<Option<(f64, f64)>, RowError> {
    let number = |field| row.number(field).map_err(|wrong| wrong.to_string());
    let (width, height) = (number(Field::Width)?, number(Field::Height)?);
    let is_turned = row.integer(Field::ExifOrientation)?;
    Ok(match (width, height) {
        (Some(width), Some(height)) if width >= 1.0 && height >= 1.0 => {
            if is_turned.is_some_and(|orientation| (5..=8).contains(&orientation)) {
                Some((height, width))
            } else {
                Some((width, height))
            }
        }
        _ => None,
    })
}

/// The polygon of `decoded_geometry`, which needs the size that it was made for, that of the upload.
fn decoded(row: &Row) -> Result<Option<MultiPolygon>, RowError> {
    let Some(text) = columns::text(row, columns::DECODED) else { return Ok(None) };
    let number = |field| row.number(field).map_err(|wrong| wrong.to_string());
    match (number(Field::Width)?, number(Field::Height)?) {
        (Some(width), Some(height)) if width >= 1.0 && height >= 1.0 => {
            Ok(Some(read_json(text, Units::PixelsUpward(width, height))?))
        }
        _ => Err("decoded_geometry is in pixels, and the row has no width and height".into()),
    }
}

/// Whether two polygons have the same bounds.
fn agree(one: &MultiPolygon, other: &MultiPolygon, size: Option<(f64, f64)>) -> bool {
    let (Some((width, height)), Some(one), Some(other)) = (size, one.bounds(), other.bounds())
    else {
        return true;
    };
    let sides = |bounds: crate::value::multi_polygon::Bounds| {
        let bounds = bounds.scaled(width, height);
        [bounds.left, bounds.top, bounds.right, bounds.bottom]
    };
    sides(one).iter().zip(sides(other)).all(|(one, other)| (one - other).abs() <= ROUNDED_PX)
}
