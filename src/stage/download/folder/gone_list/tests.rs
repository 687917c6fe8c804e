use super::*;

#[test]
fn an_id_is_written_once_and_known_to_later_runs() {
    let place = tempfile::tempdir().unwrap();
    let list = GoneList::open(place.path()).unwrap();
    assert!(!list.has("12"));
    for id in ["12", "13", "12"] {
        list.add(id).unwrap();
    }
    assert_eq!(fs::read_to_string(&list.path).unwrap(), "12\n13\n");
    let again = GoneList::open(place.path()).unwrap();
    assert!(again.has("12") && again.has("13") && !again.has("1"));
}
