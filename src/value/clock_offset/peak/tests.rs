use super::*;

/// Scores of 5 and 10, of which most are 10, with a peak of 110 around 302 whose slopes end at 277 and 328.
fn hill() -> Vec<f64> {
    let mut scores: Vec<f64> = (0..1000).map(|at| if at % 5 < 2 { 5.0 } else { 10.0 }).collect();
    scores[..50].fill(f64::NAN);
    for (from, to, score) in [
        (296, 308, 59.0),
        (297, 307, 60.0),
        (298, 306, 105.0),
        (299, 305, 106.0),
        (300, 304, 110.0),
    ] {
        scores[from..=to].fill(score);
    }
    scores
}

fn one(scores: &[f64]) -> Peak {
    let Shape::One(peak) = find(scores) else { panic!("{:?}", find(scores)) };
    peak
}

#[test]
fn a_peak_has_a_height_above_the_median_and_a_top_of_what_is_nearly_as_high() {
    let peak = one(&hill());
    assert_eq!((peak.at_s, peak.within_s, peak.height), (302.0, 3.5, 100.0));
    // Without what is nearly as high, and beside offsets that were not tried.
    let mut narrow = hill();
    narrow[294..300].fill(f64::NAN);
    narrow[301..310].fill(f64::NAN);
    let peak = one(&narrow);
    assert_eq!((peak.at_s, peak.within_s), (300.0, 1.0));
    let mut first = hill();
    first.drain(..302);
    assert_eq!((one(&first).at_s, one(&first).within_s), (1.5, 2.0));
    // Of a low peak, all within two nats is its top.
    let mut low = vec![10.0; 1000];
    low[499..=501].copy_from_slice(&[38.0, 40.0, 38.0]);
    assert_eq!((one(&low).at_s, one(&low).within_s), (500.0, 1.5));
}

#[test]
fn the_next_best_is_looked_for_outside_the_slopes() {
    for (inside, outside) in [(327, 328), (277, 276)] {
        let mut scores = hill();
        scores[inside] = 58.0;
        scores[outside] = 50.0;
        assert_eq!(one(&scores).runner_up, Some((outside as f64, 40.0)));
    }
    // The slopes of a wide peak are as wide as it is.
    let mut wide = vec![10.0; 2000];
    wide[1000..1040].fill(110.0);
    wide[1079] = 58.0;
    wide[1080] = 50.0;
    wide[960] = 58.0;
    wide[959] = 40.0;
    assert_eq!(one(&wide).runner_up, Some((1080.0, 40.0)));
}

#[test]
fn a_rival_of_four_fifths_of_the_height_is_as_good() {
    for (score, is_as_good) in [(89.0, false), (90.0, true), (110.0, true)] {
        let mut scores = hill();
        scores[700] = score;
        assert_eq!(matches!(find(&scores), Shape::Several(_)), is_as_good, "{score}");
        assert_eq!(matches!(find(&scores), Shape::One(_)), !is_as_good, "{score}");
    }
}

#[test]
fn what_does_not_stand_out_is_flat() {
    assert_eq!(find(&[]), Shape::Flat);
    assert_eq!(find(&[f64::NAN; 100]), Shape::Flat);
    for (height, is_flat) in [(24.9, true), (25.0, false)] {
        let mut low = vec![10.0; 1000];
        low[500] += height;
        assert_eq!(find(&low) == Shape::Flat, is_flat, "{height}");
    }
    // The rest scatters as much.
    let mut random = fastrand::Rng::with_seed(1);
    let mut noise: Vec<f64> = (0..1000).map(|_| 60.0 * random.f64()).collect();
    noise[500] = 70.0;
    assert_eq!(find(&noise), Shape::Flat);
    // There is too little to compare it with.
    let mut short = vec![10.0; 100];
    short[50] = 110.0;
    assert_eq!(find(&short), Shape::Flat);
}

#[test]
fn the_chance_of_a_peak_is_that_of_gumbels_distribution() {
    for (maxima, best, wanted) in [
        (&[][..], 20.0, 1.0),
        (&[10.0; 3], 20.0, 1.0),
        (&[10.0; 4], 20.0, 1.0),
        // By hand: the scale is 1 at least, else the deviation times the root of 6 over pi.
        (&[10.0; 5], 20.0, 1.274_5e-4),
        (&[8.0, 9.0, 10.0, 11.0, 12.0], 20.0, 8.4226e-4),
        (&[6.0, 8.0, 10.0, 12.0, 14.0, 10.0], 30.0, 3.880e-4),
        (&[8.0, 9.0, 10.0, 11.0, 12.0], 9.0, 1.0),
    ] {
        let found = chance(maxima, best);
        assert!((found / wanted - 1.0).abs() < 1e-3, "{maxima:?}: {found:e}, not {wanted:e}");
    }
}
