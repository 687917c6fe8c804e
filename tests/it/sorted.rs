//! Input whose rows are grouped by sequence, with `--sorted`.

use std::io::{BufRead, BufReader, Write};

use crate::tool::tool;

const HEADER: &str = "img_id,seq_id,captured_at,lon,lat\n";

/// Two photos of a sequence.
fn sequence(name: &str) -> String {
    format!("1,{name},1000,8.0000,0\n2,{name},2000,8.0010,0\n")
}

#[test]
fn a_sequence_goes_out_when_the_next_one_begins_and_the_bytes_are_the_same() {
    let rows = HEADER.to_owned() + &sequence("a") + &sequence("b");
    for name in ["interpolate-dir", "to-gpx", "preview-map"] {
        let run = |args: &[&str]| tool(name).args(args).stdin(rows.clone()).ok().stdout;
        assert_eq!(run(&["--sorted"]), run(&[]), "{name}");
    }
    let mut child = tool("interpolate-dir").args(&["-q", "--sorted"]).spawn();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let ends = HEADER.to_owned() + &sequence("a") + "3,b,3000,8,0\n";
    stdin.write_all(ends.as_bytes()).unwrap();
    // The rows arrive although the input has not ended.
    let first: Vec<String> = BufReader::new(stdout).lines().take(3).map(Result::unwrap).collect();
    assert_eq!(first[1..], ["1,a,1000,8.0000,0,90,next,", "2,a,2000,8.0010,0,90,last,"]);
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_sequence_that_comes_back_is_named_with_its_line_and_nothing_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let rows = HEADER.to_owned() + &sequence("a") + "3,b,3000,8,0\n" + &sequence("a");
    for name in ["interpolate-dir", "to-gpx", "preview-map"] {
        let args = ["--sorted", "-o", "out"];
        let run = tool(name).within(folder.path()).args(&args).stdin(rows.clone()).run();
        assert_eq!(run.status, Some(1), "{name}: {}", run.stderr);
        let said = format!("{name}: line 5: '1': the rows of sequence 'a' do not stand together");
        assert!(run.stderr.contains(&said), "{}", run.stderr);
        assert!(run.stderr.contains("leave out --sorted"), "{}", run.stderr);
        assert!(!folder.path().join("out").exists(), "{name}");
    }
}
