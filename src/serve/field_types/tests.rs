use super::*;

#[test]
fn values_get_the_types_of_the_service_and_keep_their_digits() {
    for (field, value, wanted) in [
        ("is_pano", "\"True\"", "true"),
        ("is_pano", "0", "false"),
        ("is_pano", "true", "true"),
        ("is_pano", "\"perhaps\"", "\"perhaps\""),
        ("captured_at", "\"1717245296123\"", "1717245296123"),
        ("captured_at", "1717245296123.0", "1717245296123"),
        ("height", "240.00", "240"),
        ("height", "240.5", "240.5"),
        ("height", "240.", "240."),
        ("compass_angle", "\"271.50\"", "271.50"),
        ("compass_angle", "\"north\"", "\"north\""),
        ("merge_cc", "4.546427159383e+18", "4.546427159383e+18"),
        ("altitude", "\"007\"", "\"007\""),
        ("sequence", "123", "\"123\""),
        ("make", "\"2024\"", "\"2024\""),
        ("model", "1.50", "\"1.50\""),
        ("geometry", "{\"type\":\"Point\"}", "{\"type\":\"Point\"}"),
        ("camera_parameters", "[0.8,0,0]", "[0.8,0,0]"),
    ] {
        assert_eq!(typed(field, value), wanted, "{field} {value}");
    }
}
