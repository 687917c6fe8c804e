#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::mvt;

fuzz_target!(|bytes: &[u8]| {
    for layer in mvt::read(bytes).unwrap_or_default() {
        for feature in layer.features() {
            let _ = (feature.points().len(), feature.parts().count(), feature.properties().count());
        }
    }
});
