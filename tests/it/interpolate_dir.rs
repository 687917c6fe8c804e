//! interpolate-dir, as a process.

use crate::tool::tool;

const RIDE: &str = "img_id,sequence,captured_at,lon,lat\n\
                    1,s,1000,8.0000,0\n2,s,2000,8.0010,0\n3,s,3000,8.0010,0.001\n";

#[test]
fn each_photo_looks_along_the_way_and_the_offset_turns_it() {
    let run = tool("interpolate-dir").args(&["--offset", "-90"]).stdin(RIDE).ok();
    let wanted = "img_id,seq_id,captured_at,lon,lat,compass_angle,direction_by,why\n\
                  1,s,1000,8.0000,0,0,next,\n\
                  2,s,2000,8.0010,0,270,next,\n\
                  3,s,3000,8.0010,0.001,270,last,\n";
    assert_eq!(run.stdout, wanted);
    let again = tool("interpolate-dir").args(&["--offset", "-90"]).stdin(run.stdout).ok();
    assert_eq!(again.stdout, wanted);
}

#[test]
fn when_every_photo_has_a_compass_it_says_so() {
    let run = tool("interpolate-dir").stdin("captured_at,lon,lat,compass_angle\n1,1,1,5\n").ok();
    assert!(run.stderr.contains("--overwrite"), "{}", run.stderr);
}

#[test]
fn what_another_tool_said_stays() {
    let rows = "captured_at,lon,lat,position_by,why\n1000,8,0,,maker note is damaged\n\
                2000,8.001,0,,\n900000,8.001,0,,maker note is damaged\n";
    let run = tool("interpolate-dir").stdin(rows).ok();
    let columns = ["--columns", "compass_angle,direction_by,why"];
    let said = tool("rows").args(&columns).stdin(run.stdout).ok().stdout;
    let wanted = "90,next,maker note is damaged\n90,last,\n,none,maker note is damaged\n";
    assert_eq!(said, format!("compass_angle,direction_by,why\n{wanted}"));
}
