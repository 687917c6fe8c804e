use super::*;

fn groups(keys: &[Option<&str>]) -> RowGroups {
    let mut groups = RowGroups::default();
    for key in keys {
        groups.push(key.map(String::from));
    }
    groups
}

#[test]
fn groups_are_in_the_order_of_their_first_rows_and_rows_in_that_of_the_input() {
    let groups = groups(&[Some("b"), Some("a"), None, Some("b"), Some("c"), Some("a")]);
    let grouped = groups.grouped();
    let rows = (0..grouped.len()).map(|group| grouped.rows[grouped.range(group)].to_vec());
    assert_eq!(rows.collect::<Vec<_>>(), [vec![0, 3], vec![1, 5], vec![4]]);
    assert_eq!(groups.into_keys(), ["b", "a", "c"]);
}

#[test]
fn without_a_key_there_is_no_group() {
    let groups = groups(&[None, None]);
    assert!(groups.grouped().is_empty() && groups.grouped().rows.is_empty());
    assert!(!groups.is_empty() && RowGroups::default().is_empty());
}
