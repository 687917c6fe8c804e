use super::*;
use crate::photo::silent_reporter::Unheard;

fn image(sequence: &str, id: &str, ms: &str) -> Row {
    Row::from_cells(&[(Field::SeqId, sequence), (Field::ImgId, id), (Field::CapturedAt, ms)])
}

fn rows(outcomes: Vec<Outcome>) -> Vec<Row> {
    outcomes
        .into_iter()
        .flat_map(|it| if let Outcome::Rows(rows) = it { rows } else { vec![] })
        .collect()
}

#[test]
fn a_sequence_of_two_tiles_is_one_with_both_counts() {
    let mut merge = Merge::default();
    let (mut out, all) = (Vec::new(), Query::default());
    let first = sequences(&all, [image("a", "1", "20"), image("a", "2", "10")], []);
    let second =
        sequences(&all, [image("b", "4", "5"), image("a", "3", "")], [image("c", "9", "7")]);
    for row in rows(first).into_iter().chain(rows(second)) {
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

#[test]
fn a_picture_whose_time_cannot_be_read_is_named() {
    let found = sequences(&Query::default(), [image("a", "1", "20"), image("a", "2", "noon")], []);
    assert!(matches!(&found[0], Outcome::Rows(rows) if rows.len() == 1));
    assert!(matches!(&found[1], Outcome::Failed(_, what) if what.contains("'noon'")), "{found:?}");
}
