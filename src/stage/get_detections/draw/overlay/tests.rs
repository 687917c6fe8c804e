use super::*;

#[test]
fn a_kind_has_one_colour_and_that_is_no_grey() {
    for kind in ["object--bench", "nature--sky", "construction--flat--road", ""] {
        let it = colour(kind);
        assert_eq!(it, colour(kind));
        let (low, high) = (it.iter().min().unwrap(), it.iter().max().unwrap());
        assert!(high - low > 150, "{kind}: {it:?}");
    }
}

#[test]
fn a_legend_has_the_width_of_the_picture_and_a_line_for_what_there_is() {
    let kinds = BTreeMap::from([("object--bench", 2), ("nature--sky", 1)]);
    let of = |width| legend(&kinds, width, 1).0;
    assert_eq!((of(1000).width, of(1000).height), (1000, 3 * LETTER));
    assert_eq!(of(160).height, 5 * LETTER, "one below the other where there is no room");
    assert_eq!(of(100).height, 9 * LETTER, "and in two lines each where there is less");
    assert_eq!(legend(&BTreeMap::new(), 100, 1).0.height, LETTER);
}

#[test]
fn all_of_a_long_name_stands_within_a_narrow_picture() {
    let kind = "object--traffic-sign--regulatory--maximum-speed-limit-100--g1";
    let ink = |width: usize| {
        let canvas = legend(&BTreeMap::from([(kind, 12)]), width, 1);
        canvas.0.samples.chunks(3).filter(|sample| *sample == BLACK).count()
    };
    for width in [40, 100, 320] {
        assert_eq!(ink(width), ink(1000), "{width}");
    }
}
