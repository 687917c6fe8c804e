//! The pixels that an area covers: those whose centre is inside.

use super::{MultiPolygon, Ring, sides};

impl MultiPolygon {
    /// Calls `each` with the row, the first column and the end column (exclusive) of each covered span, top to
    /// bottom in each polygon. A polygon that covers no pixel centre gets the pixel at its middle.
    pub fn spans(&self, width: usize, height: usize, mut each: impl FnMut(usize, usize, usize)) {
        for rings in self.polygons() {
            let mut is_seen = false;
            polygon(rings, width, height, |row, start, end| {
                is_seen = true;
                each(row, start, end);
            });
            let middle = MultiPolygon { polygons: vec![rings.clone()] }.bounds();
            if let Some(bounds) = middle.filter(|_| !is_seen && width > 0 && height > 0) {
                let pixel = |from: f64, to: f64, count: usize| {
                    (((from + to) / 2.0 * count as f64) as usize).min(count - 1)
                };
                let column = pixel(bounds.left, bounds.right, width);
                each(pixel(bounds.top, bounds.bottom, height), column, column + 1);
            }
        }
    }
}

fn polygon(rings: &[Ring], width: usize, height: usize, mut each: impl FnMut(usize, usize, usize)) {
    let ys = rings.iter().flatten().map(|point| point[1] * height as f64);
    let (top, bottom) = ys.fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(y), high.max(y)));
    let mut crossings: Vec<f64> = Vec::new();
    for row in first(top, height)..first(bottom, height) {
        let y = (row as f64 + 0.5) / height as f64;
        crossings.clear();
        for ([from_x, from_y], [to_x, to_y]) in rings.iter().flat_map(|ring| sides(ring)) {
            if (from_y > y) != (to_y > y) {
                let x = (to_x - from_x) * (y - from_y) / (to_y - from_y) + from_x;
                crossings.push(x * width as f64);
            }
        }
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let (start, end) = (first(pair[0], width), first(pair[1], width));
            if start < end {
                each(row, start, end);
            }
        }
    }
}

/// The first pixel whose centre is not before this coordinate.
fn first(place: f64, count: usize) -> usize {
    ((place - 0.5).ceil().max(0.0) as usize).min(count)
}

#[cfg(test)]
mod tests {
    use super::super::tests::square;
    use super::*;

    fn drawn(area: &MultiPolygon, width: usize, height: usize) -> String {
        let mut rows = vec![vec!['.'; width]; height];
        area.spans(width, height, |row, start, end| rows[row][start..end].fill('#'));
        let rows: Vec<String> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        rows.join("\n")
    }

    #[test]
    fn pixels_are_those_whose_centre_is_covered_and_holes_stay_free() {
        let rings = vec![square(0.0, 0.0, 1.0), square(0.25, 0.25, 0.5)];
        let area = MultiPolygon::new(vec![rings]);
        assert_eq!(drawn(&area, 4, 4), "####\n#..#\n#..#\n####");
        let triangle = vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        let area = MultiPolygon::new(vec![vec![triangle]]);
        assert_eq!(drawn(&area, 4, 4).matches('#').count(), 6, "{}", drawn(&area, 4, 4));
    }

    #[test]
    fn what_is_smaller_than_a_pixel_has_one() {
        let area = MultiPolygon::new(vec![vec![square(0.9, 0.9, 0.01)]]);
        assert_eq!(drawn(&area, 3, 2), "...\n..#");
        let line = vec![[1.0, 0.0], [1.0, 1.0], [1.0, 0.5]];
        assert_eq!(drawn(&MultiPolygon::new(vec![vec![line]]), 2, 2), "..\n.#");
    }
}
