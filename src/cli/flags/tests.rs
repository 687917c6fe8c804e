use super::*;

#[test]
fn sizes_have_units_of_a_thousand() {
    assert_eq!("1G".parse(), Ok(Size(1_000_000_000)));
    assert_eq!("2.5 MB".parse(), Ok(Size(2_500_000)));
    assert_eq!("0".parse(), Ok(Size(0)));
    for bad in ["", "M", "-1", "1X", "nan"] {
        assert!(bad.parse::<Size>().is_err(), "{bad}");
    }
}
