//! Which time and which place of a track belong together.

use super::super::gx_track::UNEVEN;
use super::*;

#[test]
fn what_is_lost_of_a_track_does_not_shift_times_against_places() {
    let whole = file(&track("gx:", 0..6));
    let all = read_text(&whole).segments.concat();
    for (from, to) in [
        ("<when>2024-05-01T12:00:02Z</when>", "<when>2024-05-01T12:00:0<!2Z</when>"),
        ("<when>2024-05-01T12:00:02Z</when>", "<when>2024-05-01T12:00:0</when"),
        ("<when>2024-05-01T12:00:02Z</when>", "<when>2024-05-01T12:00:02Z"),
        ("<gx:coord>8.25 47.02 431.5</gx:coord>", "<gx:coord>8.25 47.02 <!431.5</gx:coord>"),
        ("<gx:coord>8.25 47.02 431.5</gx:coord>", "<gx:coord>8.25 47.02 431.5"),
        ("<gx:coord>8.25 47.02 431.5</gx:coord>", "<![x"),
    ] {
        let recording = read_text(&whole.replace(from, to));
        let fixes = recording.segments.concat();
        assert!(fixes.len() >= 2, "{to}: {:?}", recording.remarks);
        for fix in &fixes {
            let own = all.iter().find(|own| own.time_ms == fix.time_ms).unwrap();
            assert_eq!(fix.position, own.position, "{to}");
        }
        assert!(fixes.len() == 6 || !recording.remarks.is_empty(), "{to}");
    }
    // Interleaved, as section 4 of the reference allows.
    let pair = |s: u32| {
        format!("<when>2024-05-01T12:00:{s:02}Z</when><gx:coord>8.25 47.{s:02} 431.5</gx:coord>")
    };
    let pairs: String = (0..6).map(pair).collect();
    let interleaved = file(&format!("<gx:Track>{pairs}</gx:Track>"));
    assert_eq!(read_text(&interleaved).segments.concat(), all);
    let lost = read_text(&interleaved.replace("<gx:coord>8.25 47.02 431.5</gx:coord>", "<![x"));
    assert_eq!(lost.segments.concat(), all[..2]);
}

/// A track of these elements: `w` and `c`, with their number as the second and as the latitude.
fn of(elements: &str) -> Recording {
    let element = |element: &str| {
        let number = &element[1..];
        match &element[..1] {
            "w" => format!("<when>2024-05-01T12:00:0{number}Z</when>\n"),
            _ => format!("<gx:coord>8.25 47.0{number} 431.5</gx:coord>\n"),
        }
    };
    let elements: String = elements.split(' ').map(element).collect();
    read_text(&file(&format!("<gx:Track>\n{elements}</gx:Track>")))
}

/// The numbers of the fixes, after a check that time and place of each are of one number.
fn numbers(recording: &Recording) -> Vec<i64> {
    let number = |fix: Fix| {
        let number = fix.time_ms / 1000 % 60;
        assert_eq!(fix.position.lat_deg(), format!("47.0{number}").parse::<f64>().unwrap());
        number
    };
    recording.segments.concat().into_iter().map(number).collect()
}

#[test]
fn lists_of_unequal_length_are_said_and_not_paired() {
    for elements in [
        "w1 w2 w3 w4 c2 c3 c4",
        "w1 w2 w3 w4 c1 c2 c3",
        "w2 w3 c1 c2 c3",
        "c1 c2 c3 w1 w2",
        "w1 w2 c2",
        "w1 c1 c2",
        "w1 w2 w3",
        "c1",
        // Whether the first place or the last one is missing, nothing says.
        "w1 c2 w2 c3 w3",
        "c1 w1 c2 w2 c3",
    ] {
        let recording = of(elements);
        assert_eq!(recording.fixes(), 0, "{elements}");
        assert_eq!(remarks(&recording), [format!("{UNEVEN} in line 4")], "{elements}");
    }
    let both = track("gx:", 0..3) + &track("gx:", 5..9).replacen("<gx:coord>", "<gx:x>", 1);
    let recording = read_text(&file(&both));
    assert_eq!((recording.fixes(), remarks(&recording)), (3, vec![format!("{UNEVEN} in line 9")]));
}

#[test]
fn pairs_beside_each_other_do_not_need_those_that_are_missing() {
    let (no_place, no_time) =
        ("times of a track without a place", "places of a track without a time");
    for (elements, paired, said) in [
        ("w1 c1 w2 c2 w3 c3", vec![1, 2, 3], vec![]),
        ("c1 w1 c2 w2 c3 w3", vec![1, 2, 3], vec![]),
        ("w1 w2 w3 c1 c2 c3", vec![1, 2, 3], vec![]),
        ("w1 w2 c1 c2 w3 w4 c3 c4", vec![1, 2, 3, 4], vec![]),
        ("w1 c1 w2 w3 c3", vec![1, 3], vec![format!("{no_place} left out in line 6")]),
        ("w1 c1 c2 w3 c3", vec![1, 3], vec![format!("{no_time} left out in line 6")]),
        ("c1 w1 c2 c3 w3", vec![1, 3], vec![format!("{no_time} left out in line 6")]),
        (
            "w1 c1 w2 c2 c3 w4 w5 c5",
            vec![1, 2, 5],
            vec![format!("{no_place} left out in line 9"), format!("{no_time} left out in line 8")],
        ),
    ] {
        let recording = of(elements);
        assert_eq!((numbers(&recording), remarks(&recording)), (paired, said), "{elements}");
    }
}

#[test]
fn a_track_that_the_end_of_the_file_cuts_off_lacks_only_its_last_places() {
    let whole = file(&track("gx:", 1..6));
    let cut = whole.find("<gx:coord>8.25 47.04").unwrap();
    let recording = read_text(&whole[..cut]);
    assert_eq!(numbers(&recording), [1, 2, 3]);
    assert_eq!(
        remarks(&recording),
        [
            "times of a track without a place left out: 2, first in line 6",
            "the file is cut off; what is there was used in line 11"
        ]
    );
}
