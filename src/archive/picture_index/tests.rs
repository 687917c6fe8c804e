use std::fs;

use super::*;

#[test]
fn a_picture_is_found_under_any_layout_by_id_and_quality() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["11_2048.jpg", "a/12.jpg", "b/13_original.webp", "b/13_original.jpg", "b/14.txt"] {
        fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        fs::write(root.join(name), "x").unwrap();
    }
    let index = Index::read(root).unwrap();
    assert_eq!(index.len(), 3);
    let find = |id, quality| index.find(id, quality);
    assert_eq!(find("11", Some(Quality::W2048)), Some(root.join("11_2048.jpg")));
    assert_eq!(find("11", Some(Quality::Original)), None);
    assert_eq!(find("11", None), None);
    assert_eq!(find("12", None), Some(root.join("a/12.jpg")));
    assert_eq!(find("12", Some(Quality::Original)), None);
    assert_eq!(find("13", Some(Quality::Original)), Some(root.join("b/13_original.jpg")));
    assert!(index.has_unnamed());
}

#[test]
fn a_folder_that_is_not_there_has_no_pictures() {
    assert!(Index::read(Path::new("/nonexistent/folder")).unwrap().is_empty());
}
