use super::*;

#[test]
fn a_window_may_go_over_midnight() {
    let at = |hours: u32| hours * 3600;
    let night: Window = "22:00-06:00".parse().unwrap();
    assert_eq!([at(22), at(23), 0, at(5)].map(|s| night.wait_s(s)), [0; 4]);
    assert_eq!((night.wait_s(at(6)), night.wait_s(at(21))), (at(16), at(1)));
    let noon: Window = "11:30 - 24:00".parse().unwrap();
    assert_eq!(
        (noon.wait_s(at(12)), noon.wait_s(at(11)), noon.wait_s(0)),
        (0, 1800, at(11) + 1800)
    );
    assert_eq!(noon.to_string(), "11:30-00:00");
    for bad in ["", "22", "22:00", "22:00-22:00", "25:00-01:00", "24:01-02:00", "1:60-2:00", "a-b"]
    {
        assert!(bad.parse::<Window>().is_err(), "{bad}");
    }
}
