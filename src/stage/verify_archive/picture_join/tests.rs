use super::*;
use crate::row::Field;

fn id(id: &str) -> PictureId<'_> {
    PictureId { id, quality: None }
}

fn join(fill: impl FnOnce(&mut PictureJoin)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut join = PictureJoin::new(folder.path());
    fill(&mut join);
    let records = join.finish().unwrap();
    let (mut cursor, mut all) = (RecordCursor::default(), Vec::new());
    while let Some(record) = cursor.next(&records).unwrap() {
        let Found { line, id, path, is_other, missing_at } = Found::from_record(record).unwrap();
        let missing = missing_at.map_or("missing".to_string(), |at| format!("missing at {at}"));
        let other = if is_other { "other".to_string() } else { missing };
        all.push(format!("{line:?} '{id}' {}", path.map_or(other, String::from)));
    }
    all
}

#[test]
fn a_listed_picture_is_loose_or_in_a_tar_or_missing() {
    let found = join(|join| {
        for (line, text) in ["30", "4", "100", "4", "5", "4\0", "6"].into_iter().enumerate() {
            join.listed(line as u64, id(text), &NamedBytes::default()).unwrap();
        }
        ["5", "100", "7"]
            .into_iter()
            .for_each(|text| join.in_tar(id(text), &NamedBytes::default()).unwrap());
        let loose = [(Some("100"), "a"), (None, "b"), (Some("9"), "c"), (Some("100"), "d")];
        let more = [(Some("10"), "e"), (None, "f"), (Some("9"), "g"), (Some("6"), "h")];
        for (text, path) in loose.into_iter().chain(more) {
            join.loose(text.map(id), Path::new(path), Path::new(path)).unwrap();
        }
    });
    let wanted = [
        "Listed(0) '30' missing",
        // Whoever lists it twice is told twice.
        "Listed(1) '4' missing",
        "Listed(2) '100' d",
        "Listed(2) '100' a",
        "Listed(3) '4' missing",
        "Listed(5) '4\u{1}\u{1}' missing",
        "Listed(6) '6' h",
        "Named '10' e",
        "Named '9' g",
        "Named '9' c",
        "Unknown '' f",
        "Unknown '' b",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_loose_picture_that_is_listed_twice_is_checked_once() {
    let found = join(|join| {
        join.listed(3, id("8"), &NamedBytes::default()).unwrap();
        join.listed(1, id("8"), &NamedBytes::default()).unwrap();
        join.loose(Some(id("8")), Path::new("8.jpg"), Path::new("8.jpg")).unwrap();
    });
    assert_eq!(found, ["Listed(1) '8' 8.jpg"]);
}

#[test]
fn ids_that_are_nearly_the_same_are_not() {
    let ids = ["1", "1\0", "1\u{1}", "1\u{1}\u{1}", "1\u{1}\u{2}", "1\0\u{1}"];
    for id in ids {
        let same = ids.iter().filter(|other| key(other) == key(id)).count();
        assert_eq!(same, 1, "{id:?}");
        assert!(!key(id).contains('\0'));
    }
}

#[test]
fn a_listed_picture_of_which_the_tar_has_other_bytes_is_another_one() {
    let named = |path: &str, bytes: &str, sha256: &str| {
        let cells = [(Field::Path, path), (Field::Bytes, bytes), (Field::Sha256, sha256)];
        let filled = cells.into_iter().filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>();
        NamedBytes::of(&Row::from_cells(&filled))
    };
    let found = join(|join| {
        join.in_tar(id("1"), &named("d/s/1.jpg", "5", "ab")).unwrap();
        join.in_tar(id("2"), &named("d/s/2.webp", "5", "ab")).unwrap();
        join.in_tar(id("3"), &named("d/s/3.jpg", "5", "ab")).unwrap();
        join.in_tar(id("3"), &named("d/s/3.jpg", "6", "cd")).unwrap();
        for (line, (text, stated)) in [
            ("1", named("1.jpg", "5", "AB")),
            ("1", named("x/1.jpg", "", "cd")),
            ("1", named("1.jpg", "6", "")),
            ("1", named("", "6", "cd")),
            ("2", named("2.jpg", "6", "cd")),
            ("3", named("3.jpg", "6", "")),
        ]
        .into_iter()
        .enumerate()
        {
            join.listed(line as u64, id(text), &stated).unwrap();
        }
    });
    assert_eq!(found, ["Listed(1) '1' other", "Listed(2) '1' other"]);
}

#[test]
fn a_row_has_a_picture_of_its_quality_or_of_one_that_is_not_stated() {
    let of = |id, quality: &str| PictureId { id, quality: quality.parse().ok() };
    let found = join(|join| {
        let none = NamedBytes::default();
        for (line, (id, quality)) in [
            ("1", "original"),
            ("1", "2048"),
            ("1", ""),
            ("2", "original"),
            ("3", "original"),
            ("4", "256"),
        ]
        .into_iter()
        .enumerate()
        {
            join.listed(line as u64, of(id, quality), &none).unwrap();
        }
        join.in_tar(of("2", ""), &none).unwrap();
        join.in_tar(of("3", "1024"), &none).unwrap();
        join.in_tar(of("4", "original"), &none).unwrap();
        for (id, quality, path) in [("1", "2048", "1_2048.jpg"), ("4", "256", "4_256.jpg")] {
            join.loose(Some(of(id, quality)), Path::new(path), Path::new(path)).unwrap();
        }
    });
    let wanted = [
        "Listed(0) '1' missing",
        "Listed(1) '1' 1_2048.jpg",
        "Listed(4) '3' missing",
        "Listed(5) '4' 4_256.jpg",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_row_without_an_id_has_the_picture_at_its_path_or_one_of_its_name_in_a_tar() {
    let here = |path: &str| StatedPlace { path: path.into(), below: Some(path.into()) };
    let elsewhere = |name: &str| StatedPlace { path: name.into(), below: None };
    let found = join(|join| {
        let places = [
            here("a/1.jpg"),
            here("b/1.jpg"),
            here("c/1.png"),
            here("2.jpg"),
            here("3.x.jpg"),
            here("4.jpg"),
            elsewhere("1.jpg"),
            elsewhere("5.jpg"),
            here("7.jpg"),
        ];
        for (line, place) in places.iter().enumerate() {
            join.listed_path(line as u64, place).unwrap();
        }
        join.path_in_tar(Path::new("2024-06-01/3_x.jpg")).unwrap();
        join.path_in_tar(Path::new("s/4.png")).unwrap();
        for (id, path) in [
            (None, "a/1.jpg"),
            (None, "c/1.jpg"),
            (None, "2.webp"),
            (None, "6.jpg"),
            (Some(id("7")), "7.jpg"),
        ] {
            join.loose(id, Path::new(path), Path::new(path)).unwrap();
        }
    });
    let wanted = [
        "Listed(0) '' a/1.jpg",
        "Listed(1) '' missing at b/1.jpg",
        "Listed(2) '' missing at c/1.png",
        "Listed(3) '' 2.webp",
        "Listed(5) '' missing at 4.jpg",
        "Listed(7) '' missing at 5.jpg",
        "Named '7' 7.jpg",
        "Unknown '' 6.jpg",
        "Unknown '' c/1.jpg",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_missing_picture_of_several_lists_is_told_once() {
    let here = |path: &str| StatedPlace { path: path.into(), below: Some(path.into()) };
    let second = 1 << 48;
    let found = join(|join| {
        for line in [0, 1, second] {
            join.listed(line, id("1"), &NamedBytes::default()).unwrap();
        }
        join.listed(second + 1, id("2"), &NamedBytes::default()).unwrap();
        for line in [2, second + 2] {
            join.listed_path(line, &here("a.jpg")).unwrap();
        }
    });
    let wanted = [
        "Listed(0) '1' missing",
        "Listed(1) '1' missing",
        "Listed(2) '' missing at a.jpg",
        "Listed(281474976710657) '2' missing",
    ];
    assert_eq!(found, wanted);
}
