//! Tests with generated rides.

use super::*;
use crate::value::geo::Position;
use crate::value::track::Fix;

/// 2024-05-01T10:00:00Z.
const START_MS: i64 = 1_714_557_600_000;

/// A ride, second by second: distance in metres and direction.
struct Ride {
    seconds: Vec<(f64, f64)>,
    random: fastrand::Rng,
}

impl Ride {
    fn new(seed: u64) -> Ride {
        Ride { seconds: vec![(0.0, 20.0)], random: fastrand::Rng::with_seed(seed) }
    }

    fn go(&mut self, seconds: usize, mps: f64, turn_deg: f64) -> &mut Ride {
        for at in 0..seconds {
            let (gone_m, heading_deg) = self.seconds[self.seconds.len() - 1];
            let turn_deg = if at < 5 { turn_deg / 5.0 } else { 0.0 };
            self.seconds.push((gone_m + mps, heading_deg + turn_deg));
        }
        self
    }

    /// Forty minutes in a town: legs of 20 to 90 s, a turn after each, and a stop of 15 to 70 s at every third.
    fn town(seed: u64) -> Ride {
        let mut ride = Ride::new(seed);
        for leg in 0..36 {
            let (seconds, mps) = (ride.random.usize(20..90), 4.0 + 5.0 * ride.random.f64());
            let turn_deg = [90.0, -90.0, 60.0, -45.0, 0.0][ride.random.usize(..5)];
            ride.go(seconds, mps, turn_deg);
            if leg % 3 == 2 {
                let seconds = ride.random.usize(15..70);
                ride.go(seconds, 0.0, 0.0);
            }
        }
        ride
    }

    /// The track of a receiver with an error of about two metres.
    fn track(&self) -> Track {
        let mut random = self.random.clone();
        let mut place = Position::new(13.4, 52.5).unwrap();
        let (mut fixes, mut before, mut off) = (Vec::new(), self.seconds[0].0, (0.0, 0.0));
        for (second, &(gone_m, heading_deg)) in (0..).zip(&self.seconds) {
            place = place.destination(heading_deg, gone_m - before);
            before = gone_m;
            let mut noise = || (random.f64() + random.f64() - 1.0) * 1.2;
            off = (off.0 * 0.967 + noise(), off.1 * 0.967 + noise());
            let seen = place.destination(90.0, off.0).destination(0.0, off.1);
            fixes.push(Fix::new(START_MS + second * 1000, seen));
        }
        Track::new([fixes]).0
    }

    /// The times at which a camera shoots by distance, on the clock of the track.
    fn by_distance(&self, metres: f64) -> Vec<i64> {
        self.times(|at, ride| (ride[at].0 / metres).floor() > (ride[at - 1].0 / metres).floor())
    }

    /// The times of a camera with a timer that is paused at stops.
    fn paused(&self, every_s: usize) -> Vec<i64> {
        self.times(|at, ride| at % every_s == 0 && ride[at].0 > ride[at - 1].0)
    }

    /// The times of a camera that shoots now and then on the way, and eight times at each stop.
    fn bursts(&self) -> Vec<i64> {
        let mut stood_s = 0;
        self.times(|at, ride| {
            stood_s = if ride[at].0 > ride[at - 1].0 { 0 } else { stood_s + 1 };
            at % 97 == 0 || (3..=10).contains(&stood_s)
        })
    }

    fn timed(&self, every_s: usize) -> Vec<i64> {
        self.times(|at, _| at % every_s == 0)
    }

    fn times(&self, mut shoots: impl FnMut(usize, &[(f64, f64)]) -> bool) -> Vec<i64> {
        let seconds = (1..self.seconds.len()).filter(|&at| shoots(at, &self.seconds));
        seconds.map(|at| START_MS + at as i64 * 1000 + (at as i64 * 7919) % 700 - 350).collect()
    }

    fn heading_deg(&self, time_ms: i64) -> f64 {
        self.seconds[((time_ms - START_MS + 500) / 1000) as usize].1
    }
}

/// The result for photos at these times, from a clock that is ahead by this much.
fn found(ride: &Ride, times: &[i64], ahead_s: i64) -> Finding {
    let shot = |&time_ms: &i64| Shot { time_ms: time_ms + ahead_s * 1000, compass_deg: None };
    let shots: Vec<Shot> = times.iter().map(shot).collect();
    find(&shots, &ride.track(), &Limits::default())
}

fn assert_found(finding: &Finding, ahead_s: i64, sign: Sign, case: &str) {
    let Finding::Found(evidence) = finding else { panic!("{case}: {finding:?}") };
    let best = evidence[0];
    // When in a stop a burst happened is unknown.
    let most_s = if sign == Sign::Bursts { 15.0 } else { 3.0 };
    assert!((best.ahead_s - ahead_s as f64).abs() <= most_s, "{case}: {evidence:?}");
    assert!((best.ahead_s - ahead_s as f64).abs() <= best.within_s + 1.0, "{case}: {evidence:?}");
    assert_eq!(best.sign, sign, "{case}");
    assert!(best.agreement.agree >= LEAST_AGREE && best.chance < 1e-3, "{case}: {best:?}");
}

#[test]
fn a_camera_that_pauses_or_bursts_at_stops_tells_its_offset() {
    for (seed, ahead_s) in [(1, 0), (2, 3_600), (3, -37), (5, -31_536_000)] {
        let ride = Ride::town(seed);
        let cases = [
            ("by distance", ride.by_distance(20.0), Sign::Pauses),
            ("paused", ride.paused(3), Sign::Pauses),
            ("bursts", ride.bursts(), Sign::Bursts),
        ];
        for (case, times, sign) in cases {
            assert_found(&found(&ride, &times, ahead_s), ahead_s, sign, &format!("{case} {seed}"));
        }
    }
}

#[test]
fn photos_of_a_part_of_the_ride_tell_it_too() {
    let ride = Ride::town(7);
    let times = ride.by_distance(15.0);
    let part = &times[times.len() / 4..times.len() * 3 / 4];
    assert_found(&found(&ride, part, 90), 90, Sign::Pauses, "part");
}

#[test]
fn a_compass_that_turns_with_the_track_tells_it_however_it_is_mounted() {
    for (seed, mounted_deg) in [(8, 0.0), (9, 90.0), (10, -120.0)] {
        let ride = Ride::town(seed);
        let mut random = fastrand::Rng::with_seed(seed);
        let shot = |time_ms: i64| {
            let error_deg = 40.0 * (random.f64() - 0.5);
            let compass = ride.heading_deg(time_ms) + mounted_deg + error_deg;
            let compass_deg = Some(compass.rem_euclid(360.0) as f32);
            Shot { time_ms: time_ms + 3_605_000, compass_deg }
        };
        let shots: Vec<Shot> = ride.timed(5).into_iter().map(shot).collect();
        let finding = find(&shots, &ride.track(), &Limits::default());
        assert_found(&finding, 3_605, Sign::Turns, &format!("mounted {mounted_deg}"));
    }
}

#[test]
fn without_a_sign_there_is_no_number() {
    let town = Ride::town(11);
    let mut straight = Ride::new(12);
    straight.go(2_400, 6.0, 0.0);
    let mut random = fastrand::Rng::with_seed(13);
    let by_chance = town.times(|_, _| random.f64() < 0.2);
    let mut random = fastrand::Rng::with_seed(14);
    let mut left = 0;
    let bursts_anywhere = town.times(|_, _| {
        left = if random.f64() < 0.01 { 8 } else { left - 1 };
        left > 0
    });
    let cases = [
        ("steady timer", &town, town.timed(2)),
        ("slow timer", &town, town.timed(31)),
        ("straight and steady by distance", &straight, straight.by_distance(20.0)),
        ("straight and steady by timer", &straight, straight.timed(3)),
        ("by chance", &town, by_chance),
        ("bursts anywhere", &town, bursts_anywhere),
    ];
    for (case, ride, times) in cases {
        let finding = found(ride, &times, 100);
        assert!(matches!(finding, Finding::Nothing(Nothing::NoSign { .. })), "{case}: {finding:?}");
    }
    let few = found(&town, &town.by_distance(700.0)[..15], 0);
    assert_eq!(few, Finding::Nothing(Nothing::FewPhotos));
    let nowhere =
        find(&[Shot { time_ms: 0, compass_deg: None }; 30], &Track::default(), &Limits::default());
    assert_eq!(nowhere, Finding::Nothing(Nothing::NoTrack));
}

#[test]
fn photos_of_another_ride_have_no_offset() {
    for seed in 20..25 {
        let times = Ride::town(seed + 100).by_distance(20.0);
        let finding = found(&Ride::town(seed), &times, 0);
        assert!(matches!(finding, Finding::Nothing(_)), "{seed}: {finding:?}");
    }
}

#[test]
fn a_ride_that_repeats_itself_is_ambiguous() {
    let mut laps = Ride::new(15);
    for _ in 0..24 {
        laps.go(100, 7.0, 90.0).go(30, 0.0, 0.0);
    }
    let times = laps.by_distance(15.0);
    let part = &times[times.len() / 3..times.len() * 2 / 3];
    let finding = found(&laps, part, 0);
    assert!(matches!(finding, Finding::Ambiguous(_) | Finding::Nothing(_)), "{finding:?}");
}

#[test]
fn two_equally_good_offsets_are_ambiguous() {
    // The same hour twice, like a loop that is ridden twice.
    let once = Ride::town(16);
    let mut twice = Ride::new(16);
    twice.seconds.clear();
    let length_m = once.seconds[once.seconds.len() - 1].0;
    twice.seconds.extend(once.seconds.iter().copied());
    twice.seconds.extend(once.seconds.iter().map(|&(gone_m, deg)| (gone_m + length_m, deg)));
    let times = once.by_distance(20.0);
    let finding = found(&twice, &times, 0);
    let Finding::Ambiguous(best) = &finding else { panic!("{finding:?}") };
    let apart_s = (best.ahead_s - best.runner_up.unwrap().0).abs();
    assert!((apart_s - once.seconds.len() as f64).abs() <= 3.0, "{finding:?}");
}

#[test]
fn stops_and_turns_that_contradict_each_other_give_no_number() {
    let ride = Ride::town(17);
    let shot = |time_ms: i64| {
        let later_ms = (time_ms + 300_000).min(START_MS + (ride.seconds.len() as i64 - 2) * 1000);
        let compass_deg = Some(ride.heading_deg(later_ms).rem_euclid(360.0) as f32);
        Shot { time_ms, compass_deg }
    };
    let shots: Vec<Shot> = ride.by_distance(20.0).into_iter().map(shot).collect();
    let finding = find(&shots, &ride.track(), &Limits::default());
    assert!(matches!(finding, Finding::Contradiction(..)), "{finding:?}");
}

#[test]
fn a_track_of_years_is_not_looked_at() {
    let fix = |day: i64| Fix::new(START_MS + day * 86_400_000, Position::new(8.0, 47.0).unwrap());
    let track = Track::new([(0..100).map(fix).collect::<Vec<_>>()]).0;
    let shots = vec![Shot { time_ms: START_MS, compass_deg: None }; 30];
    let finding = find(&shots, &track, &Limits::default());
    assert_eq!(finding, Finding::Nothing(Nothing::TooLong(7)));
}

fn evidence(sign: Sign, ahead_s: f64, within_s: f64) -> Evidence {
    let agreement = OffsetAgreement { agree: 5, of: 5 };
    Evidence { sign, agreement, ahead_s, within_s, score: 90.0, chance: 1e-6, runner_up: None }
}

#[test]
fn stops_and_turns_may_differ_by_their_tops_and_five_seconds() {
    for (pace_s, turns_s, is_found) in
        [(100.0, 108.0, true), (100.0, 92.0, true), (100.0, 108.5, false), (-100.0, 100.0, false)]
    {
        let pace = evidence(Sign::Pauses, pace_s, 2.0);
        let turns = evidence(Sign::Turns, turns_s, 1.0);
        let told = [pace, turns].map(|evidence| Some(Told { evidence, is_one: true }));
        let wanted = if is_found {
            Finding::Found(vec![turns, pace])
        } else {
            Finding::Contradiction(pace, turns)
        };
        assert_eq!(judge(told), Some(wanted), "{pace_s} {turns_s}");
    }
}

#[test]
fn an_offset_needs_stops_or_turns_that_agree_and_a_sharp_top() {
    let shots = [0, 100_000].map(|time_ms| Shot { time_ms, compass_deg: None });
    let axis = Axis::new(&shots, 0, 1000).unwrap();
    let peak =
        |within_s| Peak { at_s: 50.0, within_s, height: 90.0, chance: 1e-6, runner_up: None };
    for (sign, agree, of, within_s, is_enough) in [
        (Sign::Pauses, 7, 10, 3.0, true),
        (Sign::Pauses, 6, 10, 3.0, false),
        (Sign::Turns, 3, 4, 3.0, true),
        (Sign::Turns, 2, 2, 3.0, false),
        (Sign::Bursts, 3, 15, 3.0, true),
        (Sign::Bursts, 3, 16, 3.0, false),
        (Sign::Bursts, 2, 2, 3.0, false),
        (Sign::Pauses, 9, 9, 60.0, true),
        (Sign::Pauses, 9, 9, 60.5, false),
    ] {
        let told = told(&axis, Shape::One(peak(within_s)), |evidence, at_s| {
            assert_eq!(at_s, 50.0);
            evidence.sign = sign;
            evidence.agreement = OffsetAgreement { agree, of };
        });
        assert_eq!(told.is_some(), is_enough, "{sign:?} {agree} of {of}, within {within_s}");
    }
}

#[test]
fn an_offset_of_nothing_has_no_minus() {
    let shots = [-300, 99_700].map(|time_ms| Shot { time_ms, compass_deg: None });
    let axis = Axis::new(&shots, 0, 1000).unwrap();
    let at_s = axis.len() as f64 - 1.0;
    let peak =
        Peak { at_s, within_s: 1.0, height: 90.0, chance: 1e-6, runner_up: Some((0.0, 7.0)) };
    let agreement = OffsetAgreement { agree: 5, of: 5 };
    let told = told(&axis, Shape::Several(peak), |evidence, _| evidence.agreement = agreement);
    let Told { evidence, is_one } = told.unwrap();
    assert_eq!((evidence.ahead_s.to_string(), is_one), ("0".into(), false));
    assert_eq!(evidence.runner_up, Some((99.7, 7.0)));
}

#[test]
fn twenty_photos_are_enough_to_look() {
    for (count, nothing) in [(19, Nothing::FewPhotos), (20, Nothing::NoTrack)] {
        let shots = vec![Shot { time_ms: 0, compass_deg: None }; count];
        let finding = find(&shots, &Track::default(), &Limits::default());
        assert_eq!(finding, Finding::Nothing(nothing), "{count}");
    }
}
