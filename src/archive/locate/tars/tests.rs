use super::*;

#[test]
fn a_photo_without_an_id_is_known_by_its_folders() {
    assert!(has_tail(Path::new("/photos/cam1/IMG_1.JPG"), "2024-05-01/cam1/IMG_1.JPG"));
    assert!(has_tail(Path::new("IMG_1.JPG"), "2024-05-01/cam1/IMG_1.JPG"));
    assert!(has_tail(Path::new("Mu\u{308}nchen/I.JPG"), "2024-05-01/M\u{fc}nchen/I.JPG"));
    assert!(!has_tail(Path::new("/photos/cam2/IMG_1.JPG"), "2024-05-01/cam1/IMG_1.JPG"));
}

/// A folder of tars, of each the lines of its index: member, id, quality.
fn tars(folder: &Path, lines: &[(&str, &[[&str; 3]])]) -> Tars {
    for (tar, members) in lines {
        let line = |[member, id, quality]: &[&str; 3]| {
            let sha256 = "0".repeat(64);
            let cell = |name: &str, text: &str| match text {
                "" => String::new(),
                text => format!("\"{name}\":\"{text}\","),
            };
            let known = cell("id", id) + &cell("quality", quality);
            format!(
                "{{{known}\"member\":\"{member}\",\"offset\":512,\"bytes\":1,\"sha256\":\"{sha256}\"}}\n"
            )
        };
        std::fs::write(folder.join(tar), [0; 1024]).unwrap();
        let index = members.iter().map(line).collect::<String>();
        std::fs::write(folder.join(format!("{tar}.jsonl")), index).unwrap();
    }
    Tars::read(folder, &Arc::new(PackedStore::new(folder)), Held::Sound).unwrap()
}

#[test]
fn of_pictures_with_one_name_the_newest_that_fits_the_row_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let tars = tars(
        folder.path(),
        &[
            (
                "d.tar",
                &[["d/s/7.jpg", "7", "original"], ["d/r/7.jpg", "", ""], ["d/9.jpg", "", ""]],
            ),
            ("d.1.tar", &[["d/s/7.webp", "7", "2048"], ["d/s/8.jpg", "8", "2048"]]),
            ("d.2.tar", &[["d/s/7.json", "7", ""], ["d/q/7.jpg", "6", "2048"]]),
        ],
    );
    let find = |path: &str, cells: &[(Field, &str)]| {
        let found = tars.find(&Row::from_cells(cells), Path::new(path));
        found.unwrap().map(|packed| packed.member)
    };
    let found = |member: &str| Some(member.to_string());
    assert_eq!(find("s/7.jpg", &[(Field::ImgId, "7")]), found("d/s/7.webp"));
    let original = [(Field::ImgId, "7"), (Field::Quality, "original")];
    assert_eq!(find("s/7.jpg", &original), found("d/s/7.jpg"));
    assert_eq!(find("r/7.jpg", &[]), found("d/r/7.jpg"));
    assert_eq!(find("x/7.jpg", &[]), None);
    assert_eq!(find("10.jpg", &[(Field::ImgId, "7")]), None);
    let image = |id, quality| {
        let found = tars.find_image(id, quality, false);
        found.unwrap().map(|packed| packed.member)
    };
    assert_eq!(image("7", Quality::Original), found("d/s/7.jpg"));
    assert_eq!(image("8", Quality::Original), None);
    // A path without a folder fits any folder of a member.
    assert_eq!(find("9.jpg", &[]), found("d/9.jpg"));
    assert_eq!(find("s/9.jpg", &[]), found("d/9.jpg"));
    assert_eq!(find("7.jpg", &[]), found("d/r/7.jpg"));
}
