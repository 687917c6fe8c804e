//! rows, as a process.

use crate::tool::tool;

#[test]
fn csv_becomes_json_lines_and_comes_back() {
    let csv = "org_id,seq_id,img_id,lat,lon,note\n1,-a,0012,52.50,13.4,\"x, y\"\n,,3,,,\n";
    let jsonl = tool("rows").args(&["-f", "jsonl"]).stdin(csv).ok();
    assert!(
        jsonl
            .stdout
            .starts_with("{\"organization\":{\"id\":\"1\"},\"sequence\":\"-a\",\"id\":\"0012\""),
        "{}",
        jsonl.stdout
    );
    let back = tool("rows").args(&["-f", "csv"]).stdin(jsonl.stdout).ok();
    assert_eq!(back.stdout, csv);
    assert_eq!(back.stderr, "rows: 2 rows in 0.0 s\n");
}

#[test]
fn columns_are_chosen_by_any_of_their_names() {
    let run = tool("rows")
        .args(&["-q", "--columns", "latitude,id"])
        .stdin("img_id,lon,lat\n1,2,3\n")
        .ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("lat,img_id\n3,1\n", ""));
}

#[test]
fn a_broken_row_is_named_and_the_others_pass() {
    let run = tool("rows").stdin("img_id,make\n1,A\n2\n3,C\n").run();
    assert_eq!(run.status, Some(1));
    assert_eq!(run.stdout, "img_id,make\n1,A\n3,C\n");
    assert!(run.stderr.contains("rows: line 3: 1 cells, but the header has 2\n"), "{}", run.stderr);
}

#[test]
fn a_file_gets_its_name_only_when_it_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.csv");
    let broken = tool("rows").arg("-o").arg(&output).stdin("a,b\n1,2\n3\n").run();
    assert_eq!((broken.status, output.exists()), (Some(1), false));
    tool("rows").arg("-o").arg(&output).stdin("a,b\n1,2\n").ok();
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "a,b\n1,2\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn json_lines_from_a_pipe_may_bring_names_late() {
    let mut lines = "{\"id\":\"1\"}\n".repeat(1000);
    lines += "{\"id\":\"2\",\"make\":\"A\"}\n";
    let run = tool("rows").args(&["-f", "csv"]).stdin(lines.clone()).ok();
    assert!(run.stdout.starts_with("img_id,more\n1,\n"));
    assert!(
        run.stdout.ends_with("2,\"{\"\"make\"\":\"\"A\"\"}\"\n"),
        "{}",
        &run.stdout[run.stdout.len() - 60..]
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    std::fs::write(&file, lines).unwrap();
    let run = tool("rows").args(&["-f", "csv"]).arg(&file).ok();
    assert!(run.stdout.starts_with("img_id,make\n1,\n") && run.stdout.ends_with("\n2,A\n"));
}
