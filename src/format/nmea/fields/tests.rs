use super::*;

fn fields(text: &str) -> SentenceFields<'_> {
    SentenceFields(text.split(',').collect())
}

fn clock(text: &str) -> Option<String> {
    fields(text).time(0).map(|time| time.format("%H:%M:%S%.3f").to_string())
}

#[test]
fn a_time_has_six_digits_and_any_number_of_decimals() {
    for (text, expected) in [
        ("000000", "00:00:00.000"),
        ("235959", "23:59:59.000"),
        ("123456.7", "12:34:56.700"),
        ("123456.", "12:34:56.000"),
        (" 123456.789 ", "12:34:56.789"),
        ("123456.0005", "12:34:56.001"),
        ("123456.9996", "12:34:57.000"),
        // A leap second, and what rounds up to the end of a minute, counts as the second before it.
        ("235960", "23:59:59.999"),
        ("123459.9999", "12:34:59.999"),
    ] {
        assert_eq!(clock(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "1234",
        "12345",
        "12345.6",
        "1234567",
        "240000",
        "126000",
        "123461",
        "-23456",
        "+23456",
        "1234 6",
        "12345e",
        "123456.7Z",
        "123456.-7",
        "123456.1e1",
        "12:34:56",
        "1234é6",
        "noon",
    ] {
        assert_eq!(clock(text), None, "{text}");
    }
}

#[test]
fn a_date_is_of_the_years_1980_to_2079() {
    let date = |text: &str| fields(text).date(0).map(|date| date.to_string());
    for (text, expected) in [
        ("010524", Some("2024-05-01")),
        ("290224", Some("2024-02-29")),
        ("311279", Some("2079-12-31")),
        ("060180", Some("1980-01-06")),
        ("311299", Some("1999-12-31")),
        ("010100", Some("2000-01-01")),
        ("290223", None),
        ("000000", None),
        ("320124", None),
        ("011324", None),
        ("10524", None),
        ("+10524", None),
        ("01+524", None),
        ("01052024", None),
        ("", None),
    ] {
        assert_eq!(date(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn a_place_has_degrees_and_minutes_and_sides_in_either_case() {
    let place = |text: &str| fields(text).position(0).map(|at| (at.lon_deg(), at.lat_deg()));
    for (text, expected) in [
        ("4730.0,N,00815.0,E", Some((8.25, 47.5))),
        ("4730.0,S,00815.0,W", Some((-8.25, -47.5))),
        ("4730.0,s,00815.0,w", Some((-8.25, -47.5))),
        ("4730,n,815,e", Some((8.25, 47.5))),
        ("0030.0,S,00006.0,W", Some((-0.1, -0.5))),
        ("9000.0,N,18000.0,E", Some((180.0, 90.0))),
        ("0000.0,N,00000.0,E", Some((0.0, 0.0))),
        ("4760.0,N,00815.0,E", None),
        ("4759.9999,N,00860.0,E", None),
        ("9000.1,N,00815.0,E", None),
        ("4730.0,N,18000.1,E", None),
        ("-4730.0,N,00815.0,E", None),
        ("4730.0,E,00815.0,N", None),
        ("4730.0,,00815.0,E", None),
        ("4730.0,N,00815.0,", None),
        ("4730.0,N,,E", None),
        ("4730.0,N,00815.0", None),
        ("inf,N,00815.0,E", None),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
}

#[test]
fn heights_are_metres_and_a_dilution_is_not_negative() {
    for (text, height_m) in [
        ("431.5,M", Some(431.5)),
        ("-12.5,m", Some(-12.5)),
        ("431.5,", Some(431.5)),
        ("431.5", Some(431.5)),
        ("1415.7,F", None),
        (",M", None),
        ("NaN,M", None),
    ] {
        assert_eq!(fields(text).height_m(0), height_m, "{text}");
    }
    for (text, hdop) in [("0.9", Some(0.9)), ("0", Some(0.0)), ("-1", None), ("", None)] {
        assert_eq!(fields(text).hdop(0), hdop, "{text}");
    }
}
