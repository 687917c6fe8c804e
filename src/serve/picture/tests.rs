use super::range::bytes_of;

#[test]
fn ranges_are_read_as_the_standard_says() {
    for (range, part) in [
        ("bytes=0-0", Some(Some((0, 0)))),
        ("bytes=2-", Some(Some((2, 9)))),
        ("bytes=2-99", Some(Some((2, 9)))),
        ("bytes=-3", Some(Some((7, 9)))),
        ("bytes=-30", Some(Some((0, 9)))),
        ("bytes=10-", Some(None)),
        ("bytes=-0", Some(None)),
        ("bytes=5-4", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
    ] {
        assert_eq!(bytes_of(range, 10), part, "{range}");
    }
    assert_eq!(bytes_of("bytes=0-", 0), Some(None));
}
