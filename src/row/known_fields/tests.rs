use super::*;

#[test]
fn each_spelling_belongs_to_one_field() {
    let mut seen = HashMap::new();
    for entry in TABLE {
        for name in entry.others.iter().chain([&entry.flat]) {
            assert_eq!(seen.insert(*name, entry.field), None, "{name}");
        }
    }
}

#[test]
fn both_spellings_of_a_picture_are_known() {
    assert_eq!(Field::named("id"), Some(Field::ImgId));
    assert_eq!(Field::named("img_id"), Some(Field::ImgId));
    assert_eq!(Field::named("organization_id"), Some(Field::OrgId));
    assert_eq!(Field::named("colour"), None);
}

#[test]
fn the_nearest_name_is_the_one_that_was_meant_if_it_is_near() {
    let names = || TABLE.iter().map(|entry| entry.flat);
    for (name, wanted) in [
        ("img_idd", Some("img_id")),
        ("Lon", Some("lon")),
        ("captured", None),
        ("lno", Some("lon")),
    ] {
        assert_eq!(nearest(name, names()), wanted, "{name}");
    }
}

#[test]
fn every_part_of_an_object_says_so_in_the_table() {
    for entry in TABLE {
        if let In(key, _) | Point(key, _) = entry.stand {
            assert!(parts(key).is_some_and(|fields| fields.contains(&entry.field)));
        }
    }
}

#[test]
fn a_column_that_nobody_has_is_told_with_the_nearest_name() {
    let there = Columns::new(["img_id", "colour"].map(Column::named));
    for (name, end) in [
        ("color", "'color': did you mean 'colour'?"),
        ("longitud", "'longitud': did you mean 'longitude'?"),
        ("qqqqqqqqq", "has a column 'qqqqqqqqq'"),
    ] {
        let said = unknown_column(&Column::named(name), &there);
        assert!(said.ends_with(end), "{said}");
    }
    // A third of the letters of a long name may differ, or two letters of a short one.
    for (name, other, is_near) in [
        ("abcdefghijkl", "ABCDEFGH....", true),
        ("abcdefghijkl", "abcdefg.....", false),
        ("abc", "a..", true),
        ("abc", "...", false),
    ] {
        assert_eq!(nearest(name, [other]).is_some(), is_near, "{name} {other}");
    }
}
