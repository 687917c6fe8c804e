use super::page::MARK;
use super::*;
use crate::photo::silent_reporter::Unheard;

fn page(rows: &[Row]) -> String {
    page_of(rows, false)
}

fn page_of(rows: &[Row], sorted: bool) -> String {
    let folder = Some(PathBuf::from("/ride"));
    let tmp = tempfile::tempdir().unwrap();
    let track = tmp.path().join("track.gpx");
    let fix =
        |lon| format!("<trkpt lat='52' lon='{lon}'><time>2024-05-01T10:00:09Z</time></trkpt>");
    std::fs::write(&track, format!("<gpx><trk><trkseg>{}</trkseg></trk></gpx>", fix(13))).unwrap();
    let tracks = vec![tmp.path().to_path_buf()];
    let options =
        PreviewOptions { tracks, gap_s: 60.0, folder, sorted, ..PreviewOptions::default() };
    let (mut map, mut bytes) = (PreviewMap::new(options, tmp.path()), Vec::new());
    rows.iter().for_each(|row| map.add(row, &mut bytes, &Unheard).unwrap());
    map.finish(&mut bytes, &Unheard).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn photo(ms: &str, lon: &str, path: &str) -> Row {
    let cells = [(Field::CapturedAt, ms), (Field::Lon, lon), (Field::Path, path)];
    Row::from_cells(&[&cells[..], &[(Field::Lat, "52"), (Field::SeqId, "a")]].concat())
}

#[test]
fn a_page_names_no_other_host() {
    let page = page(&[photo("0", "13", "/ride/a b.jpg")]);
    assert!(!page.contains("http:") && !page.contains("https:"));
    assert!(page.contains("\"a%20b.jpg\""));
    assert!(!page.contains(MARK));
}

#[test]
fn photos_are_in_the_order_of_time_and_gaps_lie_between_them() {
    let page = page(&[photo("90000", "13.25", "/c/b.jpg"), photo("0", "13.125", "/c/a.jpg")]);
    assert!(page.find("file:///c/a.jpg") < page.find("file:///c/b.jpg"));
    assert!(page.contains("\"gaps\":[[[13.125,52.0],[13.25,52.0]]]"), "{page}");
}

#[test]
fn no_cell_ends_the_script() {
    let mut row = photo("0", "13", "x.jpg");
    row.set(Field::Why, "</script><script>alert(1)</script>");
    assert!(!page(&[row]).contains("<script>alert"));
}

#[test]
fn sequences_that_stand_together_make_the_same_page_one_by_one() {
    let row = |at: usize| {
        let mut row =
            photo(&(1_714_557_600_000 + at * 70_000).to_string(), "13", &format!("/ride/{at}.jpg"));
        row.set(Field::SeqId, ["", "b", "a", "d"][at / 25]);
        if at < 30 {
            row.clear(Field::CapturedAt);
        }
        row
    };
    let rows: Vec<Row> = (0..100).map(row).collect();
    let whole = page(&rows);
    assert!(whole.contains("[\"d\",25]") && whole.contains("\"track\":[[[13.0,52.0]]]"), "{whole}");
    assert!(page_of(&rows, true) == whole);
    assert!(page_of(&[], true) == page(&[]));
}

#[test]
fn a_sequence_that_comes_back_has_no_part_in_the_page() {
    let options = PreviewOptions { sorted: true, ..PreviewOptions::default() };
    let tmp = tempfile::tempdir().unwrap();
    let (mut map, mut bytes) = (PreviewMap::new(options, tmp.path()), Vec::new());
    let mut other = photo("0", "13", "b.jpg");
    other.set(Field::SeqId, "b");
    let mut add = |row: &Row| map.add(row, &mut bytes, &Unheard);
    add(&photo("0", "13", "a.jpg")).unwrap();
    add(&other).unwrap();
    let refused = add(&photo("1", "13", "c.jpg")).unwrap_err().to_string();
    assert!(
        refused.contains("sequence 'a'") && refused.contains("leave out --sorted"),
        "{refused}"
    );
    map.finish(&mut bytes, &Unheard).unwrap();
    assert!(!String::from_utf8(bytes).unwrap().contains("c.jpg"));
}
