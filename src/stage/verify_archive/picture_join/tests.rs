use super::*;
use crate::row::Field;

fn join(fill: impl FnOnce(&mut PictureJoin)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut join = PictureJoin::new(folder.path());
    fill(&mut join);
    let records = join.finish().unwrap();
    let (mut cursor, mut all) = (RecordCursor::default(), Vec::new());
    while let Some(record) = cursor.next(&records).unwrap() {
        let Found { line, id, path, is_other } = Found::from_record(record).unwrap();
        all.push(format!(
            "{line:?} '{id}' {}",
            path.unwrap_or(if is_other { "other" } else { "missing" })
        ));
    }
    all
}

#[test]
fn a_listed_picture_is_loose_or_in_a_tar_or_missing() {
    let found = join(|join| {
        for (line, id) in ["30", "4", "100", "4", "5", "4\0", "6"].into_iter().enumerate() {
            join.listed(line as u64, id, &NamedBytes::default()).unwrap();
        }
        ["5", "100", "7"]
            .into_iter()
            .for_each(|id| join.in_tar(id, &NamedBytes::default()).unwrap());
        let loose = [(Some("100"), "a"), (None, "b"), (Some("9"), "c"), (Some("100"), "d")];
        let more = [(Some("10"), "e"), (None, "f"), (Some("9"), "g"), (Some("6"), "h")];
        for (id, path) in loose.into_iter().chain(more) {
            join.loose(id, Path::new(path)).unwrap();
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
        join.listed(3, "8", &NamedBytes::default()).unwrap();
        join.listed(1, "8", &NamedBytes::default()).unwrap();
        join.loose(Some("8"), Path::new("8.jpg")).unwrap();
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
        join.in_tar("1", &named("d/s/1.jpg", "5", "ab")).unwrap();
        join.in_tar("2", &named("d/s/2.webp", "5", "ab")).unwrap();
        join.in_tar("3", &named("d/s/3.jpg", "5", "ab")).unwrap();
        join.in_tar("3", &named("d/s/3.jpg", "6", "cd")).unwrap();
        for (line, (id, stated)) in [
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
            join.listed(line as u64, id, &stated).unwrap();
        }
    });
    assert_eq!(found, ["Listed(1) '1' other", "Listed(2) '1' other"]);
}
