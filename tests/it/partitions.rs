//! Tools as mappers of an engine, over parts of one table.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::pack_tar;
use crate::sample;
use crate::service::service;
use crate::tool::tool;

/// A header, and this many rows with ids.
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
fn a_part_without_a_header_is_refused_with_the_way_out_and_loses_no_row() {
    for part in
        ["1020304050600100,9.95,54.32\n1,2,3\n", "a,https://x.org/1.jpg\n", "b,2024-06-01,x\n"]
    {
        for name in ["rows", "to-geojson", "time-split", "tag-exif"] {
            let run = tool(name).stdin(part).run();
            assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{name}: {run:?}");
            assert!(run.stderr.contains("no header"), "{name}: {}", run.stderr);
            assert!(run.stderr.contains("--columns-from"), "{name}: {}", run.stderr);
        }
    }
    // A table without any known column is accepted all the same, and a list of ids needs no header.
    assert_eq!(tool("rows").stdin("name,colour\n1,2\n").ok().stdout, "name,colour\n1,2\n");
    assert_eq!(tool("rows").stdin("img_id,2\n1,2\n").ok().stdout, "img_id,2\n1,2\n");
    assert_eq!(tool("rows").stdin("1020304050600100\n").ok().stdout, "img_id\n1020304050600100\n");
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
fn nothing_comes_of_an_empty_part_unless_a_form_is_asked_for() {
    for name in ["rows", "get-meta", "read-exif", "time-split", "geotag-gpx", "to-webp"] {
        assert_eq!(tool(name).ok().stdout, "", "{name}");
        assert_eq!(tool(name).args(&["-f", "jsonl"]).ok().stdout, "", "{name}");
    }
    assert!(tool("read-exif").args(&["-f", "csv"]).ok().stdout.starts_with("archive,"));
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
fn a_part_in_which_no_json_line_has_a_needed_column_gives_the_rows_of_the_whole() {
    let lines = [
        "{\"id\":\"1\",\"note\":\"x\"}\n",
        "{\"id\":\"2\",\"sequence\":\"s\",\"captured_at\":1717245296123,\
         \"geometry\":{\"type\":\"Point\",\"coordinates\":[9.1,54.1]}}\n",
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, args) in [
        ("interpolate-dir", &["--ok-failed"][..]),
        ("time-split", &["--ok-failed", "--gap", "60"]),
        ("time-split", &["--ok-failed", "--gap", "60", "-f", "csv", "--no-header"]),
        ("tag-exif", &["--ok-failed", "-f", "csv"]),
    ] {
        let run = |lines: &[&str]| {
            std::fs::write(folder.path().join("part"), lines.concat()).unwrap();
            tool(name).args(args).arg("part").within(folder.path()).run()
        };
        let part = run(&lines[..1]);
        assert_eq!(part.status, Some(0), "{name} {args:?}: {part:?}");
        if !args.contains(&"csv") {
            let parts = lines.map(|line| run(&[line]).stdout).concat();
            assert_eq!(parts, run(&lines).stdout, "{name}");
        }
    }
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

/// JSON lines with different keys: from the service, from other programs, from another tool.
fn mixed_lines(folder: &Path) -> Vec<String> {
    let shapes = [
        "",
        "\"note\":null,",
        "\"organization\":null,\"note\":\"n\",",
        "\"taken_at\":\"2024-06-01T12:00:00\",",
        "\"error\":\"an old one\",\"creator\":{\"id\":\"7\"},",
    ];
    let rows = pack_tar::sample_rows(folder).into_iter().step_by(7);
    let mut lines: Vec<String> = rows
        .zip(shapes.into_iter().cycle())
        .map(|(row, shape)| match shape {
            "" => bare(&row),
            _ => row.replacen('{', &format!("{{{shape}"), 1).replacen("\"creator\":", "\"by\":", 1),
        })
        .collect();
    lines.push("{\"lat\":54.3,\"lon\":9.9,\"path\":\"a/pictures/none.jpg\"}\n".into());
    lines
}

/// The picture without other columns.
fn bare(row: &str) -> String {
    let row: Value = serde_json::from_str(row).unwrap();
    format!("{{\"id\":{},\"sequence\":{},\"path\":{}}}\n", row["id"], row["sequence"], row["path"])
}

/// The rows in a fixed order; links are signed again each time.
fn values(lines: &str) -> Vec<String> {
    let mut values: Vec<Value> =
        lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    for value in &mut values {
        let links = value.as_object_mut().unwrap().values_mut();
        links
            .filter(|it| it.as_str().is_some_and(|it| it.starts_with("http")))
            .for_each(|it| *it = true.into());
    }
    let mut values: Vec<String> = values.iter().map(Value::to_string).collect();
    values.sort();
    values
}

#[test]
fn json_lines_of_any_parts_are_those_of_the_whole() {
    let service = service();
    let track = "<gpx><trk><trkseg><trkpt lat=\"54.32\" lon=\"9.95\"><time>2024-06-01T11:00:00Z</time></trkpt>\
        <trkpt lat=\"54.33\" lon=\"9.96\"><time>2024-06-01T13:00:00Z</time></trkpt></trkseg></trk></gpx>";
    for (name, args) in [
        ("rows", &[][..]),
        ("get-images", &[]),
        ("get-meta", &[]),
        ("get-detections", &[]),
        ("download", &["--into", "new", "-f", "jsonl"]),
        ("read-exif", &[]),
        ("set-dates", &["--from-name"]),
        ("geotag-gpx", &["--gpx", "track.gpx"]),
        ("tag-exif", &["--into", "tagged"]),
        ("to-webp", &["--into", "small", "--method", "0"]),
    ] {
        let world = || {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("track.gpx"), track).unwrap();
            let lines = mixed_lines(folder.path());
            (folder, lines)
        };
        let run = |folder: &Path, lines: &str| {
            let asks = ["get-images", "get-meta", "get-detections", "download"].contains(&name);
            let tool = if asks { service.tool(name) } else { tool(name) };
            tool.args(args).arg("--ok-failed").within(folder).stdin(lines).ok().stdout
        };
        let ((whole, lines), (parts, _)) = (world(), world());
        let wanted = values(&run(whole.path(), &lines.concat()));
        // One row each, or for a tool that works by sequences, all rows of one.
        let mut shares: BTreeMap<String, String> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            let row: Value = serde_json::from_str(line).unwrap();
            let key =
                if name == "get-images" { row["sequence"].to_string() } else { at.to_string() };
            *shares.entry(key).or_default() += line;
        }
        let joined: String = shares.values().map(|share| run(parts.path(), share)).collect();
        let joined = values(&joined);
        let other = joined.iter().zip(&wanted).find(|(one, other)| one != other);
        assert!(other.is_none() && joined.len() == wanted.len(), "{name}: {other:?}");
        assert!(wanted.len() >= lines.len() - 1, "{name}: {wanted:?}");
    }
}

#[test]
fn an_error_stays_with_its_row_through_tools_that_only_calculate() {
    let failed =
        r#"{"id":"2","sequence":"s","captured_at":1717245296123,"lon":9,"lat":54,"error":"gone"}"#;
    let error = |name: &str, args: &[&str]| {
        let run = tool(name).args(args).stdin(format!("{failed}\n")).ok();
        let row: Value = serde_json::from_str(run.stdout.trim()).unwrap();
        row["error"].clone()
    };
    assert_eq!(error("rows", &[]), "gone");
    assert_eq!(error("rows", &["--ok-failed"]), "gone");
    for (name, args) in
        [("interpolate-dir", &["--ok-failed"][..]), ("time-split", &["--ok-failed", "--gap", "60"])]
    {
        assert_eq!(error(name, args), "gone", "{name}");
        assert_eq!(error(name, &args[1..]), Value::Null, "{name}");
    }
    // What lacks the picture because of the error says so, too.
    assert_eq!(error("describe", &["--ok-failed"]), "gone");
    assert_eq!(error("tag-exif", &["--ok-failed"]), "gone");
}

#[test]
fn a_part_in_which_no_row_has_a_named_column_ends_with_0_among_failed_rows() {
    let part = "{\"id\":\"1\",\"n\":1}\n";
    let run =
        |args: &[&str]| tool("rows").args(&["--columns", "n,colour"]).args(args).stdin(part).run();
    let (whole, of_part) = (run(&[]), run(&["--ok-failed"]));
    assert_eq!((whole.status, of_part.status), (Some(2), Some(0)));
    assert!(of_part.stderr.contains("'colour'"), "{}", of_part.stderr);
    let header =
        tool("rows").args(&["--columns", "n,colour", "--ok-failed"]).stdin("img_id,n\n1,1\n");
    assert_eq!(header.run().status, Some(2), "a header that lacks it ends the run");
}

#[test]
fn a_value_that_a_typed_table_cannot_hold_is_in_the_error_of_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "img_id,lon,lat\n1,9,54\n2,east,54\n3,9,north\n";
    let args = ["-f", "parquet", "--ok-failed", "-o", "t.parquet"];
    tool("rows").args(&args).within(folder.path()).stdin(rows).ok();
    let back = tool("rows").args(&["-f", "csv", "t.parquet"]).within(folder.path()).ok();
    let none = tool("rows")
        .args(&["--columns-from", "t.parquet"])
        .within(folder.path())
        .stdin("1\n")
        .run();
    assert!(none.status == Some(2) && none.stderr.contains("has no header of CSV"), "{none:?}");
    let args = ["--failed", "f.parquet", "t.parquet"];
    let named = tool("rows").args(&args).within(folder.path()).ok().stderr;
    assert!(named.contains("'f.parquet' is CSV and not Parquet"), "{named}");
    let lines: Vec<&str> = back.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", back.stdout);
    assert!(lines[2].starts_with("2,,54") && lines[2].contains("'east'"), "{}", back.stdout);
    assert!(lines[3].starts_with("3,9,,") && lines[3].contains("'north'"), "{}", back.stdout);
}

#[test]
fn parts_of_a_list_of_packed_pictures_are_verified_and_unpacked_with_the_header_of_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let rows = pack_tar::sample_rows(folder.path());
    let list = pack_tar::pack(folder.path(), &rows[..9], &["-f", "csv", "--into", "one"]).stdout;
    let (header, rows) = list.split_once('\n').unwrap();
    std::fs::write(folder.path().join("whole.csv"), &list).unwrap();
    std::fs::write(folder.path().join("part.csv"), rows).unwrap();
    std::fs::write(folder.path().join("names.csv"), format!("{header}\n")).unwrap();
    for (name, args, all) in
        [("verify-archive", &[][..], " 9 intact"), ("unpack-tar", &["--into", "loose"], " 9 ")]
    {
        let run = |more: &[&str], stdin: &str| {
            let tool = tool(name).args(args).args(&["--columns-from", "names.csv"]).args(more);
            tool.within(folder.path()).stdin(stdin).run()
        };
        for run in
            [run(&["part.csv"], ""), run(&["whole.csv"], ""), run(&[], rows), run(&["one"], "")]
        {
            assert!(run.status == Some(0) && run.stderr.contains(all), "{name}: {run:?}");
        }
        assert_eq!(run(&["nosuch.csv"], "").status, Some(2), "{name}");
    }
}
