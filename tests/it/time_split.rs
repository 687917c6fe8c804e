//! time-split, as a process.

use crate::tool::tool;

#[test]
fn a_gap_starts_a_new_sequence_and_twice_is_once() {
    let rows = "img_id,captured_at\n1,0\n2,1000\n3,99000\n";
    let run = tool("time-split").args(&["--gap", "60"]).stdin(rows).ok();
    let wanted = "img_id,captured_at,seq_id,cut_by,why\n\
                  1,0,19700101T000000Z,start,\n\
                  2,1000,19700101T000000Z,start,\n\
                  3,99000,19700101T000139Z,gap,\n";
    assert_eq!(run.stdout, wanted);
    let again = tool("time-split").args(&["--gap", "60"]).stdin(run.stdout).ok();
    assert_eq!(again.stdout, wanted);
}

#[test]
fn an_estimate_is_stated_with_its_reason() {
    let run = tool("time-split").stdin("captured_at\n0\n2000\n4000\n6000\n8000\n").ok();
    assert!(run.stderr.contains("--gap 3: 1.5 times the median interval"), "{}", run.stderr);
}
