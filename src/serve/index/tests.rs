//! An index in memory and in a file, used as the server uses it.

use std::path::Path;

use super::build::Builder;
use super::*;
use crate::value::area::BBox;

fn index(rows: &[&str], gone: &[&str]) -> Index {
    let mut builder = Builder::new(None);
    for row in rows {
        builder.add(row, None).expect("written").expect("a readable row");
    }
    for id in gone {
        assert!(builder.lose(id));
    }
    Index::open(builder.finish("sources", "a note").expect("written")).expect("an index")
}

fn ids(images: Vec<Image>) -> Vec<String> {
    images.into_iter().map(|image| image.id).collect()
}

fn listed(index: &Index, kind: u8, name: &str) -> Vec<String> {
    let list = index.list(kind, name).expect("readable");
    ids(index.posted(list).expect("readable"))
}

fn within(index: &Index, (w, s, e, n): (f64, f64, f64, f64)) -> Vec<String> {
    let bounds = BBox::new(w, s, e, n).expect("a box");
    let spots = index.within(bounds, 1000).expect("readable").expect("not too many");
    let numbers: Vec<u32> = spots.iter().map(|spot| spot.number).collect();
    ids(index.images(&numbers).expect("readable"))
}

#[test]
fn a_sequence_is_in_capture_order_then_by_id() {
    let rows = [
        r#"{"id":"10","sequence":"s","captured_at":5}"#,
        r#"{"id":"9","sequence":"s","captured_at":5}"#,
        r#"{"id":"11","sequence":"s","captured_at":4}"#,
    ];
    assert_eq!(ids(index(&rows, &[]).images_of_sequence("s").unwrap()), ["11", "9", "10"]);
}

#[test]
fn a_sequence_with_unknown_times_keeps_the_order_of_its_rows() {
    let rows = [
        r#"{"id":"3","sequence":"s"}"#,
        r#"{"id":"1","sequence":"s","captured_at":9}"#,
        r#"{"id":"2","sequence":"s","captured_at":8}"#,
    ];
    assert_eq!(ids(index(&rows, &[]).images_of_sequence("s").unwrap()), ["3", "1", "2"]);
}

#[test]
fn of_two_users_with_as_many_images_the_first_by_name_is_the_owner() {
    let row = |id: u32, user: &str| format!(r#"{{"id":"{id}","creator":{{"username":"{user}"}}}}"#);
    for order in [["ada", "grace"], ["grace", "ada"]] {
        let rows: Vec<String> = (1..).zip(order).map(|(id, user)| row(id, user)).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(index(&rows, &[]).owner(), Some("ada"), "{order:?}");
    }
}

#[test]
fn a_gone_image_is_listed_in_its_sequence_only() {
    let rows = [
        r#"{"id":"1","sequence":"s","creator":{"username":"ada","id":"7"},"geometry":{"coordinates":[1,1]}}"#,
        r#"{"id":"2","sequence":"s","error":"gone"}"#,
        r#"{"id":"2","sequence":"s"}"#,
    ];
    let index = index(&rows, &["1"]);
    assert_eq!(ids(index.images_of_sequence("s").unwrap()), ["1", "2"]);
    assert!(index.present("1").unwrap().is_none() && index.present("2").unwrap().is_none());
    assert!(index.find("1").unwrap().is_some_and(|image| image.is_gone()));
    assert!(listed(&index, kind::USERNAME, "ada").is_empty());
    assert!(within(&index, (0.0, 0.0, 2.0, 2.0)).is_empty());
}

#[test]
fn a_box_gives_the_images_on_and_inside_its_edges() {
    let rows: Vec<String> = (0..5)
        .map(|n| format!(r#"{{"id":"{n}","geometry":{{"coordinates":[{n},{}]}}}}"#, 10 - n))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let index = index(&rows, &[]);
    assert_eq!(within(&index, (1.0, 7.0, 3.5, 8.0)), ["2", "3"]);
    assert_eq!(within(&index, (-180.0, -90.0, 180.0, 90.0)).len(), 5);
    let bounds = BBox::new(0.0, 0.0, 10.0, 10.0).expect("a box");
    assert!(
        index.within(bounds, 4).unwrap().is_none() && index.within(bounds, 5).unwrap().is_some()
    );
}

#[test]
fn boxes_of_any_size_give_what_a_look_at_each_image_gives() {
    let mut random = fastrand::Rng::with_seed(8);
    let places: Vec<(f64, f64)> =
        (0..500).map(|_| (random.f64() * 0.2 + 13.0, random.f64() * 0.2 + 52.0)).collect();
    let rows: Vec<String> = (0..)
        .zip(&places)
        .map(|(n, (lon, lat))| {
            format!(r#"{{"id":"{n}","geometry":{{"coordinates":[{lon},{lat}]}}}}"#)
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let index = index(&rows, &[]);
    for _ in 0..200 {
        let (w, s) = (random.f64() * 0.2 + 13.0, random.f64() * 0.2 + 52.0);
        let (e, n) = (w + random.f64() * 0.1, s + random.f64() * 0.1);
        let inside = |(lon, lat): &(f64, f64)| (w..=e).contains(lon) && (s..=n).contains(lat);
        let mut expected: Vec<String> = (0..)
            .zip(&places)
            .filter(|(_, place)| inside(place))
            .map(|(n, _): (u32, _)| n.to_string())
            .collect();
        let mut found = within(&index, (w, s, e, n));
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{w},{s},{e},{n}");
    }
}

#[test]
fn lists_come_newest_first_and_are_cut_by_times() {
    let rows: Vec<String> = [(1, "1"), (3, "3"), (2, "2")]
        .iter()
        .map(|(ms, id)| {
            format!(r#"{{"id":"{id}","captured_at":{ms},"make":"Acme","is_pano":{},"creator":{{"username":"ada","id":"7"}}}}"#, *ms == 2)
        })
        .chain([r#"{"id":"x-9","make":"Acme"}"#.to_owned()])
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let index = index(&rows, &[]);
    assert_eq!(listed(&index, kind::USERNAME, "ada"), ["3", "2", "1"]);
    assert_eq!(listed(&index, kind::CREATOR, "7"), ["3", "2", "1"]);
    assert_eq!(listed(&index, kind::MAKE, "Acme"), ["3", "2", "1", "x-9"]);
    assert_eq!(listed(&index, kind::IS_PANO, ""), ["2"]);
    assert!(listed(&index, kind::MODEL, "Acme").is_empty());
    assert_eq!(index.owner(), Some("ada"));
    for (from, to, expected) in [
        (None, None, vec!["3", "2", "1", "x-9"]),
        (Some(2), None, vec!["3", "2"]),
        (None, Some(2), vec!["2", "1", "x-9"]),
        (Some(2), Some(2), vec!["2"]),
        (Some(9), Some(4), vec![]),
    ] {
        let list = index.list(kind::ALL, "").unwrap();
        let list = index.within_times(list, from, to).unwrap();
        assert_eq!(ids(index.posted(list).unwrap()), expected, "{from:?} {to:?}");
    }
}

#[test]
fn ids_that_are_no_numbers_and_ids_with_zeros_are_found() {
    let rows = ["1", "01", "abc", "10123456789012345678", "99999999999999999999999"]
        .map(|id| format!(r#"{{"id":"{id}","make":"m{id}"}}"#));
    let index = index(&rows.each_ref().map(String::as_str), &[]);
    for id in ["1", "01", "abc", "10123456789012345678", "99999999999999999999999"] {
        let image = index.find(id).unwrap().expect("an image");
        assert_eq!(image.id, id);
        assert_eq!(index.fields_text(&image).unwrap(), format!(r#"{{"make":"m{id}"}}"#));
    }
    assert!(index.find("2").unwrap().is_none() && index.find("").unwrap().is_none());
}

#[test]
fn an_index_in_a_file_is_the_same_and_is_there_whole_or_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("index");
    let rows: Vec<String> = (0..50)
        .map(|n| {
            format!(r#"{{"id":"{n}","sequence":"s{}","captured_at":{n},"altitude":{n}}}"#, n % 7)
        })
        .collect();
    let fill = |spill| {
        let mut builder = Builder::new(spill);
        for row in rows.iter().chain(&rows[..3]) {
            builder.add(row, Some("ada")).expect("written").expect("a row");
        }
        builder
    };
    let killed = fill(Some((10, path.clone())));
    assert!(!path.exists(), "it has no name before it is whole");
    drop(killed);
    let bytes_of = |builder: Builder| {
        let storage = builder.finish("s", "n").expect("written");
        storage.read(0, storage.len()).expect("readable")
    };
    let in_memory = bytes_of(fill(None));
    assert_eq!(bytes_of(fill(Some((10, path.clone())))), in_memory);
    assert_eq!(std::fs::read(&path).expect("a file"), in_memory);
    let open = |path: &Path| Index::open(Storage::from_file(std::fs::File::open(path)?)?);
    let index = open(&path).expect("an index");
    assert_eq!(
        (index.len(), index.sources().unwrap(), index.notes().unwrap()),
        (50, "s".into(), vec!["n".into()])
    );
    assert_eq!(ids(index.images_of_sequence("s3").unwrap()).len(), 7);
    for len in [0, 10, in_memory.len() / 2, in_memory.len() - 1] {
        std::fs::write(&path, &in_memory[..len]).expect("a file");
        assert!(open(&path).is_err(), "cut at {len}");
    }
}

#[test]
fn an_index_of_changed_bytes_is_an_error_or_an_answer_and_no_harm() {
    let rows = [
        r#"{"id":"1","sequence":"s","creator":{"username":"ada","id":"7"},"geometry":{"coordinates":[1,1]}}"#,
        r#"{"id":"x","sequence":"s","captured_at":9,"geometry":{"coordinates":[1.1,1.1]}}"#,
    ];
    let mut builder = Builder::new(None);
    rows.iter().for_each(|row| builder.add(row, None).expect("written").expect("a row"));
    let storage = builder.finish("", "").expect("written");
    let whole = storage.read(0, storage.len()).expect("readable");
    let mut random = fastrand::Rng::with_seed(9);
    for _ in 0..2000 {
        let mut bytes = whole.clone();
        let at = random.usize(..bytes.len());
        bytes[at] = random.u8(..);
        let Ok(index) = Index::open(Storage::Memory(bytes)) else { continue };
        let _ = (index.find("1"), index.find("x"), index.images_of_sequence("s"));
        let _ = index.list(kind::USERNAME, "ada").and_then(|list| index.posted(list));
        let bounds = BBox::new(0.0, 0.0, 2.0, 2.0).expect("a box");
        let _ = index.within(bounds, 10);
        let window =
            layout::BoxRecord { west: 0, north: 0, east: 1 << 26, south: 1 << 26, number: 0 };
        for found in index.sequences_in(&window, false).unwrap_or_default() {
            let _ = index.sequence(found.number).and_then(|one| index.line(&one, false, false));
        }
    }
}
