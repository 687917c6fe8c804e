use super::*;

#[test]
fn what_was_written_reads_as_it_was() {
    let outer = vec![[0.0, 0.0], [0.821533203125, 0.0], [0.5, 1.0]];
    let hole = vec![[0.25, 0.125], [0.5, 0.125], [0.5, 0.25]];
    let area = MultiPolygon::new(vec![vec![outer.clone(), hole], vec![outer]]);
    let text = write_json(&area, None);
    assert_eq!(read_json(&text, Units::Parts), Ok(area.clone()));
    let pixels = write_json(&area, Some((4160.0, 3120.0)));
    assert!(pixels.starts_with("[[[[0,0],[3417.58,0],[2080,3120],[0,0]],[[1040,390],"), "{pixels}");
    let bounds = area.bounds().unwrap();
    assert_eq!(write_box(bounds, None), "[0,0,0.821533203125,1]");
    assert_eq!(write_box(bounds, Some((4160.0, 3120.0))), "[0,0,3417.58,3120]");
}

#[test]
fn a_ring_and_a_polygon_are_read_too_and_pixels_may_count_from_below() {
    let area = MultiPolygon::new(vec![vec![vec![[0.25, 0.5], [0.5, 0.5], [0.5, 0.75]]]]);
    for text in
        ["[[0.25,0.5],[0.5,0.5],[0.5,0.75],[0.25,0.5]]", "[[[0.25,0.5],[0.5,0.5],[0.5,0.75]]]"]
    {
        assert_eq!(read_json(text, Units::Parts), Ok(area.clone()));
    }
    let older = "[[25, 50], [50, 50], [50, 25], [25, 50]]";
    assert_eq!(read_json(older, Units::PixelsUpward(100.0, 100.0)), Ok(area));
}

#[test]
fn another_form_is_an_error_that_shows_it() {
    for text in
        ["", "x", "{}", "[]", "[1,2]", "[[1,2],[3]]", "[[[1,2],[3,4],\"a\"]]", "[[[[[1,2]]]]]"]
    {
        let said = read_json(text, Units::Parts).unwrap_err();
        assert_eq!(said.to_string(), format!("'{text}' is not a polygon"));
    }
}
