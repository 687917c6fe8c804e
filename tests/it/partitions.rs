//! Tools as mappers of an engine, over parts of one table.

use crate::sample;
use crate::service::service;
use crate::tool::tool;

/// A header, and as many rows as ids.
fn table(rows: u64) -> (String, Vec<String>) {
    let row = |at| format!("{},note {at}\n", sample::id(0, at));
    ("img_id,note\n".into(), (0..rows).map(row).collect())
}

#[test]
fn parts_without_a_header_give_the_rows_of_the_whole_and_lines_are_counted_in_the_part() {
    let folder = tempfile::tempdir().unwrap();
    let (header, rows) = table(4);
    std::fs::write(folder.path().join("whole.csv"), header.clone() + &rows.concat()).unwrap();
    let run = |input: String, args: &[&str]| {
        tool("rows").args(args).within(folder.path()).stdin(input).run()
    };
    let whole = run(header.clone() + &rows.concat(), &[]).stdout;
    let flags = ["--columns-from", "whole.csv", "--no-header"];
    let parts = [header.clone() + &rows[0], rows[1..3].concat(), String::new(), rows[3].clone()];
    let joined: String = parts.into_iter().map(|part| run(part, &flags).stdout).collect();
    assert_eq!(header + &joined, whole);
    let bad = run(format!("{}one,two,three\n", rows[0]), &flags);
    assert_eq!(bad.status, Some(1));
    assert!(bad.stderr.contains("line 2: "), "{}", bad.stderr);
}

#[test]
fn an_empty_part_has_the_columns_of_the_others_or_no_line_at_all() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("whole.csv"), "img_id,note\n1,a\n").unwrap();
    let run = |args: &[&str]| tool("rows").args(args).within(folder.path()).ok().stdout;
    assert_eq!(run(&["--columns-from", "whole.csv"]), "img_id,note\n");
    assert_eq!(run(&["--columns-from", "whole.csv", "--no-header"]), "");
    assert_eq!(run(&["--columns-from", "whole.csv", "-f", "jsonl"]), "");
}

#[test]
fn json_lines_name_their_columns_whatever_the_header_says() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("whole.csv"), "img_id,note\n").unwrap();
    let line = "{\"id\":\"1\",\"other\":2}\n";
    let tool = tool("rows").args(&["--columns-from", "whole.csv"]).within(folder.path());
    assert_eq!(tool.stdin(line).ok().stdout, line);
    std::fs::write(folder.path().join("lines"), line).unwrap();
    let refused = crate::tool::tool("rows").args(&["--columns-from", "lines"]);
    let refused = refused.within(folder.path()).run();
    assert_eq!(refused.status, Some(2));
    assert!(refused.stderr.contains("'lines' has no header of CSV"), "{}", refused.stderr);
}

#[test]
fn failed_rows_come_out_among_the_others_when_they_are_to_and_the_status_is_0() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let input = format!(
        "img_id,error\n{},old\nbad id,old\n{},\n1,2,3\n",
        sample::id(0, 0),
        sample::DELETED
    );
    let get = |args: &[&str]| {
        let tool = service.tool("get-meta").args(args).within(folder.path());
        tool.stdin(input.clone()).run()
    };
    let run = get(&["--ok-failed", "-o", "rows.csv"]);
    assert_eq!(run.status, Some(0), "{run:#?}");
    let rows = std::fs::read_to_string(folder.path().join("rows.csv")).unwrap();
    let errors: Vec<&str> =
        rows.lines().map(|line| line.rsplit(',').next().unwrap_or_default()).collect();
    assert_eq!(rows.lines().count(), 5, "{rows}");
    assert_eq!((errors[0], errors[1]), ("error", ""), "{rows}");
    assert!(rows.contains("gone") && rows.contains("bad id"), "{rows}");
    assert!(run.stderr.contains("failed"), "{}", run.stderr);
    assert_eq!(get(&[]).status, Some(1));
}
