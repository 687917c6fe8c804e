use super::PictureState::*;
use super::*;
use crate::value::quality::Quality::*;

/// Wanted, pixels, upload, note, and the expected result.
type Case = (Quality, Option<Size>, Option<Size>, Option<Quality>, PictureState);

#[test]
fn a_picture_is_known_by_its_pixels_before_its_folders_note() {
    let (small, odd, full) = (Some((256, 144)), Some((800, 600)), Some((4000, 3000)));
    let table: &[Case] = &[
        (Original, small, full, None, Other),
        (Original, small, full, Some(Original), Other),
        (Original, small, None, None, Unproven),
        (Original, small, None, Some(Original), Unproven),
        (Original, small, None, Some(W256), Other),
        (Original, small, small, None, Wanted),
        (Original, full, None, None, Wanted),
        (Original, full, None, Some(W256), Wanted),
        (Original, full, full, None, Wanted),
        (Original, Some((3000, 4000)), full, None, Wanted),
        (Original, odd, None, None, Unproven),
        (Original, odd, None, Some(Original), Wanted),
        (Original, odd, odd, None, Wanted),
        (Original, odd, full, None, Unproven),
        (Original, odd, full, Some(Original), Wanted),
        (W256, small, None, None, Wanted),
        (W256, small, None, Some(Original), Wanted),
        (W256, full, None, None, Other),
        (W256, full, None, Some(W256), Other),
        (W256, Some((120, 90)), None, None, Unproven),
        (W256, Some((120, 90)), None, Some(W256), Wanted),
        (W256, Some((120, 90)), Some((120, 90)), None, Wanted),
        (W1024, small, None, Some(W1024), Other),
        (W1024, odd, odd, None, Wanted),
        (W1024, odd, full, None, Unproven),
        (W1024, Some((768, 1024)), None, None, Wanted),
        (W2048, Some((1024, 512)), None, None, Other),
        (W2048, Some((2048, 2730)), None, None, Wanted),
        (Original, None, full, None, Unproven),
        (Original, None, full, Some(Original), Wanted),
        (Original, None, full, Some(W256), Other),
    ];
    for &(wanted, pixels, upload, noted, verdict) in table {
        let case = (wanted, pixels, upload, noted);
        assert_eq!(judge(wanted, pixels, upload, noted), verdict, "{case:?}");
    }
}
