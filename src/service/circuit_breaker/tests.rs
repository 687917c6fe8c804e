use super::*;

#[test]
fn failures_count_in_a_row_and_by_host() {
    let breaker = CircuitBreaker::new(2);
    assert_eq!(breaker.failed(Endpoint::Graph), None);
    assert_eq!(breaker.failed(Endpoint::Tile), None);
    breaker.answered(Endpoint::Graph);
    assert_eq!(breaker.failed(Endpoint::Graph), None);
    assert_eq!(breaker.failed(Endpoint::Graph), Some(2));
    let never = CircuitBreaker::new(0);
    assert!((0..100).all(|_| never.failed(Endpoint::Graph).is_none()));
}
