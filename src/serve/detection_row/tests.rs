use super::*;

#[test]
fn a_row_of_ours_and_one_of_the_older_toolset_become_what_the_service_says() {
    let ours = r#"{"id":"1","detection_id":"7","value":"object--bench","polygon":"[[[[0,0],[1,0],[1,1]]]]"}"#;
    let ours = Detection::of_row(ours).unwrap().unwrap();
    let geometry = ours.field("geometry").unwrap();
    assert_eq!((&*ours.id, ours.field("created_at")), ("7", None));
    let older = format!(
        r#"{{"id":"1","detections.id":"7","detections.value":"object--bench","detections.geometry":{geometry}}}"#
    );
    assert_eq!(Detection::of_row(&older).unwrap(), Some(ours));
    assert_eq!(Detection::of_row(r#"{"id":"1","value":"x"}"#).unwrap(), None);
    assert!(Detection::of_row(r#"{"id":"1","detection_id":"7","polygon":"round"}"#).is_err());
}

#[test]
fn detections_that_do_not_stand_together_are_named_and_none_takes_the_place_of_others() {
    let row =
        |picture: u8, id: u8| format!(r#"{{"id":"{picture}","detection_id":"{id}","value":"x"}}"#);
    let mut group = DetectionGroup::default();
    assert_eq!(group.take(&row(1, 7)).unwrap(), (None, true));
    let (first, _) = group.take(&row(2, 8)).unwrap();
    assert!(first.unwrap().contains(r#""id":"7""#));
    let error = group.take(&row(1, 9)).unwrap_err().to_string();
    assert!(error.contains("detections of picture '1'") && error.contains("sort"), "{error}");
    assert_eq!(group.take(&row(2, 10)).unwrap(), (None, true), "the group goes on");
    assert!(group.end().unwrap().contains(r#""id":"10""#));
}
