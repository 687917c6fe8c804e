use super::*;

fn track(name: &str, points: usize) -> Track {
    let mut track = Track::new();
    track.name = Some(name.to_string());
    let point = |at| {
        let mut point = Waypoint::new(geo::Point::new(f64::from(at) / 1e4, 1.5));
        point.name = (at % 3 > 0).then(|| format!("<{at}> & </trkseg>"));
        point
    };
    track.segments.push(TrackSegment { points: (0..points as i32).map(point).collect() });
    track
}

fn in_parts(tracks: &[Track]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = GpxWriter::new().unwrap();
    for track in tracks {
        let mut part = writer.track(track.name.clone());
        for point in &track.segments[0].points {
            writer.point(&mut part, point.clone(), &mut bytes).unwrap();
        }
        writer.end(part, &mut bytes).unwrap();
    }
    writer.finish(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_file_in_parts_has_the_bytes_of_one_that_is_made_at_once() {
    let points = [0, 1, 2, POINTS - 1, POINTS, POINTS + 1, 3 * POINTS];
    let all: Vec<Track> = points.iter().map(|&some| track("</trk>", some)).collect();
    for tracks in [&all[..], &all[..1], &all[1..2], &[]] {
        let whole = [text_of(tracks.to_vec()).unwrap(), b"\n".to_vec()].concat();
        assert!(in_parts(tracks) == whole, "{} tracks", tracks.len());
    }
}
