//! Estimates, from the photos, the time gap that separates sequences.

/// Without a steady timer, no stop shorter than this ends a ride: traffic lights take two minutes.
const SHORTEST_BREAK_S: f64 = 120.0;

/// A gap in seconds, and the reason for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub gap_s: f64,
    pub reason: String,
}

/// Estimates the gap from the intervals between photos, in any order.
///
/// With a steady timer, which means that nine of ten intervals are close to the median, the gap is 1.5 times the
/// median. Otherwise intervals vary for reasons of the ride, and only long ones count: of those over two minutes, the
/// gap lies where the ratio of one length to the next is the largest.
pub fn gap(mut steps_ms: Vec<i64>) -> Estimate {
    steps_ms.sort_unstable();
    let Some(&median_ms) = steps_ms.get(steps_ms.len() / 2) else {
        return Estimate {
            gap_s: SHORTEST_BREAK_S,
            reason: "there are no steps to judge by".into(),
        };
    };
    let median_s = median_ms as f64 / 1000.0;
    // On clocks that show whole seconds, a steady timer seems to vary by one second.
    let whole = steps_ms.iter().all(|step| step % 1000 == 0);
    let slack_ms = if whole && median_ms >= 2000 { 1000 } else { median_ms / 5 };
    let near = steps_ms.iter().filter(|step| step.abs_diff(median_ms) <= slack_ms as u64).count();
    if median_ms > 0 && near * 10 >= steps_ms.len() * 9 {
        let gap_s = if whole { (1.5 * median_s).max(median_s + 1.0) } else { 1.5 * median_s };
        let reason = format!("1.5 times the median interval of {median_s} s of a steady timer");
        return Estimate { gap_s, reason };
    }
    let floor_s = SHORTEST_BREAK_S.max(2.0 * median_s);
    let long = steps_ms.iter().map(|&step| step as f64 / 1000.0).filter(|&step| step > floor_s);
    let lengths: Vec<f64> = std::iter::once(floor_s).chain(long).collect();
    let leaps = lengths.windows(2).map(|pair| (pair[1] / pair[0], (pair[0] * pair[1]).sqrt()));
    let best = leaps.max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((leap, middle_s)) if leap >= 1.5 => Estimate {
            gap_s: middle_s.round(),
            reason: "no steady timer; the longest interruptions stand out from the other steps"
                .into(),
        },
        _ => Estimate {
            gap_s: floor_s,
            reason: "no steady timer, and no interruption stands out".into(),
        },
    }
}

#[cfg(test)]
mod tests;
