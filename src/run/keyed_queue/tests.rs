use super::*;
use crate::row::Row;

fn job(number: u64, turn: Option<&str>) -> Job {
    Job { number, key: None, turn: turn.map(PathBuf::from), row: Row::from_cells(&[]) }
}

#[test]
fn rows_about_one_thing_take_turns_and_others_do_not_wait() {
    let mut turns = KeyedTurns::default();
    let mut enter = |number, turn| turns.enter(0, job(number, turn)).is_some();
    let entered = [enter(0, Some("a")), enter(1, Some("a")), enter(2, None), enter(3, Some("b"))];
    assert_eq!(entered, [true, false, true, true]);
    assert!(!enter(4, Some("a")));
    assert!(turns.enter(1, job(5, Some("a"))).is_some(), "another part has its own turns");
    let mut leave = || turns.leave(0, Path::new("a")).map(|job| job.number);
    assert_eq!([leave(), leave(), leave()], [Some(1), Some(4), None]);
    assert!(turns.enter(0, job(6, Some("a"))).is_some());
}
