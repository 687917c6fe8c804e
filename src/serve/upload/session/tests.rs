use super::*;

#[test]
fn a_name_from_the_network_is_no_path() {
    for name in [
        "",
        ".jpg",
        "../a.jpg",
        "a/b.jpg",
        "a\\b.jpg",
        "a\0.jpg",
        "a b.jpg",
        "a.exe",
        "a",
        "-a.jpg",
        "ä.jpg",
        "%2e.jpg",
        &format!("{}.jpg", "a".repeat(160)),
    ] {
        assert_eq!(Session::named("ada", name), None, "{name}");
    }
    for name in
        ["mly_tools_0cc175b9c0f1b6a831c399e269772661.jpg", "uuid_5f0c.json", "A.JPEG", "a..zip"]
    {
        let session = Session::named("ada", name).expect("a session");
        let path = session.partial(Path::new("/staging"));
        assert_eq!(path.parent(), Some(Path::new("/staging")));
        let file = path.file_name().and_then(|name| name.to_str()).expect("a name");
        assert!(file.len() == 69 && file.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'));
    }
}

#[test]
fn a_handle_is_good_for_its_user_alone() {
    let session = Session::named("ada", "a.jpg").expect("a session");
    assert_ne!(Session::named("bob", "a.jpg"), Some(session.clone()));
    assert_eq!(Session::from_handle("ada", &session.handle()), Some(session.clone()));
    assert_eq!(Session::from_handle("bob", &session.handle()), None);
    for handle in ["", "2:", "2:.", "../../etc/passwd", &session.handle()[..20]] {
        assert_eq!(Session::from_handle("ada", handle), None, "{handle}");
    }
}
