use super::*;

fn at(canvas: &Canvas, x: usize, y: usize) -> &[u8] {
    &canvas.0.samples[(y * canvas.0.width + x) * 3..][..3]
}

#[test]
fn an_area_lets_the_picture_through_and_its_edge_does_not() {
    let mut canvas = Canvas::blank(40, 40, [200, 200, 200]);
    let square = vec![vec![[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]];
    canvas.area(&MultiPolygon::new(vec![square]), [255, 0, 0], 1);
    assert_eq!(at(&canvas, 20, 10), [255, 0, 0], "the edge");
    assert_eq!(at(&canvas, 5, 5), [200, 200, 200], "outside");
    let inside = at(&canvas, 20, 20);
    assert!(inside[0] > 200 && inside[1] < 200 && inside[1] > 100, "{inside:?}");
}

#[test]
fn nothing_is_drawn_beyond_the_picture() {
    let mut canvas = Canvas::blank(10, 10, [0, 0, 0]);
    canvas.fill(-5, -5, 8, 8, [1, 1, 1]);
    canvas.text(6, 2, 3, "W?ä", [3, 3, 3]);
    canvas.fill(8, 8, 100, 100, [2, 2, 2]);
    assert_eq!((at(&canvas, 0, 0), at(&canvas, 9, 9)), (&[1, 1, 1][..], &[2, 2, 2][..]));
    assert_eq!(canvas.0.samples.len(), 300);
}

#[test]
fn a_part_is_cut_where_it_was() {
    let mut canvas = Canvas::blank(10, 10, [0, 0, 0]);
    canvas.fill(4, 5, 1, 1, [9, 9, 9]);
    let part = canvas.cut(4, 5, 3, 2);
    assert_eq!((part.0.width, part.0.height, at(&part, 0, 0)), (3, 2, &[9, 9, 9][..]));
}
