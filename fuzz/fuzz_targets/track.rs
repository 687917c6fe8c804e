#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::track::{self, TrackFormat, looks_like, time_span};

const KINDS: [TrackFormat; 8] = [
    TrackFormat::Gpx,
    TrackFormat::Nmea,
    TrackFormat::Kml,
    TrackFormat::Tcx,
    TrackFormat::Fit,
    TrackFormat::Igc,
    TrackFormat::GeoJson,
    TrackFormat::Timeline,
];

fuzz_target!(|bytes: &[u8]| {
    let _ = TrackFormat::detect(bytes);
    let _ = looks_like(bytes);
    let (head, tail) = bytes.split_at(bytes.len() / 2);
    for kind in KINDS {
        let _ = track::read(kind, bytes, Some(1_714_564_800_000));
        let _ = time_span::span(kind, head, tail);
    }
});
