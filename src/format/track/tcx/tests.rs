use super::*;

fn point(second: u32, position: &str) -> String {
    format!(
        "<Trackpoint><Time>2024-05-01T12:00:{second:02}.250Z</Time>{position}\
         <AltitudeMeters>431.5</AltitudeMeters><Extensions><ns3:TPX><ns3:Speed>10</ns3:Speed>\
         </ns3:TPX></Extensions></Trackpoint>\n"
    )
}

const PLACE: &str = "<Position><LatitudeDegrees>47.5</LatitudeDegrees>\
    <LongitudeDegrees>8.25</LongitudeDegrees></Position>";

fn file() -> String {
    let (a, b, c) = (point(1, PLACE), point(2, PLACE), point(3, PLACE));
    let none = point(4, "") + &point(5, &PLACE.replace("47.5", "97.5"));
    let lap = |inner: &str| format!("<Lap><Track>{inner}</Track></Lap>");
    format!(
        "<TrainingCenterDatabase><Activities><Activity>\n<Id>2024-05-01T12:00:00Z</Id>{}{}\
         </Activity><Activity>{}</Activity></Activities></TrainingCenterDatabase>\n",
        lap(&a),
        lap(&b),
        lap(&(c + &none))
    )
}

#[test]
fn laps_are_no_breaks_and_activities_are() {
    let recording = read(file().as_bytes()).unwrap();
    assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    let fix = recording.segments[0][0];
    assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (8.25, 47.5));
    assert_eq!((fix.time_ms, fix.ele_m.get()), (1_714_564_801_250, Some(431.5)));
    assert_eq!(fix.speed_kmh.get(), Some(36.0));
    let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "trackpoints without a place left out in line 5",
            "points left out, since their position cannot be read in line 6",
        ]
    );
}

#[test]
fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
    let whole = file();
    let all = read(whole.as_bytes()).unwrap().segments.concat();
    for end in 0..whole.len() {
        let Ok(cut) = read(&whole.as_bytes()[..end]) else { continue };
        let fixes = cut.segments.concat();
        let same = fixes.iter().zip(&all).all(|(a, b)| a.position == b.position);
        assert!(fixes.len() <= all.len() && same, "{end}");
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let _ = read(&bytes);
    }
}
