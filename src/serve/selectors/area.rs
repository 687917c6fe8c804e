//! The area of a search: a box, a circle or an S2 cell.

use crate::value::area::BBox;
use crate::value::geo::Position;
use crate::value::s2_cell::S2Cell;

use super::super::answer::Refusal;
use super::super::route::Query;

/// The area from which boxes are refused, in square degrees.
const BOX_LIMIT_DEG2: f64 = 0.01;

/// The stricter reading of the documentation: a limit for each side, in degrees.
const SIDE_LIMIT_DEG: f64 = 0.01;

const RADIUS_LIMIT_M: f64 = 50.0;

/// The requested box, or the one around the requested circle or cell.
pub fn bounds(query: &Query, strict_box: bool) -> Result<Option<BBox>, Refusal> {
    if let Some(circle) = circle(query)? {
        return Ok(Some(BBox::around(circle.center, circle.radius_m)));
    }
    if let Some(cell) = cell(query)? {
        let too_large =
            || Refusal::parameter("The s2 cell is too large: level 8 or deeper expected");
        return cell.bounds().ok_or_else(too_large).map(Some);
    }
    let Some(text) = query.get("bbox") else { return Ok(None) };
    let sides: Option<Vec<f64>> = text.split(',').map(|side| side.trim().parse().ok()).collect();
    let Some(&[west, south, east, north]) = sides.as_deref() else {
        return Err(Refusal::parameter(format!("Invalid bbox '{text}': four numbers expected")));
    };
    let bounds = BBox::new(west, south, east, north);
    let bounds = bounds.ok().filter(|_| west <= east);
    let bounds = bounds.ok_or_else(|| Refusal::parameter(format!("Invalid bbox '{text}'")))?;
    let (width_deg, height_deg) = (bounds.width_deg(), bounds.height_deg());
    let wide = width_deg >= SIDE_LIMIT_DEG || height_deg >= SIDE_LIMIT_DEG;
    if width_deg * height_deg >= BOX_LIMIT_DEG2 || (strict_box && wide) {
        return Err(Refusal::parameter(
            "The bbox is too large: it must be smaller than 0.01 degrees square",
        ));
    }
    Ok(Some(bounds))
}

pub(super) struct GeoCircle {
    pub(super) center: Position,
    pub(super) radius_m: f64,
}

pub(super) fn circle(query: &Query) -> Result<Option<GeoCircle>, Refusal> {
    if query.get("lat").is_none() && query.get("lng").is_none() {
        return Ok(None);
    }
    let number = |key: &str| {
        let value = query.get(key).and_then(|text| text.parse::<f64>().ok());
        value.ok_or_else(|| {
            Refusal::parameter(format!("lat, lng and radius go together: {key} is not a number"))
        })
    };
    let center = Position::new(number("lng")?, number("lat")?);
    let center = center.map_err(|e| Refusal::parameter(e.to_string()))?;
    let radius_m = number("radius")?;
    if !(0.0..=RADIUS_LIMIT_M).contains(&radius_m) {
        return Err(Refusal::parameter("The radius must be at most 50 meters"));
    }
    Ok(Some(GeoCircle { center, radius_m }))
}

/// An S2 cell, by its number.
pub(super) fn cell(query: &Query) -> Result<Option<S2Cell>, Refusal> {
    let Some(text) = query.get("s2") else { return Ok(None) };
    let cell = text.parse().ok().and_then(S2Cell::new);
    let wrong =
        || Refusal::parameter(format!("Invalid s2 '{text}': the number of a cell expected"));
    cell.ok_or_else(wrong).map(Some)
}
