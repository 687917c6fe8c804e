use super::*;

fn square(from: f64, to: f64) -> Ring {
    vec![[from, from], [to, from], [to, to], [from, to]]
}

#[test]
fn a_polygon_with_a_hole_is_runs_down_the_columns() {
    let area = MultiPolygon::new(vec![vec![square(0.0, 0.75), square(0.25, 0.5)]]);
    // ###.  #.#.  ###.  ....
    assert_eq!(run_lengths(&area, 4, 4), [0, 3, 1, 1, 1, 1, 1, 3, 5]);
    assert_eq!(segmentation(&area, 4, 4)["size"], json!([4, 4]));
    let twice = MultiPolygon::new(vec![vec![square(0.0, 0.5)], vec![square(0.0, 0.5)]]);
    assert_eq!(run_lengths(&twice, 4, 4), [0, 2, 2, 2, 10]);
    assert_eq!(segmentation(&twice, 10, 10)[0], json!([0.0, 0.0, 5.0, 0.0, 5.0, 5.0, 0.0, 5.0]));
}
