use super::*;
use crate::cli::doctor::check::State;

#[test]
fn a_clock_may_be_off_by_two_minutes() {
    for offset_s in [0, 120, -120] {
        assert!(clock(offset_s).state == State::Good, "{offset_s}");
    }
    for (offset_s, words) in
        [(121, "121 s ahead of that of the service"), (-3600, "3600 s behind that of the service")]
    {
        let check = clock(offset_s);
        assert!(check.state == State::Wrong && check.mend.is_some());
        assert_eq!(check.text, words);
    }
}
