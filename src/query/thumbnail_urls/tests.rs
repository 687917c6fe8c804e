use super::*;

#[test]
fn the_next_smaller_one_is_taken_only_when_that_was_allowed() {
    let row =
        Row::from_cells(&[(Field::Thumb256Url, "http://h/s"), (Field::Thumb1024Url, "http://h/m")]);
    assert_eq!(best(&row, Quality::Original, true), Some((Quality::W1024, "http://h/m")));
    assert_eq!(best(&row, Quality::Original, false), None);
    assert_eq!(best(&row, Quality::W256, false), Some((Quality::W256, "http://h/s")));
    assert_eq!(fresh(&row, Quality::W1024), Some("http://h/m"));
}

#[test]
fn an_expired_link_is_not_fresh() {
    let row = Row::from_cells(&[(Field::ThumbOriginalUrl, "http://h/p?oe=10")]);
    assert_eq!(fresh(&row, Quality::Original), None);
}
