use super::*;
use crate::photo::capture_facts::Photo;
use crate::photo::capture_facts::sequence_key;
use crate::value::instant::LocalTime;

/// A group, computed from rows that are all in memory.
#[derive(Default)]
struct Held {
    photos: Vec<Photo>,
    untimed: Vec<usize>,
    is_captured: bool,
}

fn groups(rows: &[Row], facts: &[PhotoFacts]) -> Vec<Held> {
    let mut keys: Vec<String> = Vec::new();
    let mut lists: Vec<Vec<usize>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let key = sequence_key(row);
        match keys.iter().position(|known| *known == key) {
            Some(place) => lists[place].push(at),
            None => {
                keys.push(key);
                lists.push(vec![at]);
            }
        }
    }
    lists.iter().map(|list| group(rows, facts, list)).collect()
}

fn group(rows: &[Row], facts: &[PhotoFacts], list: &[usize]) -> Held {
    let captured = list.iter().filter(|&&at| facts[at].captured_ms.is_some()).count();
    let is_captured = captured >= list.iter().filter(|&&at| facts[at].taken.is_some()).count();
    let mut group = Held { is_captured, ..Held::default() };
    for &row in list {
        let taken_ms = facts[row].taken.map(LocalTime::clock_ms);
        match if is_captured { facts[row].captured_ms } else { taken_ms } {
            Some(time_ms) => {
                group.photos.push(Photo { row, time_ms, position: facts[row].position });
            }
            None => group.untimed.push(row),
        }
    }
    group.photos.sort_by(|a, b| {
        let names = || natural(name(&rows[a.row]).as_bytes(), name(&rows[b.row]).as_bytes());
        a.time_ms.cmp(&b.time_ms).then_with(names).then(a.row.cmp(&b.row))
    });
    group
}

/// Rows of some sequences in random order: with equal times and names, without a time, with only one of two clocks.
fn rows() -> Vec<Row> {
    let mut random = fastrand::Rng::with_seed(20);
    let mut rows: Vec<Row> = Vec::new();
    for at in 0..3_000 {
        let mut row = Row::from_cells(&[(Field::SeqId, ["a", "b", "c", "d"][random.usize(..4)])]);
        let sequence = row.get(Field::SeqId).unwrap_or_default().to_string();
        if random.u8(..10) > 0 {
            row.set_display(Field::CapturedAt, random.i64(0..400) * 1000);
        }
        if sequence == "b" && random.u8(..4) > 0 {
            row.set(Field::TakenAt, &format!("2024-05-01T12:00:{:02}", random.u8(..60)));
        }
        if random.bool() {
            row.set_display(Field::Path, format!("{}.jpg", random.u8(..30)));
        }
        row.set_display(Field::ImgId, random.u8(..99));
        row.set_display(Field::Lon, f64::from(at) / 100.0);
        row.set(Field::Lat, "1");
        rows.push(row);
    }
    // Photos of the same instant in order, as a camera writes them.
    rows.extend((0..500).map(|at| {
        let name = format!("e{at}.jpg");
        Row::from_cells(&[(Field::SeqId, "e"), (Field::CapturedAt, "7"), (Field::Path, &name)])
    }));
    rows
}

#[test]
fn photos_are_ordered_as_if_all_rows_were_held() {
    let folder = tempfile::tempdir().unwrap();
    let rows = rows();
    let facts: Vec<_> = rows.iter().map(|row| PhotoFacts::from_row(row).unwrap()).collect();
    let (mut index, mut store) = (PhotoIndex::default(), RowStore::new(folder.path()));
    for (row, facts) in rows.iter().zip(&facts) {
        index.push(row, facts, Some(sequence_key(row)));
        store.push(row).unwrap();
    }
    let order = index.order(&store).unwrap();
    let wanted = groups(&rows, &facts);
    assert_eq!(order.len(), wanted.len());
    for (group, wanted) in order.groups(&index).zip(&wanted) {
        assert_eq!(group.photos().collect::<Vec<_>>(), wanted.photos);
        let untimed: Vec<_> = group.untimed.iter().map(|&row| row as usize).collect();
        assert_eq!(untimed, wanted.untimed);
        assert_eq!(group.is_captured, wanted.is_captured);
    }
}

#[test]
fn a_row_without_a_key_is_in_no_group() {
    let folder = tempfile::tempdir().unwrap();
    let (mut index, mut store) = (PhotoIndex::default(), RowStore::new(folder.path()));
    for (at, row) in rows().iter().enumerate() {
        let facts = PhotoFacts::from_row(row).unwrap();
        index.push(row, &facts, (at % 2 == 0).then(|| sequence_key(row)));
        store.push(row).unwrap();
    }
    let order = index.order(&store).unwrap();
    let mut there: Vec<_> = order.groups(&index).flat_map(GroupPhotos::all_rows).collect();
    there.sort_unstable();
    assert!(there.into_iter().eq((0..index.len()).step_by(2)));
}
