use std::fs;

use super::*;

fn found(folder: &Path, recursive: bool) -> Vec<String> {
    files(vec![folder.to_path_buf()], recursive, |_| ())
        .map(|path| path.unwrap().strip_prefix(folder).unwrap().display().to_string())
        .collect()
}

#[test]
fn photo_files_come_in_natural_order_and_others_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b10.JPG", "b9.jpg", "track.gpx", ".b1.jpg", "sub/c.webp", ".tool/d.jpg"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    assert_eq!(found(folder.path(), false), ["b9.jpg", "b10.JPG"]);
    assert_eq!(found(folder.path(), true), ["b9.jpg", "b10.JPG", "sub/c.webp"]);
}

#[test]
fn arguments_come_in_natural_order_too() {
    let named = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
    let sorted: Vec<_> =
        files(named(&["f10.jpg", "f9.jpg"]), false, |_| ()).map(Result::unwrap).collect();
    assert_eq!(sorted, named(&["f9.jpg", "f10.jpg"]));
}

#[test]
fn what_is_passed_over_is_counted_in_words() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jpg", "a.CR3", "b.CR3", "c.jxl", "a.xmp", "r.gpx", ".d.CR3", "sub.1/e.mp4"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    let said = |recursive| {
        let said = std::sync::Mutex::new(Vec::new());
        let say = |words: &str| said.lock().unwrap().push(words.to_string());
        assert_eq!(files(vec![folder.path().to_path_buf()], recursive, say).count(), 1);
        said.into_inner().unwrap()
    };
    let kinds = "files of kinds that are not read: 2 .CR3, 1 .jxl";
    assert_eq!(
        said(false),
        [&format!("3 {kinds}"), "1 subfolder was not searched: -r searches them too"]
    );
    assert_eq!(said(true), [format!("4 {kinds}, 1 .mp4")]);
}
