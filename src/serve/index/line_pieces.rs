//! Lines that cross the antimeridian, the short way round: a piece for the east end of the map, and one for the west.

use super::z_order::{DEEPEST, WORLD_BITS};

/// A point in the units of a zoom; a piece ends with one beyond the edge of the map.
pub type Unit = (i64, i64);

/// The line in pieces, cut where two neighbouring points are more than half of the world apart. There, each piece goes on
/// to the next point as seen from its side.
pub fn pieces(line: &[(u32, u32)], zoom: u8) -> Vec<Vec<Unit>> {
    let world = 1i64 << (WORLD_BITS - (DEEPEST - zoom));
    let mut pieces = vec![Vec::with_capacity(line.len())];
    let mut before: Option<Unit> = None;
    for &(x, y) in line {
        let at = (i64::from(x), i64::from(y));
        if let Some(before) = before.filter(|before| (at.0 - before.0).abs() > world / 2) {
            let turn = world * (before.0 - at.0).signum();
            push(&mut pieces, (at.0 + turn, at.1));
            pieces.push(vec![(before.0 - turn, before.1)]);
        }
        push(&mut pieces, at);
        before = Some(at);
    }
    pieces
}

fn push(pieces: &mut [Vec<Unit>], at: Unit) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(at);
    }
}

/// The point on the map that is nearest to one beyond its edge.
pub fn on_map((x, y): Unit) -> (u32, u32) {
    (x.clamp(0, (1 << WORLD_BITS) - 1) as u32, y as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_only_where_the_other_way_round_the_world_is_shorter() {
        let world = 1u32 << WORLD_BITS;
        assert_eq!(pieces(&[(5, 5), (world / 2, 5)], DEEPEST).len(), 1);
        let cut = pieces(&[(world - 3, 5), (2, 6), (4, 7)], DEEPEST);
        let world = i64::from(world);
        assert_eq!(cut, [vec![(world - 3, 5), (world + 2, 6)], vec![(-3, 5), (2, 6), (4, 7)]]);
        assert_eq!(on_map(cut[0][1]), (world as u32 - 1, 6));
        assert_eq!(on_map(cut[1][0]), (0, 5));
    }
}
