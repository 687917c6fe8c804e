use super::*;

#[test]
fn the_text_is_that_of_the_services_own_tool() {
    // As written by mapillary_tools 0.14.7, with invented values.
    let description = Description {
        lat_deg: Some(52.520_012_34),
        lon_deg: Some(13.4),
        altitude_m: Some(34.0),
        captured_ms: Some(1_717_245_296_123),
        heading: Some(Heading { true_deg: 271.5, magnetic_deg: 271.5 }),
        make: Some("Ac\u{e9} \"\u{1f600}\"".into()),
        model: Some("One".into()),
        orientation: Some(1),
        sequence: Some("0".into()),
        file_name: Some("a.jpg".into()),
        accuracy_m: None,
        camera_uuid: None,
    };
    assert_eq!(
        description.image_description(),
        "{\"MAPAltitude\":34.0,\"MAPCaptureTime\":\"2024_06_01_12_34_56_123\",\"MAPCompassHeading\":\
         {\"MagneticHeading\":271.5,\"TrueHeading\":271.5},\"MAPDeviceMake\":\"Ac\\u00e9 \\\"\\ud83d\\ude00\\\"\",\
         \"MAPDeviceModel\":\"One\",\"MAPFilename\":\"a.jpg\",\"MAPLatitude\":52.5200123,\"MAPLongitude\":13.4,\
         \"MAPOrientation\":1}"
    );
    let item = description.file_item("/p/a.jpg", Some(5));
    assert!(item.contains("\"MAPSequenceUUID\":\"0\",\"filename\":\"/p/a.jpg\",\"filesize\":5,\"filetype\":\"image\"}"), "{item}");
    let back = read(&item).unwrap();
    let wanted = Description { lat_deg: Some(52.520_012_3), ..description };
    assert_eq!((back.description, back.unread), (wanted, vec![]));
}

#[test]
fn numbers_are_written_as_python_writes_them() {
    for (number, text) in [
        (0.0, "0.0"),
        (-0.0, "0.0"),
        (7.0, "7.0"),
        (-8.25, "-8.25"),
        (0.0001, "0.0001"),
        (0.000_09, "9e-05"),
        (0.000_000_1, "1e-07"),
        (179.999_999_9, "179.9999999"),
    ] {
        assert_eq!(written(rounded(number, 7)), text);
    }
    assert_eq!(written(1.5e16), "1.5e+16");
    // By the exact value of the double, not by the visible digits.
    assert_eq!((rounded(2.675, 2), rounded(0.125, 2)), (2.67, 0.12));
}

#[test]
fn an_old_app_says_numbers_as_texts_a_local_time_and_who_its_user_is() {
    let text = r#"{"MAPLatitude":"44.8378","MAPLongitude":"-0,579","MAPAltitude":"","MAPCaptureTime":
        "2014_08_02_18_30_05_120","MAPLocalTimeZone":"+0200","MAPCompassHeading":{"TrueHeading":"-1.0",
        "MagneticHeading":"92.5"},"MAPSettingsEmail":"a@example.org","MAPSettingsUploadHash":"f00","MAPOrientation":"90",
        "MAPDeviceMake":"Acme","MAPSequenceUUID":"9b7c","MAPMetaTags":{}}"#;
    let read = read(text).unwrap();
    let description = read.description;
    assert_eq!((description.lat_deg, description.lon_deg), (Some(44.8378), Some(-0.579)));
    assert_eq!(
        description.captured_ms.and_then(capture_time).as_deref(),
        Some("2014_08_02_16_30_05_120")
    );
    assert_eq!(read.if_utc_ms.map(|ms| ms - description.captured_ms.unwrap()), Some(7_200_000));
    assert_eq!(description.heading, Some(Heading { true_deg: 92.5, magnetic_deg: 92.5 }));
    assert_eq!((description.altitude_m, description.sequence.as_deref()), (None, Some("9b7c")));
    assert_eq!(read.personal, ["MAPSettingsEmail", "MAPSettingsUploadHash"]);
    let said: Vec<_> = read.unread.iter().map(Unread::to_string).collect();
    assert_eq!(said, ["MAPOrientation \"90\" is not 1 to 8"]);
}

#[test]
fn what_is_wrong_is_named_and_never_a_default() {
    for (member, value) in [
        ("MAPLatitude", "91"),
        ("MAPLongitude", "\"east\""),
        ("MAPCaptureTime", "\"2024-06-01\""),
        ("MAPCaptureTime", "\"2024_13_01_00_00_00_000\""),
        ("MAPCaptureTime", "\"2024_06_01_00_00_00_1234567\""),
        ("MAPCaptureTime", "17"),
        ("MAPCompassHeading", "90"),
        ("MAPCompassHeading", "{\"TrueHeading\":\"north\"}"),
        ("MAPCompassHeading", "{\"TrueHeading\":361}"),
        ("MAPOrientation", "0"),
        ("MAPGPSAccuracyMeters", "-1"),
    ] {
        let read = read(&format!("{{\"{member}\":{value}}}")).unwrap();
        assert_eq!(read.description, Description::default(), "{member} {value}");
        assert!(read.unread[0].to_string().starts_with(member), "{member} {value}");
    }
    let zone = r#"{"MAPCaptureTime":"2014_08_02_18_30_05_120","MAPLocalTimeZone":"somewhere"}"#;
    let read = read(zone).unwrap();
    assert_eq!((read.description.captured_ms, read.unread.len()), (None, 1));
}

#[test]
fn other_texts_are_no_descriptions() {
    for text in ["", "SONY DSC", "{}", "[1]", r#"{"a":1}"#, r#"{"MAP"#, "null"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn a_text_that_is_cut_or_changed_anywhere_does_no_harm() {
    let text = r#"{"MAPCaptureTime":"2024_06_01_12_34_56_123","MAPLocalTimeZone":"+0200","MAPCompassHeading":{"TrueHeading":1}}"#;
    for at in 0..text.len() {
        let _ = read(&text[..at]);
        for byte in b"\"_{:9\xff" {
            let mut changed = text.as_bytes().to_vec();
            changed[at] = *byte;
            let _ = read(&String::from_utf8_lossy(&changed));
        }
    }
}
