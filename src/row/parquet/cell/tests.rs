use parquet::basic::{Repetition, Type as Physical};
use parquet::record::Row as Record;

use super::*;

/// The text of a value in a column of this name, and whether it is raw.
fn read(name: &str, logical: Option<LogicalType>, value: &Value) -> Result<Option<Text>, String> {
    let kind = Type::primitive_type_builder(name, Physical::INT64)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .unwrap();
    Cells::new(name, &kind).text(value).map_err(|error| error.to_string())
}

fn text(name: &str, value: &Value) -> Option<String> {
    read(name, None, value).unwrap().map(|(text, _)| text)
}

fn group(values: Vec<Value>) -> Value {
    let names = ["a", "b", "c", "d"].map(String::from);
    Value::Group(Record::new(names.into_iter().zip(values).collect()))
}

#[test]
fn numbers_have_the_shortest_text_also_inside_of_structs() {
    for (value, wanted) in [
        (Value::Float(0.1), Some("0.1")),
        (Value::Double(0.1), Some("0.1")),
        (Value::Double(52.0), Some("52")),
        (Value::Float(f32::NAN), None),
        (Value::Long(-7), Some("-7")),
        (Value::ULong(u64::MAX), Some("18446744073709551615")),
        (Value::Null, None),
        (
            group(vec![Value::Float(0.1), Value::Double(0.1), Value::Float(2.0), Value::Null]),
            Some(r#"{"a":0.1,"b":0.1,"c":2.0,"d":null}"#),
        ),
        (
            group(vec![Value::Float(f32::NAN), Value::ULong(u64::MAX)]),
            Some(r#"{"a":null,"b":18446744073709551615}"#),
        ),
        (
            group(vec![Value::Str("a\"b".into()), Value::Bool(true)]),
            Some(r#"{"a":"a\"b","b":true}"#),
        ),
    ] {
        assert_eq!(text("note", &value).as_deref(), wanted, "{value:?}");
    }
    assert_eq!(
        text("img_id", &Value::Double(1020304050600100.0)).as_deref(),
        Some("1020304050600100.0")
    );
}

#[test]
fn a_number_is_one_in_json_only_if_its_column_is_unknown_and_it_is_finite() {
    for (name, number, wanted) in [
        ("note", 0.5, Some(("0.5", true))),
        ("note", f64::INFINITY, Some(("inf", false))),
        ("note", f64::NAN, None),
        ("lon", 0.5, Some(("0.5", false))),
        ("lon", f64::NEG_INFINITY, Some(("-inf", false))),
    ] {
        let found = read(name, None, &Value::Double(number)).unwrap();
        let found = found.as_ref().map(|(text, raw)| (text.as_str(), *raw));
        assert_eq!(found, wanted, "{name} {number}");
    }
}

#[test]
fn times_are_milliseconds_for_instants_and_iso_8601_elsewhere() {
    let nanos = |utc| Some(LogicalType::timestamp(utc, TimeUnit::NANOS));
    for (name, logical, value, wanted) in [
        ("captured_at", None, Value::TimestampMillis(1_714_564_800_250), "1714564800250"),
        ("captured_at", None, Value::TimestampMicros(1_714_564_800_250_000), "1714564800250"),
        ("captured_at", None, Value::TimestampMicros(-1), "-0.001"),
        ("captured_at", None, Value::TimestampMicros(-1_000), "-1"),
        (
            "captured_at",
            nanos(true),
            Value::Long(1_714_564_800_250_123_456),
            "1714564800250.123456",
        ),
        ("captured_at", nanos(true), Value::Long(1_714_564_800_250_000_100), "1714564800250.0001"),
        ("captured_at", nanos(true), Value::Long(1_714_564_800_250_000_000), "1714564800250"),
        ("note", None, Value::TimestampMillis(1_714_564_800_250), "2024-05-01T12:00:00.250"),
        ("note", None, Value::TimestampMillis(-1), "1969-12-31T23:59:59.999"),
        ("note", nanos(true), Value::Long(1), "1970-01-01T00:00:00.000000001Z"),
        ("note", nanos(false), Value::Long(-1), "1969-12-31T23:59:59.999999999"),
        ("note", None, Value::Date(19_844), "2024-05-01"),
        ("note", None, Value::Date(-1), "1969-12-31"),
        ("note", None, Value::TimeMillis(86_399_999), "23:59:59.999"),
        ("note", None, Value::TimeMicros(1), "00:00:00.000001"),
    ] {
        let found = read(name, logical, &value).unwrap().map(|(text, _)| text);
        assert_eq!(found.as_deref(), Some(wanted), "{name} {value:?}");
    }
    for value in
        [Value::TimeMillis(86_400_000), Value::TimeMicros(-1), Value::TimestampMillis(i64::MAX)]
    {
        assert!(
            read("note", None, &value).unwrap_err().contains("beyond the calendar"),
            "{value:?}"
        );
    }
}

#[test]
fn bytes_are_text_if_they_are_or_hexadecimal_digits() {
    for (bytes, wanted) in
        [(&b"caf\xc3\xa9"[..], "café"), (b"\xff\0", "FF00"), (b"a\0b", "610062"), (b"", "")]
    {
        let value = Value::Bytes(bytes.to_vec().into());
        assert_eq!(text("note", &value).as_deref(), Some(wanted), "{bytes:?}");
    }
}
