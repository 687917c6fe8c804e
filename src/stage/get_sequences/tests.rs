use super::*;
use crate::photo::silent_reporter::Unheard;

fn image(sequence: &str, id: &str, ms: &str) -> TileFeature {
    let row =
        Row::from_cells(&[(Field::SeqId, sequence), (Field::ImgId, id), (Field::CapturedAt, ms)]);
    TileFeature { row, places: Vec::new() }
}

#[test]
fn a_sequence_of_two_tiles_is_one_with_both_counts() {
    let mut merge = Merge::default();
    let (mut out, first) =
        (Vec::new(), sequences(&[image("a", "1", "20"), image("a", "2", "10")], &[]));
    let second = sequences(&[image("b", "4", "5"), image("a", "3", "")], &[image("c", "9", "7")]);
    for row in first.into_iter().chain(second) {
        merge.push(row, &mut out, &Unheard).unwrap();
    }
    merge.end(&mut out, &Unheard).unwrap();
    let Some(Outcome::Rows(rows)) = out.pop() else { panic!("no rows") };
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            [Field::SeqId, Field::FirstCapturedAt, Field::ImageCount, Field::SampleImgId]
                .map(|f| row.get(f).unwrap_or(""))
        })
        .collect();
    assert_eq!(told, [["a", "10", "3", "1"], ["b", "5", "1", "4"], ["c", "7", "0", "9"]]);
}
