#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::track::{self, Kind, looks_like, times};

const KINDS: [Kind; 6] =
    [Kind::Kml, Kind::Tcx, Kind::Fit, Kind::Igc, Kind::GeoJson, Kind::Timeline];

fuzz_target!(|bytes: &[u8]| {
    let _ = Kind::of(bytes);
    let _ = looks_like(bytes);
    for kind in KINDS {
        let _ = track::read(kind, bytes, Some(1_714_564_800_000));
        let _ = times::span(kind, bytes, b"");
    }
});
