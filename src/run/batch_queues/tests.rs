//! Tests of the window, of the batches, and of the rows that remain when a run ends early.

use std::thread;

use super::*;
use crate::row::Field;

fn row(text: &str) -> Row {
    Row::from_cells(&[(Field::ImgId, text)])
}

fn job(number: u64) -> Job {
    Job { number, key: None, turn: None, row: row("1") }
}

/// The part and the row numbers of a batch.
fn numbers(batch: Option<(usize, Vec<Job>)>) -> Option<(usize, Vec<u64>)> {
    batch.map(|(part, jobs)| (part, jobs.iter().map(|job| job.number).collect()))
}

/// The time of the last row, as if it had just come, however slow the test is.
fn soon() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

fn filtered(state: &mut RunState, number: u64) {
    state.finish(number, Ok(Outcome::Filtered));
}

#[test]
fn a_batch_goes_out_full_or_when_the_input_pauses() {
    let mut state = RunState::new(vec![3]);
    for number in 0..4 {
        let is_full = state.queue(0, job(number));
        assert_eq!(is_full, number >= 2);
    }
    state.last_read = soon();
    assert_eq!(numbers(state.take_batch()), Some((0, vec![0, 1, 2])));
    assert_eq!(state.next_job().err(), Some(PAUSE), "it waits for two more");
    state.last_read = Instant::now();
    thread::sleep(PAUSE);
    assert_eq!(numbers(state.take_batch()), Some((0, vec![3])));
    assert_eq!(state.next_job().err(), Some(TICK), "there is nothing to wait for");
}

#[test]
fn the_end_of_the_input_sends_what_there_is() {
    let mut state = RunState::new(vec![50]);
    state.queue(0, job(0));
    state.last_read = soon();
    assert!(state.take_batch().is_none());
    state.ended = true;
    assert_eq!(numbers(state.take_batch()), Some((0, vec![0])));
}

#[test]
fn a_later_part_waits_for_a_full_batch_while_earlier_ones_may_add_to_it() {
    let mut state = RunState::new(vec![1, 2]);
    state.queue(0, job(0));
    state.queue(1, job(1));
    state.ended = true;
    assert_eq!(numbers(state.take_batch()), Some((0, vec![0])));
    assert!(state.take_batch().is_none(), "the first part is at work on a row that may come");
    state.queue(1, job(0));
    assert_eq!(numbers(state.take_batch()), Some((1, vec![1, 0])), "full");
    state.queue(1, job(2));
    assert!(state.take_batch().is_none());
    state.end_batch(0);
    assert_eq!(numbers(state.take_batch()), Some((1, vec![2])));
}

#[test]
fn rows_about_one_thing_are_in_one_batch_after_the_other() {
    let mut state = RunState::new(vec![10]);
    let turn = || Some("a.jpg".into());
    (0..3).for_each(|number| _ = state.queue(0, Job { turn: turn(), ..job(number) }));
    state.ended = true;
    for number in 0..3 {
        assert_eq!(numbers(state.take_batch()), Some((0, vec![number])));
        assert!(state.take_batch().is_none());
        state.pass_on(0, Path::new("a.jpg"));
        state.end_batch(0);
    }
    assert!(state.take_batch().is_none());
}

#[test]
fn the_window_is_bounded_by_rows_and_by_bytes() {
    let mut state = RunState::new(vec![1]);
    let read = |state: &mut RunState, count: u64| {
        (0..count).for_each(|_| _ = state.next_number());
    };
    read(&mut state, WINDOW_ROWS - 1);
    assert!(state.has_room());
    read(&mut state, 1);
    assert!(!state.has_room());
    filtered(&mut state, 0);
    assert_eq!(state.next_output().map(|next| next.len()), Some(1));
    assert!(state.has_room());

    let mut state = RunState::new(vec![1]);
    let long = "n".repeat(WINDOW_BYTES);
    let number = state.next_number();
    state.queue(0, Job { row: row(&long), ..job(number) });
    assert!(!state.has_room());
    let (_, jobs) = state.take_batch().unwrap();
    assert!(state.has_room(), "what is at work is not waiting");
    let done = jobs.into_iter().map(|job| job.row).collect();
    state.finish(number, Ok(Outcome::Rows(done)));
    assert!(!state.has_room());
    assert!(state.next_output().is_some() && state.has_room());
}

#[test]
fn outcomes_come_in_order_and_after_an_early_end_those_behind_a_hole_too() {
    let mut state = RunState::new(vec![1]);
    (0..5).for_each(|_| _ = state.next_number());
    for number in [4, 1, 3] {
        filtered(&mut state, number);
    }
    assert!(state.next_output().is_none());
    filtered(&mut state, 0);
    assert_eq!(state.next_output().map(|next| next.len()), Some(2));
    assert_eq!(state.remainder().map(|rest| rest.len()), Some(2));
    assert!(state.remainder().is_none() && state.has_answered());
    let answered: Vec<u64> = (0..5).filter(|&number| state.answered()(number)).collect();
    assert_eq!(answered, [0, 1, 3, 4]);
    let rest = "1 row has no answer, and those that were not read yet";
    assert_eq!(state.unanswered().as_deref(), Some(rest));
    state.ended = true;
    assert_eq!(state.unanswered().as_deref(), Some("1 row has no answer"));
    assert!(!state.is_done());
    filtered(&mut state, 2);
    assert!(state.next_output().is_some());
}

#[test]
fn progress_is_the_share_of_the_rows_that_are_answered() {
    let mut state = RunState::new(vec![1]);
    assert!(state.progress(None).is_waiting);
    (0..4).for_each(|_| _ = state.next_number());
    filtered(&mut state, 0);
    filtered(&mut state, 3);
    let share = |state: &RunState, read| state.progress(read).share;
    assert_eq!(share(&state, Some(0.5)), Some(0.25));
    assert_eq!(share(&state, None), None, "nobody knows how much comes");
    state.ended = true;
    assert_eq!(share(&state, None), Some(0.5));
    assert!(!state.progress(None).is_waiting);
}
