use super::*;

#[test]
fn a_way_leads_up_and_down_and_its_names_are_fit_for_a_link() {
    for (folder, file, wanted) in [
        ("/a/stac/s1", "/a/pictures/1.jpg", "../../pictures/1.jpg"),
        ("/a", "/a/b c#?%.jpg", "./b%20c%23%3F%25.jpg"),
        ("/a/b/../c", "/a/c/./ä.jpg", "./%C3%A4.jpg"),
    ] {
        assert_eq!(relative(Path::new(folder), Path::new(file)).unwrap(), wanted);
    }
}
