//! Geometry columns as the position of a row.

use parquet::basic::LogicalType;
use parquet::record::{Field as Value, RowAccessor};
use parquet::schema::types::Type;

use super::cell::{CellError, Cells, hex, put};
use super::geo::{Found, Geometry, named_crs};
use super::wkb::{self, Point};
use crate::row::{Column, Field, Row, known_fields};
use crate::value::geo::Position;

/// A column of geometries.
pub struct Geometries {
    /// The fields for the longitude and the latitude.
    fields: Option<[Field; 2]>,
    /// The column for geometries that these fields cannot hold, if there can be any.
    whole: Option<Column>,
    crs: Option<String>,
    /// For values that are not WKB.
    cells: Cells,
}

impl Geometries {
    /// `None` if the column does not hold geometries.
    pub fn new(field: &Type, found: &Found) -> Option<Geometries> {
        let about = found.geometries.iter().find(|geometry| geometry.name == field.name());
        let own;
        let about = match about {
            Some(about) => about,
            None => {
                own = marked(field)?;
                &own
            }
        };
        let name = if about.is_primary { "geometry" } else { &about.name };
        let parts = known_fields::parts(name).and_then(|parts| <[Field; 2]>::try_from(parts).ok());
        let fields = parts.filter(|parts| about.crs.is_none() && parts[0] != Field::CreatorId);
        let is_all = about.is_flat && fields.is_some();
        let whole = (!is_all).then(|| Column::named(name));
        Some(Geometries {
            fields,
            whole,
            crs: about.crs.clone(),
            cells: Cells::new(field.name(), field),
        })
    }

    pub fn columns(&self) -> Vec<Column> {
        let parts = self.fields.iter().flatten().map(|&field| field.into());
        parts.chain(self.whole.clone()).collect()
    }

    /// Sets the position of the row, and the column for what the position cannot hold.
    pub fn put(&self, value: &Value, row: &mut Row) -> Result<(), CellError> {
        let point = match value {
            Value::Null => return Ok(()),
            Value::Bytes(bytes) => wkb::read(bytes.data()),
            Value::Group(point) => two(point),
            _ => None,
        };
        let is_place = |point: &Point| Position::new(point.x, point.y).is_ok();
        if let (Some([lon, lat]), Some(point)) = (self.fields, point.filter(is_place)) {
            put(row, &lon.into(), (point.x.to_string(), false))?;
            put(row, &lat.into(), (point.y.to_string(), false))?;
            if point.z.is_none() {
                return Ok(());
            }
        }
        let text = self.words(point, value)?;
        match &self.whole {
            Some(whole) => put(row, whole, (text, false)),
            None => Err(CellError::NotFlat { text, column: self.cells.column.name.to_string() }),
        }
    }

    /// A point as EWKT, any other geometry as hexadecimal WKB.
    fn words(&self, point: Option<Point>, value: &Value) -> Result<String, CellError> {
        let Some(Point { x, y, z }) = point else {
            return Ok(match value {
                Value::Bytes(bytes) => hex(bytes.data()),
                other => self.cells.text(other)?.map(|(text, _)| text).unwrap_or_default(),
            });
        };
        // A reference system without a number gets SRID 0 in EWKT.
        let srid = self.crs.as_ref().map(|crs| crs.parse::<u32>().unwrap_or(0));
        let srid = srid.map(|srid| format!("SRID={srid};")).unwrap_or_default();
        Ok(match z {
            Some(z) => format!("{srid}POINT Z ({x} {y} {z})"),
            None => format!("{srid}POINT ({x} {y})"),
        })
    }
}

/// The geometry of a column that has the Parquet type GEOMETRY or GEOGRAPHY, which exist since 2025.
fn marked(field: &Type) -> Option<Geometry> {
    let crs = match field.get_basic_info().logical_type_ref()? {
        LogicalType::Geometry(kind) => kind.crs.clone(),
        LogicalType::Geography(kind) => kind.crs.clone(),
        _ => return None,
    };
    Some(Geometry {
        name: field.name().to_string(),
        is_primary: field.name() == "geometry",
        is_flat: false,
        crs: crs.and_then(|crs| named_crs(&crs)),
    })
}

/// A point stored as a struct of two numbers.
fn two(point: &parquet::record::Row) -> Option<Point> {
    let names: Vec<&str> = point.get_column_iter().map(|(name, _)| name.as_str()).collect();
    let numbers =
        (names == ["x", "y"]).then(|| Some((point.get_double(0).ok()?, point.get_double(1).ok()?)));
    numbers.flatten().map(|(x, y)| Point { x, y, z: None })
}
