use super::*;

#[test]
fn formats_are_known_by_their_content() {
    let wide: Vec<u8> = "\u{feff}<kml/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let nmea = "x\n$GPRMC,100000,A,5230.000,N,01324.000,E,0,0,010524,,*28\n";
    for (bytes, kind) in [
        (&b"<gpx/>"[..], Some(TrackFormat::Gpx)),
        (
            b"\xef\xbb\xbf\n <?xml version=\"1.0\"?><!-- <kml> --><!DOCTYPE x><g:gpx a=\"1\">",
            Some(TrackFormat::Gpx),
        ),
        (&wide, Some(TrackFormat::Kml)),
        (b"<TrainingCenterDatabase xmlns=\"x\">", Some(TrackFormat::Tcx)),
        (b"\x0e\x10\0\0\0\0\0\0.FIT", Some(TrackFormat::Fit)),
        (b"AXYZ\r\nHFDTE010524\r\n", Some(TrackFormat::Igc)),
        (nmea.as_bytes(), Some(TrackFormat::Nmea)),
        (b"{\"features\":[],\"type\":\"FeatureCollection\"}", Some(TrackFormat::GeoJson)),
        (b"{\"type\":\"FeatureCollection\",\"features\":[{", Some(TrackFormat::GeoJson)),
        (b"{\"type\":\"Point\",\"coordinates\":[8,47]}", Some(TrackFormat::GeoJson)),
        (b"\x1e{\"type\":\"Feature\"}\n\x1e{\"type\":\"Feature\"}\n", Some(TrackFormat::GeoJson)),
        (b"{\"locations\":[]}", Some(TrackFormat::Timeline)),
        (b"{\"semanticSegments\":[{", Some(TrackFormat::Timeline)),
        (b"[{\"startTime\":\"x\",\"visit\":{}}]", Some(TrackFormat::Timeline)),
        (b"{\"id\":\"1\",\"geometry\":{\"type\":\"Point\"}}", None),
        (b"<!-- <kml> --><gpx>", Some(TrackFormat::Gpx)),
        (b"<!-- > <kml> --><gpx>", Some(TrackFormat::Gpx)),
        (b"<![CDATA[ > <kml> ]]><gpx>", Some(TrackFormat::Gpx)),
        (b"<?x <kml> ?><!DOCTYPE gpx><trkseg >", Some(TrackFormat::Gpx)),
        (b"<trkpt lat='1'", Some(TrackFormat::Gpx)),
        (b"lost <trkpt lat='1'", Some(TrackFormat::Gpx)),
        (b"<kml:kml\n>", Some(TrackFormat::Kml)),
        (b"<!-- <gpx>", None),
        (b"<", None),
        (b"{\"type\":\"Feature\",\"geo", Some(TrackFormat::GeoJson)),
        (b"{\"type\":\"Custom\",\"a\":[", None),
        (b"{\"kind\":\"Feature\",\"a\":[", None),
        (b"{\"timelineObjects\":[{\"type\":\"Feature\"", Some(TrackFormat::Timeline)),
        (b"{\"rawSignals\":{}}", None),
        (b"<html><gpx/></html>", None),
        (b"time,lon,lat\n", None),
        (b"", None),
    ] {
        assert_eq!(TrackFormat::detect(bytes), kind, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn each_format_has_its_name() {
    let all = [
        (TrackFormat::Gpx, "GPX"),
        (TrackFormat::Kml, "KML"),
        (TrackFormat::Tcx, "TCX"),
        (TrackFormat::Fit, "FIT"),
        (TrackFormat::Igc, "IGC"),
        (TrackFormat::GeoJson, "GeoJSON"),
        (TrackFormat::Timeline, "Google Timeline"),
        (TrackFormat::Nmea, "NMEA"),
    ];
    all.into_iter().for_each(|(kind, name)| assert_eq!(kind.to_string(), name));
}

#[test]
fn what_is_detected_is_read_as_that() {
    let time = "2024-05-01T12:00:00Z";
    for (text, kind) in [
        (
            format!(
                "<gpx><trk><trkpt lat='47.5' lon='8.25'><time>{time}</time></trkpt></trk></gpx>"
            ),
            TrackFormat::Gpx,
        ),
        (
            format!("<kml><Track><when>{time}</when><coord>8.25 47.5</coord></Track></kml>"),
            TrackFormat::Kml,
        ),
        (
            format!(
                "<TrainingCenterDatabase><Trackpoint><Time>{time}</Time><Position><LatitudeDegrees>47.5\
                 </LatitudeDegrees><LongitudeDegrees>8.25</LongitudeDegrees></Position></Trackpoint>\
                 </TrainingCenterDatabase>"
            ),
            TrackFormat::Tcx,
        ),
        ("AXYZ\nHFDTE010524\nB1200004730000N00815000EA0040000431\n".into(), TrackFormat::Igc),
        (
            format!(
                "{{\"type\":\"Feature\",\"properties\":{{\"time\":\"{time}\"}},\
                 \"geometry\":{{\"type\":\"Point\",\"coordinates\":[8.25,47.5]}}}}"
            ),
            TrackFormat::GeoJson,
        ),
        (
            format!(
                "{{\"locations\":[{{\"timestamp\":\"{time}\",\"latitudeE7\":475000000,\
                 \"longitudeE7\":82500000}}]}}"
            ),
            TrackFormat::Timeline,
        ),
        ("$GPRMC,120000,A,4730.0,N,00815.0,E,1,9,010524\n".into(), TrackFormat::Nmea),
    ] {
        assert_eq!(TrackFormat::detect(text.as_bytes()), Some(kind));
        let recording = super::super::read(kind, text.as_bytes(), None).unwrap();
        let fix = recording.segments[0][0];
        let place = (fix.position.lon_deg(), fix.position.lat_deg());
        assert_eq!((fix.time_ms, place), (1_714_564_800_000, (8.25, 47.5)), "{kind}");
        for other in [TrackFormat::Fit, TrackFormat::Kml, TrackFormat::Nmea] {
            let read = super::super::read(other, text.as_bytes(), None);
            assert_eq!(read.is_ok(), other == kind, "{kind} as {other}");
        }
    }
}
