use super::*;

fn gap_s(steps_s: &[f64]) -> f64 {
    gap(steps_s.iter().map(|step| (step * 1000.0) as i64).collect()).gap_s
}

#[test]
fn a_steady_timer_ends_after_one_and_a_half_intervals() {
    let mut steps = vec![2.0; 40];
    steps.extend([3.0, 1.0, 300.0]);
    assert_eq!(gap_s(&steps), 3.0);
    assert_eq!(gap_s(&[0.5; 20]), 0.75);
    assert_eq!(gap_s(&[1.0, 1.0, 1.0, 1.0]), 2.0);
}

#[test]
fn bursts_and_traffic_lights_break_nothing_and_a_lunch_does() {
    let bursts: Vec<f64> = (0..60).map(|at| if at % 3 == 0 { 12.0 } else { 0.0 }).collect();
    assert_eq!(gap_s(&bursts), 120.0);
    let mut triggers = vec![1.0, 2.0, 3.0, 5.0, 1.5, 20.0, 35.0, 60.0, 90.0, 2.5, 4.0];
    assert_eq!(gap_s(&triggers), 120.0);
    triggers.extend([1_800.0, 3_600.0]);
    let found = gap_s(&triggers);
    assert!(found > 120.0 && found < 1_800.0, "{found}");
}

#[test]
fn nothing_to_judge_by_is_said() {
    assert!(gap(vec![]).reason.contains("no steps"));
    assert_eq!(gap(vec![0, 0, 0]).gap_s, 120.0);
}
