use super::*;

#[test]
fn a_photo_without_an_id_is_known_by_its_folders() {
    assert!(has_tail(Path::new("/photos/cam1/IMG_1.JPG"), "2024-05-01/cam1/IMG_1.JPG"));
    assert!(has_tail(Path::new("IMG_1.JPG"), "2024-05-01/cam1/IMG_1.JPG"));
    assert!(has_tail(Path::new("Mu\u{308}nchen/I.JPG"), "2024-05-01/M\u{fc}nchen/I.JPG"));
    assert!(!has_tail(Path::new("/photos/cam2/IMG_1.JPG"), "2024-05-01/cam1/IMG_1.JPG"));
}
