use super::*;

#[test]
fn a_user_is_a_name_or_the_link_to_a_page_and_nothing_else() {
    for (text, name) in [
        (" ada ", "ada"),
        ("ada lovelace", "ada lovelace"),
        ("löwe.1_-", "löwe.1_-"),
        ("https://www.mapillary.com/app/user/ada?lat=1", "ada"),
        ("mapillary.com/profile/a%20b", "a b"),
    ] {
        assert_eq!(user(text).unwrap(), name);
    }
    for (text, said) in [
        ("", "it is empty"),
        (" \t", "it is empty"),
        ("https://www.mapillary.com/app/?pKey=1", "--image takes"),
        ("https://www.mapillary.com/app/", "shows no user"),
        ("https://osm.example/user/ada", "shows no user"),
    ] {
        assert!(user(text).unwrap_err().to_string().contains(said), "{text}");
    }
}

#[test]
fn flags_that_rows_of_sequences_cannot_serve_are_refused_with_the_way_out() {
    let choice = SelectionFlags::default();
    assert_eq!(Named::default().check_for_rows(&choice), Ok(()));
    let limit = Named { limit: Some(1), ..Named::default() };
    assert!(limit.check_for_rows(&choice).unwrap_err().0.starts_with("--limit: not for rows"));
    let since = SelectionFlags { since: Some(0), ..choice };
    let error = Named::default().check_for_rows(&since).unwrap_err();
    assert!(error.0.ends_with("get-meta has them"), "{error}");
    assert!(
        !Named::default().is_source(&OwnerFlags::default(), &since),
        "a time is no place to look"
    );
}
