use super::*;

fn at(share: f64) -> Progress {
    Progress { share: Some(share), is_waiting: false }
}

#[test]
fn the_line_fits_and_says_the_most_important_first() {
    let start = Instant::now();
    let mut bar = Bar::new("download", start);
    let counts = "1,203 done";
    bar.update(counts, at(0.0), start);
    let now = start + Duration::from_secs(30);
    bar.update(counts, at(0.25), now);
    let wide = "download [#####---------------] 25%, 1 min 30 s left, 1,203 done, 30 s";
    assert_eq!(bar.line(100, now), wide);
    assert_eq!(bar.line(40, now), "download 25%, 1 min 30 s left, 1,203 do");
    for columns in 0..90 {
        assert!(bar.line(columns, now).chars().count() < columns.max(1), "{columns}");
    }
    bar.update(counts, Progress { share: None, is_waiting: true }, now);
    assert_eq!(bar.line(90, now), "download, 1,203 done, waiting for rows, 30 s");
}

#[test]
fn the_time_left_grows_while_nothing_comes_and_follows_the_last_minute() {
    let start = Instant::now();
    let mut bar = Bar::new("x", start);
    let mut left = |second: u64, share: f64| {
        let now = start + Duration::from_secs(second);
        bar.update("", at(share), now);
        bar.left(now).map(|left| left.as_secs())
    };
    assert_eq!(left(0, 0.0), None);
    assert_eq!(left(1, 0.1), None, "too soon to tell");
    assert_eq!(left(10, 0.5), Some(10));
    assert_eq!(left(30, 0.5), Some(30), "throttled: it takes longer");
    for second in 31..200 {
        left(second, 0.5 + 0.001 * (second - 30) as f64);
    }
    let last = left(200, 0.67).unwrap();
    assert!((320..=340).contains(&last), "a thousandth a second: {last}");
}
