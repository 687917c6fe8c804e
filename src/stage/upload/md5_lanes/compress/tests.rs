use super::*;

/// The code of versions that the test machine has no registers for is tested with the registers that it has.
#[test]
fn every_way_comes_to_the_same() {
    let bytes: Vec<Vec<u8>> = (0..LANES)
        .map(|lane| (0..3 * BLOCK).map(|at| (at * 37 + lane * 101) as u8).collect())
        .collect();
    let parts: [&[u8]; LANES] = from_fn(|lane| &bytes[lane][..]);
    let start: State = START.map(|word| from_fn(|lane| word ^ lane as u32));
    let by = |way: fn(&mut State, [&[u8]; LANES], usize)| {
        let mut state = start;
        way(&mut state, parts, 3);
        state
    };
    let halves = by(by_halves);
    assert_ne!(halves, start);
    assert_eq!(halves, by(at_once));
    assert_eq!(halves, by(compress));
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has the features that the function is compiled for.
        assert_eq!(halves, by(|state, parts, blocks| unsafe { by_avx2(state, parts, blocks) }));
    }
}
