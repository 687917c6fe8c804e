//! `geotag-gpx --camera-ahead auto`, as a process.

use std::fs;
use std::path::Path;

use crate::photo;
use crate::tool::{Run, tool};

/// 2024-05-01T10:00:00Z, the start of the ride.
const START_S: i64 = 1_714_557_600;

/// The distance in metres at each second: eastward legs of different lengths and speeds, a stop after each.
fn ride() -> Vec<f64> {
    let (mut gone, mut state) = (vec![0.0], 7_u64);
    let mut random = |from: u64, to: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        from + (state >> 33) % (to - from)
    };
    for _ in 0..16 {
        let (going, standing, mps) = (random(50, 160), random(15, 60), random(4, 9) as f64);
        for second in 0..going + standing {
            gone.push(gone[gone.len() - 1] + if second < going { mps } else { 0.0 });
        }
    }
    gone
}

fn draw(folder: &Path, gone: &[f64]) {
    let fix = |(second, metres): (i64, &f64)| {
        let time = format!("{}", START_S + second);
        format!("{time}000,{:.7},0\n", 8.0 + metres / 111_195.0)
    };
    let fixes: String = (0..).zip(gone).map(fix).collect();
    fs::write(folder.join("ride.csv"), format!("captured_at,lon,lat\n{fixes}")).unwrap();
}

/// A photo every twenty metres, with a clock that is `ahead_s` ahead of UTC.
fn photos(gone: &[f64], ahead_s: i64, folder: &str) -> String {
    let shot = |at: &usize| (gone[*at] / 20.0).floor() > (gone[at - 1] / 20.0).floor();
    let row = |at: usize| {
        let seconds = 36_000 + at as i64 + ahead_s;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{folder}/{at:05}.jpg,2024-05-01T{hour:02}:{minute:02}:{second:02}.25\n")
    };
    (1..gone.len()).filter(shot).map(row).collect()
}

fn run(folder: &Path, flags: &[&str], rows: &str) -> Run {
    let rows = format!("path,taken_at\n{rows}");
    let args = ["--gpx", "ride.csv", "--camera-ahead", "auto", "--zone", "UTC"];
    tool("geotag-gpx").within(folder).args(&args).args(flags).stdin(rows).run()
}

#[test]
fn an_offset_is_said_with_its_evidence_and_places_only_when_accepted() {
    let (folder, gone) = (tempfile::tempdir().unwrap(), ride());
    draw(folder.path(), &gone);
    let rows = photos(&gone, 97, "card");
    let dry = run(folder.path(), &[], &rows);
    assert_eq!(dry.status, Some(0), "{dry:?}");
    let said = [
        "is 97 s (1 min 37 s) ahead",
        "confidence over 99.9 %",
        "stops have fewer photos",
        "next best",
        "--accept-offset or --camera-ahead 97",
    ];
    said.iter().for_each(|said| assert!(dry.stderr.contains(said), "{said}: {}", dry.stderr));
    assert!(!dry.stdout.contains("interpolated") && dry.stdout.contains("--accept-offset places"));

    let accepted = run(folder.path(), &["--accept-offset"], &rows);
    assert!(
        accepted.stderr.contains("97 s") && accepted.stderr.contains("accepted"),
        "{accepted:?}"
    );
    let given = ["--gpx", "ride.csv", "--camera-ahead", "97", "--zone", "UTC"];
    let given = tool("geotag-gpx").within(folder.path()).args(&given);
    assert_eq!(accepted.stdout, given.stdin(format!("path,taken_at\n{rows}")).ok().stdout);
    // Run again over its own rows, it gives the same.
    let args = ["--gpx", "ride.csv", "--camera-ahead", "auto", "--zone", "UTC", "--accept-offset"];
    let again = tool("geotag-gpx").within(folder.path()).args(&args).stdin(accepted.stdout.clone());
    assert_eq!(again.ok().stdout, accepted.stdout);
}

#[test]
fn an_offset_of_whole_hours_names_the_zone() {
    let (folder, gone) = (tempfile::tempdir().unwrap(), ride());
    draw(folder.path(), &gone);
    let dry = run(folder.path(), &[], &photos(&gone, 7_199, "card"));
    assert!(
        dry.stderr.contains("a whole number of hours") && dry.stderr.contains("--zone +02:00"),
        "{}",
        dry.stderr
    );
}

#[test]
fn each_camera_has_its_own_offset_and_one_without_a_sign_none() {
    let (folder, gone) = (tempfile::tempdir().unwrap(), ride());
    draw(folder.path(), &gone);
    let timer: String = (0..300)
        .map(|at| format!("timer/{at}.jpg,2024-05-01T10:{:02}:{:02}.5\n", at / 15, at % 15 * 4))
        .collect();
    let rows = [photos(&gone, 40, "left"), photos(&gone, -12, "right"), timer].concat();
    let found = run(folder.path(), &["--accept-offset"], &rows);
    assert_eq!(found.status, Some(0), "{found:?}");
    for said in [
        "camera 'left' is 40 s ahead",
        "camera 'right' is 12 s behind",
        "camera 'timer': no offset: no sign of it",
    ] {
        assert!(found.stderr.contains(said), "{said}: {}", found.stderr);
    }
    let of_timer = found.stdout.lines().filter(|row| row.starts_with("timer/"));
    assert!(
        of_timer.clone().count() == 300
            && of_timer.into_iter().all(|row| row.contains("no offset between"))
    );
}

#[test]
fn without_a_sign_nothing_is_placed_and_an_accepted_run_ends_with_an_error() {
    let (folder, gone) = (tempfile::tempdir().unwrap(), ride());
    draw(folder.path(), &gone);
    let timer: String = (0..300)
        .map(|at| format!("timer/{at}.jpg,2024-05-01T10:{:02}:{:02}.5\n", at / 15, at % 15 * 4))
        .collect();
    let dry = run(folder.path(), &[], &timer);
    assert_eq!(dry.status, Some(0), "{dry:?}");
    assert!(dry.stderr.contains("no offset: no sign of it in 300 photos"), "{}", dry.stderr);
    assert!(!dry.stderr.contains(" ahead of the track"), "{}", dry.stderr);
    let accepted = run(folder.path(), &["--accept-offset"], &timer);
    assert_eq!(accepted.status, Some(2), "{accepted:?}");
    assert_eq!(accepted.stdout.lines().count(), 301);
}

#[test]
fn places_that_were_read_stay_and_undated_photos_pass() {
    let (folder, gone) = (tempfile::tempdir().unwrap(), ride());
    draw(folder.path(), &gone);
    photo::jpeg(&folder.path().join("b.jpg"), None);
    let rows = photos(&gone, 97, "card").replace('\n', ",,\n");
    let rows = format!("path,taken_at,lon,lat\n{rows}a.jpg,2024-05-01T10:01:00.5,5,5\nb.jpg,,,\n");
    for flags in [&[][..], &["--accept-offset"]] {
        let args = ["--gpx", "ride.csv", "--camera-ahead", "auto", "--zone", "UTC"];
        let run = tool("geotag-gpx").within(folder.path()).args(&args).args(flags);
        let run = run.stdin(rows.clone()).ok();
        let kept = run.stdout.lines().find(|row| row.starts_with("a.jpg")).unwrap();
        assert!(kept.contains(",5,5,"), "{kept}");
        let undated = run.stdout.lines().find(|row| row.starts_with("b.jpg")).unwrap();
        assert!(undated.contains("the photo has no time"), "{undated}");
    }
}

#[test]
fn instants_alone_are_moved_once() {
    let (folder, gone) = (tempfile::tempdir().unwrap(), ride());
    draw(folder.path(), &gone);
    let shot =
        |at: &i64| (gone[*at as usize] / 20.0).floor() > (gone[*at as usize - 1] / 20.0).floor();
    let seconds = (1..gone.len() as i64).filter(shot);
    let rows: String = seconds.map(|at| format!("{}250\n", START_S + at + 3_000)).collect();
    let args = ["--gpx", "ride.csv", "--camera-ahead"];
    let run = |flags: &[&str], rows: String| {
        tool("geotag-gpx").within(folder.path()).args(&args).args(flags).stdin(rows).ok()
    };
    let found = run(&["auto", "--accept-offset"], format!("captured_at\n{rows}"));
    assert!(found.stderr.contains("is 3000 s (50 min) ahead"), "{}", found.stderr);
    let given = run(&["3000"], format!("captured_at\n{rows}"));
    assert_eq!(given.stdout, found.stdout);
    let again = run(&["3000"], given.stdout.clone());
    assert_eq!(again.stdout, given.stdout);
    assert!(again.stderr.contains("instants of an earlier run, not moved"), "{}", again.stderr);
}
