use super::*;

#[test]
fn after_a_full_temporary_folder_the_way_on_is_another_one() {
    let full = FatalError(
        "cannot keep temporary data in '/t': No space left on device; --tmp-dir DIR takes another folder".into(),
    );
    assert_eq!(way_on(Some(&full)), "run the command again with another --tmp-dir");
    let other = FatalError("cannot write 'out.csv': No space left on device".into());
    for fault in [None, Some(&other)] {
        assert_eq!(way_on(fault), "run the same command again to go on");
    }
}
