use super::*;

#[test]
fn a_link_without_a_picture_is_told_what_takes_it() {
    for (link, said) in [
        ("https://www.mapillary.com/app/user/ada", "; get-images --user ada lists"),
        ("mapillary.com/profile/ada%20l", "mly fetch --user 'ada l' downloads"),
        ("https://www.mapillary.com/app/?lat=1.5&lng=2&z=17", "shows a place and no picture"),
        ("https://www.mapillary.com/app/?lat=1.5&z=17", "shows neither a picture"),
        ("https://www.mapillary.com/app/?pKey=Xk81_yGnTqaBvR5cXoE3w", "old API (v3)"),
        ("https://www.mapillary.com/app/?image_key=Xk81_yGnTqaBvR5cXoE3w", "old API (v3)"),
        ("https://www.mapillary.com", "shows neither a picture"),
        ("https://www.mapillary.com/app/?pKey=", "shows neither a picture"),
        ("https://www.mapillary.com/app/", "shows neither a picture"),
    ] {
        let what = without_picture(link).unwrap_or_default();
        assert!(what.contains(said), "{link}: {what}");
    }
    for text in [
        "https://www.mapillary.com/app/?pKey=12&lat=1&lng=2",
        "12",
        "https://a.example/?lat=1&lng=2",
    ] {
        assert_eq!(without_picture(text), None, "{text}");
    }
    assert!(is_link("<https://mapillary.com>") && !is_link("mapillary.example") && !is_link("12"));
}

#[test]
fn links_name_pictures_and_users() {
    for (link, id, name) in [
        ("https://www.mapillary.com/app/?pKey=1020304050600100", Some("1020304050600100"), None),
        ("https://www.mapillary.com/app/?lat=1.5&lng=2&z=17&pKey=12&focus=photo", Some("12"), None),
        ("'https://www.mapillary.com/app/?pKey=12', ", Some("12"), None),
        ("(https://www.mapillary.com/map/im/12).", Some("12"), None),
        (" http://mapillary.com/app?focus=map&pkey=12#x ", Some("12"), None),
        ("<www.mapillary.com/map/im/12>", Some("12"), None),
        ("https://www.mapillary.com/app/user/ada?pKey=12", Some("12"), Some("ada")),
        ("mapillary.com/app/user/a.b-c/", None, Some("a.b-c")),
        ("https://www.mapillary.com/app/user/ada%20l%C3%B6w", None, Some("ada löw")),
        ("https://www.mapillary.com/app/user/%20", None, None),
        ("https://www.mapillary.com/embed?image_key=12&style=photo", Some("12"), None),
        ("https://www.mapillary.com/app/?lat=1.5", None, None),
        ("https://www.mapillary.com/app/?pKey=Xk81_yGnTqaBvR5cXoE3w", None, None),
        ("https://mapillary.com.example/app/?pKey=12", None, None),
        ("12", None, None),
    ] {
        assert_eq!((picture(link), user(link).as_deref()), (id, name), "{link}");
    }
}
