use super::*;

#[test]
fn the_same_wider_list_is_given_each_time() {
    let columns = Columns::from_fields(&[Field::ImgId]);
    let wider = columns.with(&Field::Lon.into());
    assert!(Arc::ptr_eq(&wider, &columns.with(&Column::named("longitude"))));
    assert!(Arc::ptr_eq(&wider, &wider.with(&Field::ImgId.into())));
    assert_eq!(wider.at(Field::Lon), Some(1));
}

#[test]
fn thousands_of_names_one_after_the_other_go_without_depth() {
    let chain = || {
        let first = Columns::from_fields(&[]);
        let mut last = Arc::clone(&first);
        for n in 0..600 {
            last = last.with(&Column::named(&format!("c{n}")));
        }
        assert_eq!(last.list().len(), 600);
        drop(last);
        drop(first);
    };
    std::thread::Builder::new().stack_size(128 << 10).spawn(chain).unwrap().join().unwrap();
}

#[test]
fn a_wide_list_grows_in_place_unless_others_have_it() {
    let mut columns = Columns::from_fields(&[]);
    let names = (0..MAX_COLUMNS + 1).map(|n| Column::named(&format!("c{n}")));
    for (n, column) in names.enumerate() {
        let others = (n == 1000).then(|| Arc::clone(&columns));
        Columns::grow(&mut columns, &column);
        assert!(others.is_none_or(|others| others.list().len() == 1000));
        assert_eq!(columns.place(&column), (n < MAX_COLUMNS).then_some(n));
    }
}

#[test]
fn two_spellings_are_one_column() {
    let columns = Columns::new(["seq_id", "sequence", "note"].map(Column::named));
    assert_eq!(columns.list().len(), 2);
    assert_eq!(columns.place(&Column::named("note")), Some(1));
}

#[test]
fn each_wider_list_has_its_own_column() {
    let columns = Columns::from_fields(&[Field::ImgId]);
    for field in [Field::Lon, Field::Lat, Field::Lon] {
        assert_eq!(columns.with(&field.into()).at(field), Some(1));
        assert_eq!(columns.with_field(field).at(field), Some(1));
    }
    let wide = columns.with(&Column::named("note"));
    for (name, place) in [("id", Some(0)), ("note", Some(1)), ("lon", None), ("other", None)] {
        assert_eq!(wide.place_of(name), place, "{name}");
    }
}

#[test]
fn two_texts_are_one_value_where_they_are_the_same_number() {
    for (name, one, other, is_same) in [
        ("lon", "9.5", " 9.50", true),
        ("lon", "9.5", "9.6", false),
        ("lon", "east", "east", true),
        ("lon", "east", "west", false),
        ("lon", "inf", "Infinity", false),
        ("img_id", "1", "01", false),
        ("note", "1", "1.0", false),
    ] {
        assert_eq!(
            Column::named(name).agree(one, other).is_ok(),
            is_same,
            "{name}: {one}, {other}"
        );
    }
}
