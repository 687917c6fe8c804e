use super::*;

struct Silent;

impl Diagnostics for Silent {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, _: &'static str, _: u64) {}
}

fn page(rows: &[Row]) -> String {
    let folder = Some(PathBuf::from("/ride"));
    let options = PreviewOptions { gap_s: 60.0, folder, ..PreviewOptions::default() };
    let tmp = tempfile::tempdir().unwrap();
    let (mut map, mut bytes) = (PreviewMap::new(options, tmp.path()), Vec::new());
    rows.iter().for_each(|row| map.add(row, &mut Vec::new(), &Silent).unwrap());
    map.finish(&mut bytes, &Silent).unwrap();
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
