use super::*;

#[test]
fn work_that_asks_to_wait_is_given_up_even_if_it_hides_the_refusal() {
    assert_eq!(refused(|| 1), Some(1));
    assert_eq!(refused(|| ask().is_err()), None);
    assert!(ask().is_ok(), "the thread may wait again");
}

#[test]
fn a_thread_may_wait_again_after_work_that_panicked() {
    assert!(std::panic::catch_unwind(|| refused(|| panic!("as ordered"))).is_err());
    assert!(is_allowed());
}
