//! Rings over the antimeridian that were not cut there (RFC 7946, section 3.1.9, wants them cut): two neighbours of a
//! ring that lie more than half a turn apart are meant the short way around, as the west and the east of a box are.

use geo::{BoundingRect, Coord, LineString, Polygon, Translate};

use super::Error;

const TURN_DEG: f64 = 360.0;
const HALF_TURN_DEG: f64 = 180.0;

/// The polygon drawn in one piece, its meridians running beyond 180; none when it does not jump over the antimeridian.
///
/// # Errors
/// What cannot be read as one: a ring around a pole, or one that goes around more than half of the earth.
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

/// The ring with each point near the one before; none when it is so already.
fn unrolled(ring: &LineString) -> Result<Option<LineString>, Error> {
    let (mut turns, mut jumps) = (0.0, false);
    let mut before: Option<Coord> = None;
    let mut points = Vec::with_capacity(ring.0.len());
    for &point in &ring.0 {
        let step = before.map_or(0.0, |before| point.x - before.x);
        // A full turn is the width of a map of the world: there and back along its edge.
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
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> LineString {
        LineString::from(points.to_vec())
    }

    fn meridians(ring: &LineString) -> Vec<f64> {
        ring.0.iter().map(|point| point.x).collect()
    }

    const FIJI: [(f64, f64); 5] =
        [(177.0, -20.0), (-178.0, -20.0), (-178.0, -12.0), (177.0, -12.0), (177.0, -20.0)];

    #[test]
    fn a_ring_over_the_antimeridian_is_drawn_in_one_piece_whichever_way_it_goes() {
        let mut backward = FIJI;
        backward.reverse();
        for points in [FIJI, backward] {
            let polygon = in_one_piece(&Polygon::new(ring(&points), vec![])).unwrap().unwrap();
            let bounds = polygon.bounding_rect().unwrap();
            assert_eq!((bounds.min().x, bounds.max().x), (177.0, 182.0));
        }
        let mut from_the_east = FIJI;
        from_the_east[..4].rotate_left(1);
        from_the_east[4] = from_the_east[0];
        let polygon = in_one_piece(&Polygon::new(ring(&from_the_east), vec![])).unwrap().unwrap();
        assert_eq!(polygon.bounding_rect().unwrap().width(), 5.0);
    }

    #[test]
    fn a_hole_goes_to_the_side_of_its_outline() {
        let hole = ring(&[(-179.5, -17.0), (-179.0, -17.0), (-179.0, -16.0), (-179.5, -17.0)]);
        let polygon = in_one_piece(&Polygon::new(ring(&FIJI), vec![hole])).unwrap().unwrap();
        assert_eq!(meridians(&polygon.interiors()[0]), [180.5, 181.0, 181.0, 180.5]);
    }

    #[test]
    fn what_does_not_jump_stays_and_what_goes_around_the_earth_is_refused() {
        let world =
            [(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0)];
        let beyond = [(177.0, 0.0), (183.0, 0.0), (183.0, 5.0), (177.0, 0.0)];
        let wide = [(-100.0, 0.0), (0.0, 0.0), (100.0, 0.0), (0.0, 50.0), (-100.0, 0.0)];
        for points in [&world[..], &beyond, &wide] {
            assert_eq!(in_one_piece(&Polygon::new(ring(points), vec![])), Ok(None), "{points:?}");
        }
        let pole = [(0.0, 80.0), (120.0, 80.0), (-120.0, 80.0), (0.0, 80.0)];
        let error = in_one_piece(&Polygon::new(ring(&pole), vec![])).unwrap_err();
        assert!(error.to_string().contains("pole"), "{error}");
        let most = [
            (-60.0, 0.0),
            (0.0, 0.0),
            (60.0, 0.0),
            (140.0, 0.0),
            (-170.0, 0.0),
            (140.0, 5.0),
            (-60.0, 5.0),
        ];
        assert!(in_one_piece(&Polygon::new(ring(&most), vec![])).is_err());
    }
}
