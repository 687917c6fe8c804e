use super::*;

#[test]
fn pictures_beside_and_below_the_page_have_a_relative_address_and_others_an_absolute_one() {
    let folder = Path::new("/ride/day one");
    let of = |path| address(path, Some(folder));
    assert_eq!(of("/ride/day one/a.jpg").as_deref(), Some("a.jpg"));
    assert_eq!(of("/ride/day one/b/c.WebP").as_deref(), Some("b/c.WebP"));
    assert_eq!(of("/ride/day two/a.jpg").as_deref(), Some("file:///ride/day%20two/a.jpg"));
    assert_eq!(of("/ride/day one b/a.jpg").as_deref(), Some("file:///ride/day%20one%20b/a.jpg"));
}

#[test]
fn signs_that_mean_something_in_an_address_are_written_otherwise() {
    let address = address("/r/50% #1?\u{e9}.jpg", Some(Path::new("/r")));
    assert_eq!(address.as_deref(), Some("50%25%20%231%3F%C3%A9.jpg"));
}

#[test]
fn what_a_browser_cannot_show_has_none_nor_has_a_page_whose_folder_is_not_known() {
    let folder = Some(Path::new("/r"));
    for path in ["/r/a.heic", "/r/a.tar", "/r/a", "/r/.jpg", ""] {
        assert_eq!(address(path, folder), None, "{path}");
    }
    assert_eq!(address("/r/a.jpg", None), None);
}
