use super::*;
use crate::value::instant::format_instant;

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

fn times(recording: &Recording) -> Vec<String> {
    let fixes = recording.segments.iter().flatten();
    fixes.map(|fix| format_instant(fix.time_ms).unwrap()).collect()
}

fn remarks(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

const LOG: &str = "AXYZ123 recorder\r\nHFDTE010524\r\n\
    B2359584730000N00815000EA0040000431\r\nB0000013345678S12227684WA-0012-0012\r\n";

#[test]
fn places_have_signs_and_the_date_goes_on_at_midnight() {
    for date in ["HFDTE010524", "HFDTEDATE:010524,01", "HFDTEDATE:010524", "HFDTE: 010524"] {
        let recording = read_text(&LOG.replace("HFDTE010524", date));
        assert_eq!(times(&recording), ["2024-05-01T23:59:58Z", "2024-05-02T00:00:01Z"], "{date}");
        let [a, b] = [0, 1].map(|at| recording.segments[0][at]);
        assert_eq!((a.position.lon_deg(), a.position.lat_deg()), (8.25, 47.5));
        assert_eq!((a.ele_m.get(), b.ele_m.get()), (Some(431.0), Some(-12.0)));
        assert!((b.position.lat_deg() + 33.0 + 45.678 / 60.0).abs() < 1e-9);
        assert!((b.position.lon_deg() + 122.0 + 27.684 / 60.0).abs() < 1e-9);
        assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
    }
}

#[test]
fn what_is_not_valid_or_cannot_be_read_is_counted() {
    let more = "B1000004730000N00815000EV0040000431\r\nB1000014760000N00815000EA0040000431\r\n\
        B1000024730000N00815000EA0040000000\r\nB25\r\n";
    let recording = read_text(&(LOG.to_string() + more));
    assert_eq!(recording.fixes(), 3);
    assert_eq!(
        remarks(&recording),
        [
            "fixes left out that the recorder marks as not valid (V) in line 5",
            "B records left out that cannot be read: 2, first in line 6",
            "points without a height by satellites in line 7",
        ]
    );
    let undated = read_text(&LOG.replace("HFDTE010524", "HFPLT"));
    assert_eq!(undated.fixes(), 0);
    assert!(remarks(&undated)[0].starts_with(NO_DATE));
}

#[test]
fn extensions_refine_time_and_place() {
    let log = "AXYZ\nHFDTE010524\nI043637TDS3839LAD4041LOD4244GSP\n\
        B1000004730000N00815000WA0040000431250500 36\n";
    let recording = read_text(log);
    let fix = recording.segments[0][0];
    assert_eq!(fix.time_ms % 1000, 250);
    assert!((fix.position.lat_deg() - 47.5 - 0.00005 / 60.0).abs() < 1e-12);
    assert_eq!(fix.speed_kmh.get(), Some(36.0));
    assert!((fix.position.lon_deg() + 8.25).abs() < 1e-9, "{}", fix.position.lon_deg());
}

#[test]
fn a_log_is_known_by_its_first_lines() {
    assert!(is_igc(LOG) && is_igc("HFDTE010524\n"));
    for text in ["", "A\n", "a,b\n1,2\n", "AXYZ\nlon,lat\n", "$GPRMC,1\n", "AÄ\nB"] {
        assert!(!is_igc(text), "{text}");
        assert!(read(text.as_bytes()).is_err());
    }
}

#[test]
fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
    let log = LOG.replace("HFDTE", "I033637TDS3839LAD4041LOD\r\nHFDTE");
    for end in 0..log.len() {
        let _ = read(&log.as_bytes()[..end]);
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = log.clone().into_bytes();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let _ = read(&bytes);
    }
}
