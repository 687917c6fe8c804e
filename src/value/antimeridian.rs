//! Rings that cross the antimeridian without being cut there, although RFC 7946, section 3.1.9, requires a cut.
//! If two neighbouring points of a ring are more than 180 degrees apart, the short way round is meant, as
//! between the west and the east of a box.

use geo::{BoundingRect, Coord, LineString, Polygon, Translate};

use super::Error;

const TURN_DEG: f64 = 360.0;
const HALF_TURN_DEG: f64 = 180.0;

/// The polygon in one piece, with longitudes beyond 180; `None` if it does not jump across the antimeridian.
///
/// # Errors
/// A polygon that cannot be read this way: a ring around a pole, or one that encloses more than half of the
/// earth.
pub fn in_one_piece(polygon: &Polygon) -> Result<Option<Polygon>, Error> {
    let outline = unrolled(polygon.exterior())?;
    let holes: Vec<_> = polygon.interiors().iter().map(unrolled).collect::<Result<_, _>>()?;
    if outline.is_none() && holes.iter().all(Option::is_none) {
        return Ok(None);
    }
    let outline = outline.unwrap_or_else(|| polygon.exterior().clone());
    let bounds = outline.bounding_rect().ok_or(Error::PolygonWithoutPoints)?;
    if bounds.width() > HALF_TURN_DEG {
        return Err(Error::PolygonTooWide);
    }
    let near = |hole: LineString| {
        let Some(own) = hole.bounding_rect() else { return hole };
        let turns = ((bounds.center().x - own.center().x) / TURN_DEG).round();
        hole.translate(turns * TURN_DEG, 0.0)
    };
    let holes = holes.into_iter().zip(polygon.interiors());
    let holes = holes.map(|(hole, as_it_was)| near(hole.unwrap_or_else(|| as_it_was.clone())));
    Ok(Some(Polygon::new(outline, holes.collect())))
}

/// The ring with each point near the previous one; `None` if it already is.
fn unrolled(ring: &LineString) -> Result<Option<LineString>, Error> {
    let (mut turns, mut jumps) = (0.0, false);
    let mut before: Option<Coord> = None;
    let mut points = Vec::with_capacity(ring.0.len());
    for &point in &ring.0 {
        let step = before.map_or(0.0, |before| point.x - before.x);
        // A step of a full turn is the edge of a map of the whole world, not a jump.
        if step.abs() > HALF_TURN_DEG && step.abs() != TURN_DEG {
            turns -= step.signum();
            jumps = true;
        }
        before = Some(point);
        points.push(Coord { x: point.x + turns * TURN_DEG, y: point.y });
    }
    match (jumps, turns == 0.0) {
        (false, _) => Ok(None),
        (true, true) => Ok(Some(LineString(points))),
        (true, false) => Err(Error::PolygonAroundPole),
    }
}

#[cfg(test)]
mod tests;
