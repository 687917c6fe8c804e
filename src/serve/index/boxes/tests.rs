use super::*;
use crate::serve::index::storage::IndexOutput;

#[test]
fn the_boxes_that_meet_a_window_are_found_however_many_there_are() {
    let mut random = fastrand::Rng::with_seed(5);
    for count in [0, 1, 16, 17, 300, 5000] {
        let boxes: Vec<BoxRecord> = (0..count)
            .map(|number| {
                let (west, north) = (random.u32(..1000), random.u32(..1000));
                let (east, south) = (west + random.u32(..20), north + random.u32(..20));
                BoxRecord { west, north, east, south, number }
            })
            .collect();
        let (mut sink, mut tables) = (IndexOutput::new(), Tables::default());
        tables.put(&mut sink, Table::Boxes, tree(boxes.clone())).unwrap();
        let storage = sink.finish().unwrap();
        for _ in 0..50 {
            let (west, north) = (random.u32(..1000), random.u32(..1000));
            let window = BoxRecord { west, north, east: west + 50, south: north + 50, number: 0 };
            let found = search(&tables, &storage, Table::Boxes, &window).unwrap();
            let expected: Vec<BoxRecord> =
                boxes.iter().copied().filter(|one| one.meets(&window)).collect();
            assert_eq!(found, expected, "{count}");
        }
    }
}
