use super::*;
use std::time::Duration;

#[test]
fn counts_read_as_a_sentence() {
    let mut counts = Counts { failed: 2, ..Counts::default() };
    counts.rows.insert("done".into(), 1203);
    counts.rows.insert("kept".into(), 40);
    counts.ended.insert(crate::shape::End::Gone, 3);
    counts.others.insert("bytes", 512_000_000);
    assert_eq!(sum(&counts), "1,203 done, 40 kept, 3 gone, 2 failed, 512 MB");
    assert_eq!(sum(&Counts::default()), "0 rows");
}

#[test]
fn times_have_the_unit_that_suits() {
    assert_eq!(duration(Duration::from_millis(1234)), "1.2 s");
    assert_eq!(duration(Duration::from_secs(3725)), "1 h 2 min 5 s");
}
