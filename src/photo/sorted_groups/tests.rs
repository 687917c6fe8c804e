use super::*;

fn row(sequence: &str, path: &str) -> Row {
    Row::from_cells(&[(Field::SeqId, sequence), (Field::Path, path)])
}

#[test]
fn a_group_is_complete_once_another_one_begins() {
    let mut groups = SortedGroups::default();
    let mut turn = |sequence, path| groups.turn(&row(sequence, path)).unwrap();
    assert_eq!([turn("a", "1.jpg"), turn("a", "x/2.jpg")], [GroupChange::Same; 2]);
    assert_eq!([turn("b", ""), turn("b", "")], [GroupChange::Next, GroupChange::Same]);
    assert_eq!([turn("", "x/3.jpg"), turn("", "x/4.jpg")], [GroupChange::Next, GroupChange::Same]);
    assert_eq!(turn("", "y/5.jpg"), GroupChange::Next);
}

#[test]
fn a_row_of_a_closed_group_is_named_and_closes_no_other() {
    let mut groups = SortedGroups::default();
    for path in ["x/1.jpg", "y/2.jpg"] {
        groups.turn(&row("", path)).unwrap();
    }
    groups.turn(&row("a", "")).unwrap();
    let parted = |groups: &mut SortedGroups, row: Row| groups.turn(&row).unwrap_err().to_string();
    let why = parted(&mut groups, row("", "x/3.jpg"));
    assert!(why.starts_with("the rows of one camera in folder 'x' do not stand"), "{why}");
    assert!(why.ends_with("leave out --sorted"), "{why}");
    assert_eq!(groups.turn(&row("a", "")), Ok(GroupChange::Same));
    groups.turn(&row("b", "")).unwrap();
    assert!(parted(&mut groups, row("a", "")).contains("sequence 'a'"));
}
