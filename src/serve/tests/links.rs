//! Only files of the archive are served: a link or a path in a row may name any file of this machine.

use std::os::unix::fs::symlink;
use std::path::Path;

use super::*;

const SECRET: &[u8] = b"\xff\xd8\xff\xfe a secret \xff\xd9";

/// A folder next to the archive, with files that are nobody's business.
fn outside() -> tempfile::TempDir {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("x.jpg"), SECRET).expect("a picture");
    outside
}

fn link_of(server: &Server, id: &str) -> Value {
    get(server, &format!("/{id}?fields=thumb_original_url")).json()["thumb_original_url"].clone()
}

fn fetch(server: &Server, link: &Value) -> (u16, Vec<u8>) {
    let got = ask(server, "GET", &target(link), "");
    (got.status, got.body)
}

fn add_row(town: &Town, id: &str, path: &Path) {
    let row = json!({ "id": id, "path": path }).to_string();
    fs::write(town.dir.path().join(format!("{id}.jsonl")), row).expect("rows");
}

#[test]
fn a_picture_that_is_a_link_out_of_the_archive_is_not_served() {
    let (town, outside) = (Town::new(), outside());
    let at = |name: &str| town.dir.path().join(name);
    symlink(outside.path().join("x.jpg"), at("103.jpg")).expect("a link");
    fs::remove_file(at("106.jpg")).expect("removed");
    symlink("2024/S/102.jpg", at("106.jpg")).expect("a link");
    let server = town.serve(|settings| settings.watch = Duration::from_secs(3600));
    assert!(link_of(&server, "103").is_null());
    assert!(server.notes()[0].contains("103.jpg' is a link out of the archive"));
    assert_eq!(fetch(&server, &link_of(&server, "106")), (200, PICTURE.to_vec()));

    let link = link_of(&server, "101");
    assert_eq!(fetch(&server, &link).0, 200);
    fs::remove_file(at("101.jpg")).expect("removed");
    symlink(outside.path().join("x.jpg"), at("101.jpg")).expect("a link");
    for _ in 0..3 {
        let (status, body) = fetch(&server, &link);
        assert!(status == 404 && !body.windows(6).any(|text| text == b"secret"));
    }
}

#[test]
fn the_pictures_of_a_linked_folder_are_served() {
    let (town, outside) = (Town::new(), outside());
    fs::rename(outside.path().join("x.jpg"), outside.path().join("103.jpg")).expect("renamed");
    symlink(outside.path(), town.dir.path().join("disk2")).expect("a link");
    add_row(&town, "107", Path::new("disk2/103.jpg"));
    let server = town.serve(|_| {});
    for id in ["103", "107"] {
        assert_eq!(fetch(&server, &link_of(&server, id)), (200, SECRET.to_vec()));
    }
}

#[test]
fn a_path_outside_the_archive_is_served_only_of_rows_that_the_user_names() {
    let (town, outside) = (Town::new(), outside());
    let secret = outside.path().join("x.jpg");
    let folder = outside.path().file_name().expect("a name");
    add_row(&town, "107", &secret);
    add_row(&town, "108", &Path::new("..").join(folder).join("x.jpg"));
    symlink(&secret, town.dir.path().join("front.jpg")).expect("a link");
    add_row(&town, "109", Path::new("front.jpg"));
    let server = town.serve(|_| {});
    for id in ["107", "108", "109"] {
        assert!(link_of(&server, id).is_null(), "{id}");
    }
    assert!(server.notes().iter().any(|note| note.contains("is outside the archive")));
    let rows = town.dir.path().join("107.jsonl");
    let server = town.serve(|settings| settings.rows = vec![rows]);
    assert_eq!(fetch(&server, &link_of(&server, "107")), (200, SECRET.to_vec()));
}

#[test]
fn rows_that_are_a_link_out_of_the_archive_are_not_read() {
    let (town, outside) = (Town::new(), outside());
    fs::write(outside.path().join("private.csv"), "id,make\n200,Acme\n").expect("rows");
    symlink(outside.path().join("private.csv"), town.dir.path().join("x.csv")).expect("a link");
    let server = town.serve(|_| {});
    assert_eq!(get(&server, "/200").status, 400);
    assert!(server.notes()[0].contains("not read: name it with --rows"), "{:?}", server.notes());
}
