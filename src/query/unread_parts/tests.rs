use super::*;
use crate::row::json;

fn checked(member: &str) -> Result<(), String> {
    let answer = json::parse(&format!("{{\"id\":\"1\",{member}}}")).unwrap();
    check(&answer).map_err(|error| error.to_string())
}

#[test]
fn an_object_or_a_point_of_another_shape_is_named_with_its_value() {
    for member in [
        r#""creator":"ada""#,
        r#""creator":7"#,
        r#""creator":{"name":"ada"}"#,
        r#""creator":["ada"]"#,
        r#""organization":"12""#,
        r#""geometry":{"type":"Point","coordinates":[1]}"#,
        r#""geometry":{"type":"Point","coordinates":["east","north"]}"#,
        r#""geometry":{"type":"Point","coordinates":[1,null]}"#,
        r#""geometry":{"type":"Polygon","coordinates":[[[1,2]]]}"#,
        r#""geometry":[1,2]"#,
        r#""computed_geometry":{"lon":1,"lat":2}"#,
    ] {
        let (key, value) = member.split_once(':').unwrap();
        let wanted = format!("the service's '{}' cannot be read: ", key.trim_matches('"'));
        let said = checked(member).unwrap_err();
        assert!(said.starts_with(&wanted) && said.contains(value.trim_matches('"')), "{said}");
    }
}

#[test]
fn what_is_read_or_says_that_there_is_nothing_passes() {
    for member in [
        r#""creator":{"id":"5","link":"x"},"organization":{"id":null}"#,
        r#""creator":null,"geometry":null"#,
        r#""creator":{},"organization":{}"#,
        r#""creator":"""#,
        r#""geometry":{"type":"Point","coordinates":[1,2,3]}"#,
        r#""geometry":{"type":"Point","coordinates":[1,2],"crs":null}"#,
        r#""geometry":{"type":"Point","coordinates":["1","2"]}"#,
        r#""geometry":"POINT (1 2)""#,
        r#""geometry":{"type":"Point","coordinates":[]}"#,
        r#""geometry":{"type":"Point","coordinates":[null,null]}"#,
        r#""geometry":{"type":"Point","coordinates":null}"#,
        r#""geometry":{}"#,
        r#""make":"x""#,
    ] {
        assert_eq!(checked(member), Ok(()), "{member}");
    }
}
