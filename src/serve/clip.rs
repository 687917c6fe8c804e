//! Clips lines to a tile.

use super::index::z_order::EXTENT;

type TilePoint = (i32, i32);

/// The parts of a path inside the tile, one for each time the path enters it.
pub fn parts_inside(path: &[TilePoint]) -> Vec<Vec<TilePoint>> {
    let mut parts: Vec<Vec<TilePoint>> = Vec::new();
    for (&from, &to) in path.iter().zip(path.iter().skip(1)) {
        let Some((from, to)) = segment_inside(from, to).filter(|(from, to)| from != to) else {
            continue;
        };
        match parts.last_mut().filter(|part| part.last() == Some(&from)) {
            Some(part) => part.push(to),
            None => parts.push(vec![from, to]),
        }
    }
    parts
}

/// The part of a segment inside the tile, after Liang and Barsky (1984).
fn segment_inside(from: TilePoint, to: TilePoint) -> Option<(TilePoint, TilePoint)> {
    let limit = f64::from(EXTENT);
    let (x, y) = (f64::from(from.0), f64::from(from.1));
    let (dx, dy) = (f64::from(to.0) - x, f64::from(to.1) - y);
    let (mut start, mut end) = (0.0f64, 1.0f64);
    for (step, room) in [(-dx, x), (dx, limit - x), (-dy, y), (dy, limit - y)] {
        if step == 0.0 && room < 0.0 {
            return None;
        } else if step < 0.0 {
            start = start.max(room / step);
        } else if step > 0.0 {
            end = end.min(room / step);
        }
    }
    let at = |share: f64| ((x + share * dx).round() as i32, (y + share * dy).round() as i32);
    (start <= end).then(|| (at(start), at(end)))
}

#[cfg(test)]
mod tests;
