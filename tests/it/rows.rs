//! rows, as a process.

use std::fs;

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
    assert!(back.stderr.starts_with("rows: 2 rows in "), "{}", back.stderr);
}

#[test]
fn a_file_that_is_no_table_is_named_with_what_reads_it_and_one_that_breaks_off_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let said = |bytes: &[u8]| {
        std::fs::write(folder.path().join("a"), bytes).unwrap();
        let run = tool("rows").within(folder.path()).args(&["-q", "a"]).run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        run.stderr
    };
    let workbook = said(b"PK\x03\x04\x14\0\0\0");
    let wanted =
        "rows: cannot read 'a': it is a ZIP archive or a workbook (.xlsx): save the table as CSV\n";
    assert_eq!(workbook, wanted);
    assert!(said(b"PARE\0\0\0\0PARE").contains("encrypted"), "Parquet");
    assert!(said(b"PAR1").contains("cannot read 'a': the file is damaged or incomplete"));
    // Truncated gzip.
    std::fs::write(folder.path().join("a"), [0x1f, 0x8b, 8, 0]).unwrap();
    let cut = tool("rows").within(folder.path()).args(&["-q", "a"]).run();
    assert!(cut.stderr.starts_with("rows: cannot read 'a': "), "{}", cut.stderr);
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
    assert!(run.stderr.contains("rows: line 3: 1 cell, but the header has 2\n"), "{}", run.stderr);
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

#[test]
fn the_error_of_an_earlier_tool_stays_with_its_row() {
    for input in ["img_id,error\n1,gone\n", "{\"id\":\"1\",\"error\":\"gone\"}\n"] {
        let run = tool("rows").args(&["-q", "-f", "csv"]).stdin(input).ok();
        assert!(run.stdout.contains("gone"), "{input}{}", run.stdout);
        let asked =
            tool("rows").args(&["-q", "-f", "csv", "--columns", "id,error"]).stdin(input).ok();
        assert_eq!(asked.stdout, "img_id,error\n1,gone\n");
    }
}

#[test]
fn failed_rows_are_the_input_of_the_next_try_under_the_same_name() {
    let folder = tempfile::tempdir().unwrap();
    let failed = folder.path().join("failed.csv");
    std::fs::write(&failed, "img_id,lon\n1,2\n").unwrap();
    let run = tool("rows").args(&["-q", "--failed"]).arg(&failed).arg(&failed).ok();
    assert_eq!(run.stdout, "img_id,lon\n1,2\n");
    assert_eq!(std::fs::read_to_string(&failed).unwrap(), "img_id,lon,error\n");
}

#[test]
fn a_text_where_an_object_was_expected_passes_as_it_came() {
    for text in [
        "img_id,creator\n1,ada\n",
        "img_id,organization\n1,OSM e.V.\n",
        "img_id,more\n1,hello\n2,\"{\"\"make\"\":\"\"A\"\"}\"\n",
        "img_id,computed_geometry\n1,POINT EMPTY\n",
    ] {
        let run = tool("rows").args(&["-q"]).stdin(text).ok();
        assert_eq!(run.stdout, text);
    }
    let wkt = "img_id,geometry,make\n1,POINT (9.950 54.32),A\n";
    let run = tool("rows").args(&["-q"]).stdin(wkt).ok();
    assert_eq!(run.stdout, "img_id,lon,lat,make\n1,9.950,54.32,A\n");
}

#[test]
fn failed_rows_keep_what_turned_up_late() {
    let folder = tempfile::tempdir().unwrap();
    let failed = folder.path().join("failed.csv");
    let csv = "path,creator,more\n,ada,\"{\"\"make\"\":\"\"A\"\"}\"\n";
    let run = tool("tag-exif").args(&["-q", "--failed"]).arg(&failed).stdin(csv).run();
    assert_eq!(run.status, Some(1), "{run:?}");
    let kept = std::fs::read_to_string(&failed).unwrap();
    assert_eq!(
        kept,
        "path,creator,error,more\n,ada,no value for path or archive; read-exif makes rows of the photos in a folder,\
         \"{\"\"make\"\":\"\"A\"\"}\"\n"
    );
}

#[test]
fn no_key_is_named_beside_the_object_that_has_its_value() {
    let csv = "creator_id,img_id,creator_username\n5,1,ada\n";
    let run = tool("rows").args(&["-q", "-f", "jsonl"]).stdin(csv).ok();
    assert_eq!(run.stdout, "{\"id\":\"1\",\"creator\":{\"id\":\"5\",\"username\":\"ada\"}}\n");
    let back = tool("rows").args(&["-q", "-f", "csv"]).stdin(run.stdout).ok();
    assert_eq!(back.stdout, "img_id,creator_id,creator_username\n1,5,ada\n");
}

#[test]
fn an_output_that_is_the_input_is_refused_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("in")).unwrap();
    std::fs::write(at("rows.csv"), "img_id\n1\n").unwrap();
    std::fs::write(at("rows.csv.part"), "img_id\n2\n").unwrap();
    std::fs::hard_link(at("rows.csv"), at("hard.csv")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(at("rows.csv"), at("link.csv")).unwrap();
    let refused = |args: &[&str], why: &str| {
        let run = tool("rows").within(folder.path()).args(args).run();
        assert_eq!(run.status, Some(2), "{args:?} {run:?}");
        assert!(run.stderr.contains(why), "{args:?} {}", run.stderr);
    };
    for name in ["rows.csv", "./rows.csv", "in/../rows.csv", "hard.csv", "link.csv"] {
        if cfg!(unix) || name != "link.csv" {
            refused(&["rows.csv", "-o", name], "cannot be the output");
        }
    }
    refused(&["rows.csv.part", "-o", "rows.csv"], "is the input");
    refused(&["rows.csv", "-o", "x.csv", "--failed", "in/../x.csv"], "one file");
    refused(&["rows.csv.part", "-o", "hard.csv", "--failed", "rows.csv"], "one file");
    let document = tool("to-gpx").within(folder.path()).args(&["rows.csv", "-o", "hard.csv"]).run();
    assert!(document.stderr.contains("cannot be the output"), "{document:?}");
    let input = std::fs::File::open(at("rows.csv")).unwrap();
    let output = std::fs::File::options().append(true).open(at("rows.csv")).unwrap();
    let mut command = std::process::Command::new(crate::tool::path("rows"));
    let run = command.stdin(input).stdout(output).output().unwrap();
    assert_eq!(run.status.code(), Some(2), "{run:?}");
    for (name, text) in [("rows.csv", "img_id\n1\n"), ("rows.csv.part", "img_id\n2\n")] {
        assert_eq!(std::fs::read_to_string(at(name)).unwrap(), text);
    }
}

#[test]
fn a_column_that_nobody_has_is_an_error_with_the_nearest_name() {
    let line = "{\"id\":\"1\",\"note\":\"x\"}\n";
    for (input, form) in [("img_id,note\n1,x\n", "csv"), (line, "csv"), (line, "jsonl")] {
        for (name, meant) in [("img_idd", "img_id"), ("notte", "note")] {
            let run = tool("rows").args(&["-f", form, "--columns", name]).stdin(input).run();
            assert_eq!(run.status, Some(2), "{run:?}");
            let wanted = format!("has a column '{name}': did you mean '{meant}'?");
            assert!(run.stderr.contains(&wanted), "{}", run.stderr);
        }
        tool("rows").args(&["--columns", "note,width"]).stdin(input).ok();
    }
    tool("rows").args(&["--columns", "anything"]).stdin("").ok();
}

#[test]
fn files_of_other_programs_are_rows() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let rows = "img_id,note\n1,\"a;b\"\n2,é\n".replace('"', "");
    for input in [
        "sep=;\r\nimg_id;note\r\n1;\"a;b\"\r\n2;é\r\n;\r\n".as_bytes().to_vec(),
        "img_id\tnote\n1\ta;b\n2\té\n".into(),
        wide("\u{feff}img_id\tnote\r\n1\ta;b\r\n2\té\r\n"),
        "img_id,note\n1,a;b\nnote,img_id\né,2\n".into(),
        "[{\"id\":\"1\",\"note\":\"a;b\"},\n{\"id\":2,\"note\":\"é\"}]".into(),
        wide("[\n{\"id\":\"1\",\"note\":\"a;b\"},{\"id\":2,\"note\":\"é\"}\n]\n"),
    ] {
        let run = tool("rows").args(&["-f", "csv"]).stdin(input).ok();
        assert_eq!(run.stdout, rows);
    }
    let cut = tool("rows").args(&["-q"]).stdin("[{\"id\":\"1\"},").run();
    assert_eq!(cut.status, Some(2), "{cut:?}");
    assert!(cut.stderr.contains("the array has no end"), "{}", cut.stderr);
}

#[test]
fn a_message_is_never_as_long_as_what_was_wrong() {
    let long = "x".repeat(100_000);
    for input in [
        format!("{long},b\n1\n"),
        format!("img_id,id\n{long},y\n"),
        format!("{{\"id\":\"{long}\",\"img_id\":\"1\"}}\n"),
        format!("{{\"{long}\\u12\":1}}\n"),
    ] {
        let run = tool("rows").args(&["-q"]).stdin(input).run();
        assert!(run.status != Some(0) && run.stderr.len() < 2100, "{}", run.stderr.len());
    }
    let many: Vec<String> = (0..4000).map(|at| format!("c{at}")).collect();
    let run = tool("to-gpx").stdin(many.join(",") + "\n1\n").run();
    assert!(run.stderr.len() < 2100, "{}", run.stderr.len());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_status_2_and_says_so() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(crate::tool::path("rows"));
    let child = command
        .stdin(std::process::Stdio::piped())
        .stdout(full)
        .stderr(std::process::Stdio::piped());
    let mut child = child.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"a\n1\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn rows_come_out_before_the_input_ends() {
    use std::io::{BufRead, BufReader, Write};
    let mut child = tool("rows").args(&["-q"]).spawn();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    writeln!(stdin, "img_id").unwrap();
    for id in ["1", "2"] {
        writeln!(stdin, "{id}").unwrap();
        let wanted = if id == "1" { vec!["img_id", "1"] } else { vec!["2"] };
        let got: Vec<String> = lines.by_ref().take(wanted.len()).map(Result::unwrap).collect();
        assert_eq!(got, wanted);
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

const TYPED: &str = "img_id,captured_at,lon,lat,is_pano,note\n\
    00123456789012345678,1717245296123,9.95,54.32,false,\"a, b\"\n\
    2,,,,,\n";

#[test]
fn tables_with_types_are_read_again_wherever_rows_are() {
    let folder = tempfile::tempdir().unwrap();
    for form in ["parquet", "geoparquet"] {
        let file = folder.path().join(form);
        tool("rows").args(&["-f", form, "-o"]).arg(&file).stdin(TYPED).ok();
        assert_eq!(tool("rows").arg(&file).ok().stdout, TYPED, "{form}");
        let lines = tool("rows").args(&["-f", "jsonl", "--columns", "id,lon,lat"]).arg(&file).ok();
        assert!(lines.stdout.starts_with("{\"id\":\"00123456789012345678\",\"geometry\":"));
        assert!(tool("to-geojson").arg(&file).ok().stdout.contains("[9.95,54.32]"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_value_that_is_not_of_its_type_fails_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let (file, failed) = (folder.path().join("a.parquet"), folder.path().join("failed.csv"));
    let rows = "img_id,lon\n1,9\n2,east\n3,10\n";
    let of = |flags: &[&str]| {
        let run = tool("rows").args(&["-f", "parquet", "-o"]).arg(&file).args(flags);
        run.arg("--failed").arg(&failed).stdin(rows).run()
    };
    let run = of(&[]);
    assert_eq!((run.status, file.exists()), (Some(1), false));
    let named = "rows: line 3: '2': 'east' in column 'lon' is not a number\n";
    assert!(run.stderr.contains(named), "{}", run.stderr);
    assert!(fs::read_to_string(&failed).unwrap().starts_with("img_id,lon,error\n2,east,"));
    assert_eq!((of(&["--accept-failed"]).status, file.exists()), (Some(1), true));
    assert_eq!(tool("rows").arg(&file).ok().stdout, "img_id,lon\n1,9\n3,10\n");
}

#[test]
fn columns_of_a_table_with_types_stand_before_its_first_row() {
    let lines = "{\"id\":\"1\"}\n".repeat(1000) + "{\"id\":\"2\",\"make\":\"A\"}\n";
    let folder = tempfile::tempdir().unwrap();
    let (input, piped) = (folder.path().join("rows.jsonl"), folder.path().join("piped"));
    fs::write(&input, &lines).unwrap();
    tool("rows").args(&["-f", "parquet", "-o"]).arg(&piped).stdin(lines).ok();
    let run = tool("rows").arg(&piped).ok();
    assert!(run.stdout.starts_with("img_id,more\n1,\n"), "{}", &run.stdout[..20]);
    assert!(run.stdout.ends_with("\n2,\"{\"\"make\"\":\"\"A\"\"}\"\n"));
    let named = tool("rows").args(&["-f", "csv", "--columns", "id,make"]).arg(&piped).ok();
    assert!(named.stdout.ends_with("\n2,A\n"));
    let whole = folder.path().join("whole");
    tool("rows").args(&["-f", "parquet"]).arg(&input).arg("-o").arg(&whole).ok();
    assert!(tool("rows").arg(&whole).ok().stdout.starts_with("img_id,make\n1,\n"));
}

#[test]
fn what_cannot_be_a_table_with_types_is_said_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.parquet");
    let of = |form: &str, rows: &str| {
        let run = tool("rows").args(&["-f", form, "-o"]).arg(&file).stdin(rows).run();
        assert_eq!((run.status, file.exists()), (Some(2), false), "{run:?}");
        run.stderr
    };
    let no_place = "rows: no column 'lon': GeoParquet has a point for each row\n";
    assert_eq!(of("geoparquet", "img_id,lat\n1,2\n"), no_place);
    assert!(of("parquet", "").contains("the input has no columns"));
}

#[test]
fn a_table_with_types_that_is_cut_or_comes_by_a_pipe_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.parquet");
    tool("rows").args(&["-f", "parquet", "-o"]).arg(&file).stdin(TYPED).ok();
    let bytes = fs::read(&file).unwrap();
    let piped = tool("rows").stdin(bytes.clone()).run();
    assert_eq!(piped.status, Some(2));
    assert!(piped.stderr.contains("give a file by its name, not a pipe"), "{}", piped.stderr);
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let cut = tool("rows").arg(&file).run();
    assert_eq!((cut.status, cut.stdout.as_str()), (Some(2), ""));
    assert!(
        cut.stderr.contains("a.parquet': the file is damaged or incomplete: "),
        "{}",
        cut.stderr
    );
}

#[test]
fn a_schema_says_that_ids_are_text() {
    let rows = "img_id,captured_at,lon,is_pano,width,it's\n";
    for (reader, wanted) in [
        (
            "duckdb",
            "{'img_id': 'VARCHAR', 'captured_at': 'BIGINT', 'lon': 'DOUBLE', 'is_pano': 'BOOLEAN', \
                    'width': 'BIGINT', 'it''s': 'VARCHAR'}\n",
        ),
        (
            "pandas",
            "{\"img_id\": \"string\", \"captured_at\": \"Int64\", \"lon\": \"Float64\", \
                    \"is_pano\": \"boolean\", \"width\": \"Int64\", \"it's\": \"string\"}\n",
        ),
        (
            "arrow",
            "{\"img_id\": \"string\", \"captured_at\": \"int64\", \"lon\": \"double\", \
                   \"is_pano\": \"bool\", \"width\": \"int64\", \"it's\": \"string\"}\n",
        ),
    ] {
        assert_eq!(tool("rows").args(&["--schema", reader]).stdin(rows).ok().stdout, wanted);
    }
    let chosen = tool("rows").args(&["--schema", "arrow", "--columns", "id"]).stdin(rows).ok();
    assert_eq!(chosen.stdout, "{\"img_id\": \"string\"}\n");
}

#[test]
fn a_parquet_file_with_a_negative_offset_is_damaged_and_no_internal_error() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/parquet/negative-offset.parquet");
    let run = tool("rows").arg(file).run();
    assert_eq!(run.status, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("the file is damaged or incomplete"), "{}", run.stderr);
    assert!(!run.stderr.contains("internal error"), "{}", run.stderr);
}
