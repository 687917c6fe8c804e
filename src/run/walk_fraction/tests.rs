use super::*;

#[test]
fn places_share_out_what_they_count_and_a_chain_of_pages_tells_nothing_before_its_end() {
    let mut share = WalkShare::new(Some(2));
    let (left, right) = (vec![0], vec![1]);
    share.begin(&left);
    share.begin(&right);
    let parts: Vec<NodePath> = (0..4).map(|at| vec![0, at]).collect();
    share.arrive(&left, &parts);
    assert_eq!(share.get(), None);
    share.arrive(&parts[2], &[]);
    assert_eq!(share.get(), Some(0.125));
    parts.iter().for_each(|way| share.arrive(way, &[]));
    assert_eq!(share.get(), Some(0.5), "none counts twice");
    let (second, third) = (vec![1, 0], vec![1, 0, 0]);
    share.arrive(&right, std::slice::from_ref(&second));
    share.arrive(&second, std::slice::from_ref(&third));
    assert_eq!(share.get(), Some(0.5));
    share.arrive(&third, &[]);
    assert_eq!(share.get(), Some(1.0));
}

#[test]
fn without_a_number_of_places_there_is_no_share() {
    let mut share = WalkShare::new(None);
    share.begin(&vec![0]);
    share.arrive(&vec![0], &[]);
    assert_eq!(share.get(), None);
}
