use super::*;

#[test]
fn a_page_is_asked_for_by_user_or_by_organization() {
    let search = |place: &str| {
        let mut search = Search::default();
        add_owner(whose(place), &mut search);
        (search.creator_username, search.organization_id)
    };
    assert_eq!(search("user ada"), (Some("ada".into()), None));
    assert_eq!(search("user ada after QVE="), (Some("ada".into()), None));
    assert_eq!(search("org 12 after x"), (None, Some("12".into())));
}

#[test]
fn a_picture_is_another_s_only_if_it_says_so() {
    for (whose, field, said, is_theirs) in [
        ("user Ada", Field::CreatorUsername, "ada", true),
        ("user \u{c4}da", Field::CreatorUsername, "\u{e4}da", true),
        ("user ada", Field::CreatorUsername, "adam", false),
        ("user ada", Field::CreatorUsername, "", true),
        ("org 12", Field::OrgId, "12", true),
        ("org 12", Field::OrgId, "123", false),
        ("org 12", Field::CreatorUsername, "ada", true),
    ] {
        assert_eq!(is_of(whose, &Row::from_cells(&[(field, said)])), is_theirs, "{whose}: {said}");
    }
}

#[test]
fn pictures_of_an_organization_have_its_id_also_where_the_service_leaves_it_out() {
    let filled = |whose: &str, id: &str| {
        let mut row = Row::from_cells(&[(Field::OrgId, id)]);
        fill(whose, &mut row);
        row.get(Field::OrgId).map(String::from)
    };
    assert_eq!(filled("org 12", "").as_deref(), Some("12"));
    assert_eq!(filled("org 12", "7").as_deref(), Some("7"), "what is said stays");
    assert_eq!(filled("user ada", ""), None);
}

#[test]
fn a_list_is_named_by_its_owner() {
    let named = |whose: &str, field| owner(whose).get(field).map(String::from);
    assert_eq!(named("org 12", Field::OrgId).as_deref(), Some("12"));
    for name in ["ada", "user", "user ada"] {
        let named = named(&format!("user {name}"), Field::CreatorUsername);
        assert_eq!(named.as_deref(), Some(name));
    }
}

#[test]
fn a_list_is_begun_again_three_times_and_no_more() {
    let mut place = "user again 2 after again 7".to_string();
    assert_eq!((whose(&place), cursor(&place)), ("user", Some("again 7")));
    place = "user ada after QVF".to_string();
    for n in 1..=3 {
        place = again(&place).unwrap();
        assert_eq!(place, format!("user ada again {n}"));
        assert_eq!((whose(&place), cursor(&place)), ("user ada", None));
        place.push_str(" after x");
        assert_eq!(first_page(&place), format!("user ada again {n}"));
    }
    assert_eq!(again(&place), None);
}
