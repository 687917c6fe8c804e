use super::*;

fn photo(path: &str, make: &str) -> Row {
    Row::from_cells(&[(Field::Path, path), (Field::Make, make)])
}

/// Shares of 1,000, computed by another program.
const SHARES: (u32, u32) = (469, 738);

#[test]
fn rows_of_one_key_are_in_one_share_and_shares_are_the_same_for_ever() {
    let key = RowKey::named(&["creator", "folder", "camera"]);
    let share = |path: &str, make: &str| key.share_of(&photo(path, make), 1000);
    assert_eq!(share("a/100GOPRO/1.jpg", "M"), share("a/101GOPRO/2.jpg", "M"));
    assert_ne!(share("a/1.jpg", "M"), share("b/1.jpg", "M"));
    assert_ne!(share("a/1.jpg", "M"), share("a/1.jpg", "N"));
    // Another number would split the rows of a job that is resumed.
    assert_eq!((share("a/1.jpg", "M"), share("b/1.jpg", "M")), SHARES);
}

#[test]
fn each_row_is_in_one_share_and_shares_are_even() {
    let row = |at: u32| Row::from_cells(&[(Field::SeqId, &format!("s{at}"))]);
    let share =
        |number| Share { number: ShareNumber { number, of: 8 }, key: RowKey::named(&["ride"]) };
    let shares: Vec<usize> =
        (1..=8).map(|number| (0..8000).filter(|&at| share(number).has(&row(at))).count()).collect();
    assert_eq!(shares.iter().sum::<usize>(), 8000);
    assert!(shares.iter().all(|rows| (850..1150).contains(rows)), "{shares:?}");
    let lines = |line| (1..=8).filter(|&number| share(number).has_line(line)).count();
    assert!((0..100).all(|line| lines(line) == 1));
}

#[test]
fn a_share_is_two_numbers_that_count_from_1() {
    assert_eq!("3/8".parse(), Ok(ShareNumber { number: 3, of: 8 }));
    for bad in ["0/8", "9/8", "8", "a/8", "1/0", "-1/8", ""] {
        assert!(bad.parse::<ShareNumber>().is_err(), "{bad}");
    }
}

#[test]
fn a_name_that_nobody_has_is_refused_where_the_header_tells() {
    let there = Columns::from_fields(&[Field::Path]);
    assert!(RowKey::named(&["creator", "make"]).check(&there).is_ok());
    assert!(RowKey::named(&["patth"]).check(&there).unwrap_err().0.contains("'path'"));
    assert!(RowKey::named(&["patth"]).check(&Columns::from_fields(&[])).is_ok());
}

#[test]
fn a_row_is_the_same_whatever_the_order_of_its_columns() {
    let key = RowKey::named(&["row"]);
    let one = Row::from_cells(&[(Field::Make, "A"), (Field::Model, "B")]);
    let other = Row::from_cells(&[(Field::Model, "B"), (Field::Make, "A")]);
    assert_eq!(key.share_of(&one, 1 << 30), key.share_of(&other, 1 << 30));
}
