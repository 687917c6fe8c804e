use super::*;

#[test]
fn rows_of_the_same_pictures_are_replaced_and_all_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let (catalog, rows) = (folder.path().join("images.jsonl"), folder.path().join("rows.csv"));
    std::fs::write(&rows, "img_id,status\n1,done\n2,done\n").unwrap();
    update(&catalog, &rows).unwrap();
    std::fs::write(&rows, "img_id,note\n3,x\n1,y\n").unwrap();
    update(&catalog, &rows).unwrap();
    let text = std::fs::read_to_string(&catalog).unwrap();
    let wanted = "{\"id\":\"2\",\"status\":\"done\"}\n{\"id\":\"3\",\"note\":\"x\"}\n{\"id\":\"1\",\"note\":\"y\"}\n";
    assert_eq!(text, wanted);
    std::fs::write(&catalog, "{\"id\":\"2\"}\n{\"id\":").unwrap();
    let fault = update(&catalog, &rows).unwrap_err();
    assert!(fault.0.contains("images.jsonl'"), "{fault}");
    assert!(std::fs::read_to_string(&catalog).unwrap().ends_with("{\"id\":"), "it stays");
}
