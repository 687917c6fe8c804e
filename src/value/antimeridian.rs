//! Rings and lines that cross the antimeridian without being cut there, although RFC 7946, section 3.1.9, requires a
//! cut. If two neighbouring points are more than 180 degrees apart, the short way round is meant, as between the west
//! and the east of a box.

use geo::{BoundingRect, Coord, LineString, Polygon, Translate};

use super::Error;
use super::geo::Position;

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

/// The parts of a line, longitude and latitude in degrees, cut at the antimeridian.
pub fn cut_line(line: &[Position]) -> Vec<Vec<[f64; 2]>> {
    let mut parts = vec![Vec::new()];
    let mut before: Option<[f64; 2]> = None;
    for at in line.iter().map(|at| [at.lon_deg(), at.lat_deg()]) {
        if let Some(before) = before.filter(|before| (at[0] - before[0]).abs() > HALF_TURN_DEG) {
            let (edge, lat) = crossing(before, at);
            push_new(&mut parts, [edge, lat]);
            parts.push(vec![[-edge, lat]]);
        }
        push_new(&mut parts, at);
        before = Some(at);
    }
    // A point on the antimeridian may be all that is on the other side.
    parts.retain(|part| part.len() > 1 || line.len() == 1);
    parts
}

/// The meridian, 180 or -180 degrees, at which a step leaves its side, and the latitude there.
fn crossing(from: [f64; 2], to: [f64; 2]) -> (f64, f64) {
    let edge = HALF_TURN_DEG.copysign(from[0]);
    let width = TURN_DEG - (to[0] - from[0]).abs();
    let share = if width > 0.0 { (edge - from[0]).abs() / width } else { 0.0 };
    (edge, from[1] + share * (to[1] - from[1]))
}

fn push_new(parts: &mut [Vec<[f64; 2]>], at: [f64; 2]) {
    if let Some(part) = parts.last_mut().filter(|part| part.last() != Some(&at)) {
        part.push(at);
    }
}

#[cfg(test)]
mod tests;
