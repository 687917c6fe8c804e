use super::*;

#[test]
fn odd_entries_and_repeats_are_counted_and_ids_may_be_numbers() {
    let list = read(
        r#"{"data":[{"id":"1","value":"a","geometry":"Gg"},null,{"value":"b"},{"id":1},
            {"id":2,"value":null,"created_at":1717245296}]}"#,
    );
    let list = list.unwrap();
    assert_eq!((list.entries.len(), list.odd, list.repeated), (2, 2, 1));
    assert_eq!((&*list.entries[1].id, &*list.entries[1].value), ("2", ""));
    assert_eq!(list.entries[1].created_at, "1717245296");
    assert!(!list.is_whole());
}

#[test]
fn a_list_of_ids_or_of_one_page_is_not_all_there_is() {
    for (text, whole) in [
        (r#"{"data":[]}"#, true),
        (r#"{"data":[{"id":"1"}]}"#, false),
        (r#"[{"id":"1","value":"a","geometry":"G"}]"#, true),
        (r#"{"data":[],"paging":{"next":"http://h/?after=x"}}"#, false),
    ] {
        assert_eq!(read(text).unwrap().is_whole(), whole, "{text}");
    }
    assert!(read("{}").is_err() && read("x").is_err() && read(r#"{"data":{}}"#).is_err());
}
