//! Selects rows by time, camera type and position.

use crate::row::{Field, Row, WrongValue};
use crate::value::area::Area;
use crate::value::geo::Position;

/// The conditions on a row; an empty selection keeps every row.
#[derive(Debug, Clone, Default)]
pub struct Select {
    /// Captured at or after this instant,
    pub since_ms: Option<i64>,
    /// and before this one.
    pub until_ms: Option<i64>,
    pub pano: Option<bool>,
    /// Any of these camera types; an empty list accepts all.
    pub cameras: Vec<String>,
    pub area: Area,
}

impl Select {
    pub fn is_empty(&self) -> bool {
        self.fields().is_empty()
    }

    /// The fields that are checked. A row that lacks one is not kept, because nothing shows that it matches.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        if self.since_ms.is_some() || self.until_ms.is_some() {
            fields.push(Field::CapturedAt);
        }
        if self.pano.is_some() {
            fields.push(Field::IsPano);
        }
        if !self.cameras.is_empty() {
            fields.push(Field::CameraType);
        }
        if !self.area.is_empty() {
            fields.extend([Field::Lon, Field::Lat]);
        }
        fields
    }

    pub fn keeps(&self, row: &Row) -> Result<bool, WrongValue> {
        let camera = || row.get(Field::CameraType);
        Ok((self.cameras.is_empty()
            || self.cameras.iter().any(|wanted| camera() == Some(wanted.as_str())))
            && self.holds_pano(row)?
            && self.holds_time(row)?
            && self.holds_place(row)?)
    }

    /// Whether the picture is one of the selected kind. The service leaves `is_pano` out where it is false.
    pub fn holds_pano(&self, row: &Row) -> Result<bool, WrongValue> {
        let Some(wanted) = self.pano else { return Ok(true) };
        Ok(row.flag(Field::IsPano)?.unwrap_or(false) == wanted)
    }

    fn holds_ms(&self, captured_ms: Option<i64>) -> bool {
        match captured_ms {
            Some(at) => {
                self.since_ms.is_none_or(|since| at >= since)
                    && self.until_ms.is_none_or(|until| at < until)
            }
            None => self.since_ms.is_none() && self.until_ms.is_none(),
        }
    }

    /// Whether a row's instant is in the selected time.
    pub fn holds_time(&self, row: &Row) -> Result<bool, WrongValue> {
        Ok(self.holds_ms(None) || self.holds_ms(row.instant_ms(Field::CapturedAt)?))
    }

    /// Whether a row's position is in the area, if one is set.
    pub fn holds_place(&self, row: &Row) -> Result<bool, WrongValue> {
        if self.area.is_empty() {
            return Ok(true);
        }
        let (Some(lon), Some(lat)) = (row.number(Field::Lon)?, row.number(Field::Lat)?) else {
            return Ok(false);
        };
        let place = Position::new(lon, lat).map_err(|_| row.wrong(Field::Lon, "a place"))?;
        Ok(self.area.contains(place))
    }
}

#[cfg(test)]
mod tests;
