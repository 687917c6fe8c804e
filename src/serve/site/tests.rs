use std::io::Read;

use serde_json::Value;

use super::*;

const PICTURE: &[u8] = b"\xff\xd8 a small picture \xff\xd9";

/// An archive with a sequence, of which one image is in a tar, one loose and one missing, and an image without a
/// sequence.
fn archive() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let mut rows = String::new();
    for n in 1..=4 {
        let sequence = if n < 4 { ", \"sequence\": \"S\"" } else { "" };
        rows.push_str(&format!(
            "{{\"id\": \"10{n}\", \"captured_at\": {n}000, \"creator\": {{\"username\": \"ada\"}}, \"geometry\": \
             {{\"type\": \"Point\", \"coordinates\": [13.4{n}, 52.52]}}{sequence}}}\n"
        ));
    }
    fs::write(dir.path().join("rows.jsonl"), rows).expect("rows");
    fs::write(dir.path().join("102 a.jpg"), PICTURE).expect("a picture");
    fs::write(dir.path().join("104.jpg"), PICTURE).expect("a picture");
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(PICTURE.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, "S/101.jpg", PICTURE).expect("a member");
    fs::write(dir.path().join("2024.tar"), tar.into_inner().expect("a tar")).expect("a tar");
    dir
}

fn site_of(dir: &Path, into: &Path) -> Result<SiteCounts, SiteFault> {
    write(&SiteSettings {
        dir: dir.to_owned(),
        rows: Vec::new(),
        into: into.to_owned(),
        pictures: None,
    })
}

fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

/// The rows of a name, found as by the page: with the table, then in the block.
fn rows(site: &Path, kind: char, name: &str) -> Vec<Value> {
    let wanted = row_blocks::hash(kind, name).to_be_bytes();
    let table = fs::read(site.join("index.bin")).expect("a table");
    let blocks = fs::read(site.join("rows.bin")).expect("blocks");
    let mut found = Vec::new();
    for entry in table.chunks(20).filter(|entry| entry[..8] == wanted) {
        let offset = u64::from_be_bytes(entry[8..16].try_into().expect("eight")) as usize;
        let length = u32::from_be_bytes(entry[16..].try_into().expect("four")) as usize;
        let mut text = Vec::new();
        let block = &blocks[offset..offset + length];
        flate2::read::GzDecoder::new(block).read_to_end(&mut text).expect("gzip");
        found.extend(serde_json::from_slice::<Vec<Value>>(&text).expect("rows"));
    }
    found
}

#[test]
fn rows_and_pictures_are_found_as_the_page_looks_for_them() {
    let dir = archive();
    let site = dir.path().join("site");
    let made = site_of(dir.path(), &site).expect("a site");
    assert_eq!((made.images, made.without_picture), (4, 1));
    let files = crate::disk::walk::files(&site).count();
    assert_eq!(files as u64, made.files);
    assert!(files < 50, "{files} files");
    let config = json(site.join("config.json"));
    assert_eq!((&config["kind"], &config["pictures"]), (&json!("static"), &json!("../")));
    let sequence = rows(&site, 's', "S");
    assert_eq!(sequence.iter().map(|row| &row["id"]).collect::<Vec<_>>(), ["101", "102", "103"]);
    let [_, _, at, len] = &sequence[0]["picture"].as_array().expect("a place")[..] else {
        panic!("{}", sequence[0]);
    };
    let (at, len) = (at.as_u64().expect("a place"), len.as_u64().expect("a length"));
    let tar = fs::read(dir.path().join(config["index"]["files"][0].as_str().expect("a name")));
    assert_eq!(&tar.expect("a tar")[at as usize..(at + len) as usize], PICTURE);
    assert_eq!(sequence[1]["picture"], json!(["102%20a.jpg", "image/jpeg"]));
    assert!(sequence[2].get("picture").is_none());
    assert_eq!(rows(&site, 'i', "104")[0]["picture"][0], "104.jpg");
    assert!(rows(&site, 'i', "S").is_empty() && rows(&site, 's', "101").is_empty());
    assert_eq!(json(site.join("summary.json"))["images"], 4);
    let map = fs::read(site.join("coverage.pmtiles")).expect("a map");
    assert!(map.starts_with(b"PMTiles\x03") && made.tiles > 15, "{}", made.tiles);
}

#[test]
fn made_again_it_is_the_same_and_its_own_files_are_no_part_of_the_archive() {
    let dir = archive();
    let site = dir.path().join("site");
    let first = site_of(dir.path(), &site).expect("a site");
    let of = |name: &str| fs::read(site.join(name)).expect("a file");
    let names = ["rows.bin", "index.bin", "coverage.pmtiles", "config.json", "summary.json"];
    let before = names.map(of);
    assert_eq!(site_of(dir.path(), &site).expect("a site"), first);
    assert!(names.map(of) == before);
}

#[test]
fn a_picture_that_is_held_in_2048_pixels_too_is_shown_in_them() {
    let dir = archive();
    fs::create_dir(dir.path().join("small")).expect("a folder");
    for name in ["small/102_2048.jpg", "small/104_256.jpg", "small/103_2048.jpg"] {
        fs::write(dir.path().join(name), PICTURE).expect("a picture");
    }
    let site = dir.path().join("site");
    site_of(dir.path(), &site).expect("a site");
    let row = |id: &str| {
        let block = rows(&site, 'i', id);
        block.into_iter().find(|row| row["id"] == id).expect("a row")
    };
    assert_eq!(row("102")["picture"][0], "102%20a.jpg");
    assert_eq!(row("102")["view"], json!(["small/102_2048.jpg", "image/jpeg"]));
    assert_eq!(row("103")["picture"][0], "small/103_2048.jpg", "it is all there is");
    for id in ["101", "103", "104"] {
        assert!(row(id).get("view").is_none(), "{id}");
    }
}

#[test]
fn the_way_to_the_pictures_is_found_or_asked_for() {
    let dir = archive();
    for (into, wanted) in [("site", "../"), ("a/b", "../../"), (".", "./")] {
        site_of(dir.path(), &dir.path().join(into)).expect("a site");
        assert_eq!(json(dir.path().join(into).join("config.json"))["pictures"], wanted);
    }
    let archive = dir.path().join("with space");
    fs::create_dir(&archive).expect("a folder");
    fs::write(archive.join("rows.jsonl"), "{\"id\":\"1\"}\n").expect("rows");
    site_of(&archive, dir.path()).expect("a site");
    assert_eq!(json(dir.path().join("config.json"))["pictures"], "with%20space/");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let fault = site_of(dir.path(), elsewhere.path()).expect_err("no way");
    assert!(fault.to_string().contains("--pictures"), "{fault}");
    let settings = SiteSettings {
        dir: dir.path().to_owned(),
        rows: Vec::new(),
        into: elsewhere.path().to_owned(),
        pictures: Some("https://example.org/tars".into()),
    };
    write(&settings).expect("a site");
    let config = json(elsewhere.path().join("config.json"));
    assert_eq!(config["pictures"], "https://example.org/tars/");
}
