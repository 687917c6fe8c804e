//! Splits a box into cells.

use crate::value::bbox::BBox;

/// Larger boxes are rejected; the documentation may mean this as the limit of each side.
const MOST_SIDE_DEG: f64 = 0.01;

/// The number of cells of a box.
pub fn count(bbox: &BBox) -> f64 {
    steps(bbox.width_deg()) * steps(bbox.height_deg())
}

/// The number of steps, such that each is smaller than the limit.
fn steps(side_deg: f64) -> f64 {
    (side_deg / MOST_SIDE_DEG).floor() + 1.0
}

pub fn cells(bbox: BBox) -> impl Iterator<Item = BBox> {
    let (columns, rows) = (steps(bbox.width_deg()), steps(bbox.height_deg()));
    let lon = move |at: f64| bbox.west_deg() + bbox.width_deg() * at / columns;
    let lat = move |at: f64| bbox.south_deg() + bbox.height_deg() * at / rows;
    (0..(columns * rows) as u64).filter_map(move |at| {
        let (column, row) = ((at as f64) % columns, ((at as f64) / columns).floor());
        let (east, north) =
            (lon(column + 1.0).min(bbox.east_deg()), lat(row + 1.0).min(bbox.north_deg()));
        BBox::new(lon(column), lat(row), east, north).ok()
    })
}

#[cfg(test)]
mod tests;
