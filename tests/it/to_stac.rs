//! to-stac, as a process.

use std::fs;

use crate::tool::tool;

#[test]
fn rows_pass_through_and_their_pictures_are_linked_where_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "img_id,seq_id,captured_at,path,archive,member,offset\n\
        1,s,1717245296123,my pictures/1.jpg,,,\n2,s,1717245297123,,tars/a.tar,a/2.jpg,512\n";
    let run = || {
        tool("to-stac")
            .within(folder.path())
            .args(&["--into", "catalog", "--id", "town"])
            .stdin(rows)
            .ok()
    };
    assert_eq!(run().stdout, rows);
    let path = folder.path().join("catalog/s/s.json");
    let first = fs::read_to_string(&path).unwrap();
    let item: serde_json::Value = serde_json::from_str(&first).unwrap();
    assert_eq!(item["collection"], "town");
    assert_eq!(item["assets"]["1"]["href"], "../../my%20pictures/1.jpg");
    assert_eq!(item["assets"]["2"]["href"], "../../tars/a.tar");
    assert_eq!(item["assets"]["2"]["mapillary:member"], "a/2.jpg");
    run();
    assert_eq!(fs::read_to_string(&path).unwrap(), first, "twice is once");
}

#[test]
fn a_row_that_lacks_what_an_item_needs_fails_and_the_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "img_id,seq_id,captured_at\n1,s,1717245296123\n2,,1717245296123\n3,s,\n";
    let run = tool("to-stac").within(folder.path()).args(&["--into", "c"]).stdin(rows).run();
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("line 3: '2': no value for seq_id"), "{}", run.stderr);
    assert!(run.stderr.contains("line 4: '3': no value for captured_at"), "{}", run.stderr);
    assert!(folder.path().join("c/collection.json").exists());
}

#[test]
fn items_of_an_earlier_run_that_leave_the_collection_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = |sequence: &str| {
        let rows = format!("img_id,seq_id,captured_at\n1,{sequence},1717245296123\n");
        tool("to-stac").within(folder.path()).args(&["--into", "c"]).stdin(rows).ok().stderr
    };
    assert!(!run("a").contains("earlier run"));
    assert!(!run("a").contains("earlier run"));
    let said = run("b");
    assert!(said.contains("1 items of an earlier run, such as './a/a.json'"), "{said}");
    assert!(folder.path().join("c/a/a.json").exists());
    let busy = std::fs::File::open(folder.path().join("c")).unwrap();
    busy.try_lock().unwrap();
    let rows = "img_id,seq_id,captured_at\n1,a,1717245296123\n";
    let refused = tool("to-stac").within(folder.path()).args(&["--into", "c"]).stdin(rows).run();
    assert!(refused.status == Some(2) && refused.stderr.contains("another run"), "{refused:?}");
}
