use super::*;

fn record(cells: &[&str]) -> csv::StringRecord {
    csv::StringRecord::from(cells.to_vec())
}

#[test]
fn a_value_in_the_first_line_shows_that_it_is_no_header() {
    for (cells, value) in [
        (&["1020304050600100", "x"][..], Some("1020304050600100")),
        (&["a", " -1.5e3 "], Some("-1.5e3")),
        (&["a", "2024-05-01"], Some("2024-05-01")),
        (&["2024:05:01 12:00:00"], Some("2024:05:01 12:00:00")),
        (&["a", "https://example.org/1.jpg"], Some("https://example.org/1.jpg")),
        // One known name makes it a header, whatever the other cells are.
        (&["img_id", "2024"], None),
        (&["12", "geometry"], None),
        (&["more", "1"], None),
        (&["\u{feff}img_id", "1"], None),
        // A user may be called `path`, and a camera `model`.
        (&["1020304050600100", "path", "54.32"], Some("1020304050600100")),
        (&["model", "make", "1717245296123", "https://x/1.jpg"], Some("1717245296123")),
        (&["img_id", "lon", "1020304050600100"], None),
        (&["a", "path", "2024-01-01T10:00:00Z"], Some("2024-01-01T10:00:00Z")),
        (&["model", "2024:05:01 12:00:00"], Some("2024:05:01 12:00:00")),
        (&["photos/1.jpg"], Some("photos/1.jpg")),
        (&["path", "DSC_1.JPG"], Some("DSC_1.JPG")),
        // A column for each day.
        (&["2024-01-01", "make"], None),
        // Names of unknown columns, which may contain digits.
        (&["thumb2", "20240501x", "nan", "inf", "a"], None),
        (&["2024x", "12:5"], None),
        (&["abcd-e", "2024 x"], None),
        (&["", ""], None),
        (&[], None),
    ] {
        assert_eq!(value_in(&record(cells)), value, "{cells:?}");
    }
}

#[test]
fn a_header_below_the_first_is_told_from_a_row() {
    let columns = Header::new(&record(&["img_id", "note", "lon"])).columns;
    for (cells, is_header) in [
        (&["img_id", "note", "lon"][..], true),
        (&["lon", "img_id"], true),
        (&["sequence", "id"], true),
        (&["note", "note"], false),
        (&["img_id", "something"], false),
        (&["img_id"], false),
        (&["", ""], false),
        (&["1", "a", "2"], false),
    ] {
        assert_eq!(is(&record(cells), &columns), is_header, "{cells:?}");
    }
    let folded = Header::new(&record(&["note", "more", "geometry"])).columns;
    for cells in [["note", "more"], ["more", "note"], ["note", "geometry"]] {
        assert!(is(&record(&cells), &folded), "{cells:?}");
    }
    let one = |name: &str| Header::new(&record(&[name])).columns;
    assert!(is(&record(&["img_id"]), &one("img_id")), "no id is called so");
    assert!(!is(&record(&["make"]), &one("make")), "a maker may be");
    assert!(!is(&record(&["id"]), &one("img_id")), "another spelling may be a value");
}

#[test]
fn doubled_names_have_a_slot_in_long_lines_only() {
    let header = Header::new(&record(&["seq_id", "img_id", "sequence", "id"]));
    assert_eq!(header.columns.list().len(), 2);
    assert_eq!((header.all.len(), header.short.map(|short| short.len())), (4, Some(2)));
    let plain = Header::new(&record(&["seq_id", "img_id"]));
    assert!(plain.short.is_none() && !plain.is_folded() && !plain.is_too_wide);
    assert!(Header::new(&record(&["geometry"])).is_folded());
    let wide: Vec<String> = (0..100_000).map(|at| format!("c{at}")).collect();
    assert!(Header::new(&csv::StringRecord::from(wide)).is_too_wide);
}
