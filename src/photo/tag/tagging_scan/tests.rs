use super::*;

#[test]
fn a_panic_in_the_writing_is_a_fault() {
    let mut outcomes: Vec<Outcome> = (0..5).map(|_| Outcome::Filtered).collect();
    let fault = each(&mut outcomes, |_| None, |_| panic!("no tag")).unwrap_err();
    assert!(fault.0.starts_with("internal error: no tag"), "{fault}");
    assert_eq!(each(&mut outcomes, |_| None, |_| {}), Ok(()));
}
