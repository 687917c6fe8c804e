use super::*;

#[test]
fn a_sequence_is_known_by_whichever_tool_has_sent_it() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::new(folder.path());
    let md5 = "0cc175b9c0f1b6a831c399e269772661";
    assert_eq!(history.find(md5), None);
    let new = New {
        sequence_md5: md5,
        sequence: "s",
        cluster_id: "77",
        file_type: "image",
        images: 2,
        bytes: 9,
        started_ms: 1000,
        ended_ms: 3500,
        user_id: Some("5"),
        organization: None,
        items: vec!["{\"MAPLatitude\":1.0}".into()],
    };
    history.add(&new).unwrap();
    let known = Record { cluster_id: Some("77".into()), uploaded_ms: Some(3500) };
    assert_eq!(history.find(md5), Some(known));
    let path = folder.path().join("0c").join("c175b9c0f1b6a831c399e269772661.json");
    let theirs = r#"{"params": {"version": "0.14.7"}, "summary": {"upload_end_time": 2.25, "cluster_id": 8}}"#;
    std::fs::write(&path, theirs).unwrap();
    assert_eq!(history.find(md5).unwrap().cluster_id.as_deref(), Some("8"));
    std::fs::write(&path, &theirs[..30]).unwrap();
    assert_eq!(history.find(md5), None, "what was cut says nothing");
    assert_eq!(history.find("../etc"), None);
}
