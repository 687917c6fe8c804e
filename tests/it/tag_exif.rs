//! tag-exif, as a process.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::photo::{self, Camera};
use crate::read_exif::column;
use crate::tool::{Run, tool};

const SERVICE: &str = "path,img_id,seq_id,creator_username,lon,lat,computed_lon,computed_lat,altitude,\
compass_angle,captured_at,make,model,camera_type,exif_orientation,width,height\n\
a.jpg,123456789012345,sEq,ada,-0.1234567,51.7654321,-0.2,51.8,-12.5,0,1600000000250,Foo,Bar,spherical,6,4000,2000\n";

fn tag(folder: &Path, flags: &[&str], rows: &str) -> Run {
    tool("tag-exif").within(folder).args(&["-f", "csv"]).args(flags).stdin(rows).ok()
}

fn read(folder: &Path, file: &str) -> Run {
    tool("read-exif").within(folder).arg(file).ok()
}

fn cell(run: &Run, name: &str) -> String {
    column(run, name).remove(0)
}

fn camera() -> Camera<'static> {
    Camera {
        make: Some("Example"),
        original: Some("2024:05:01 12:00:00"),
        place: Some((54, 9)),
        ..Camera::default()
    }
}

#[test]
fn a_downloaded_picture_says_what_its_row_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = photo::jpeg(&folder.path().join("a.jpg"), None);
    assert_eq!(cell(&tag(folder.path(), &[], SERVICE), "status"), "done");
    let run = read(folder.path(), "a.jpg");
    for (name, value) in [
        ("lon", "-0.1234567"),
        ("lat", "51.7654321"),
        ("altitude", "-12.5"),
        ("compass_angle", "0"),
        ("captured_at", "1600000000250"),
        ("taken_at", "2020-09-13T12:26:40.25"),
        ("zone", "+00:00"),
        ("make", "Foo"),
        ("img_id", "123456789012345"),
        ("seq_id", "sEq"),
        ("creator_username", "ada"),
        ("camera_type", "equirectangular"),
        ("exif_orientation", ""),
        ("width", "32"),
        ("position_by", ""),
    ] {
        assert_eq!(cell(&run, name), value, "{name}");
    }
    let once = fs::read(&path).unwrap();
    assert_eq!(cell(&tag(folder.path(), &[], SERVICE), "status"), "kept");
    assert_eq!(fs::read(&path).unwrap(), once, "twice is once");
}

#[test]
fn what_was_read_is_written_back_without_touching_a_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = photo::jpeg(&folder.path().join("a.jpg"), None);
    tag(folder.path(), &["--position", "computed"], SERVICE);
    photo::jpeg(&folder.path().join("b.jpg"), Some(&camera()));
    let (before, time) =
        (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let rows = tool("read-exif").within(folder.path()).args(&["a.jpg", "b.jpg"]).ok();
    let run = tag(folder.path(), &[], &rows.stdout);
    assert_eq!(column(&run, "status"), ["kept", "kept"]);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
}

#[test]
fn values_that_were_read_stay_unless_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = photo::jpeg(&folder.path().join("a.jpg"), Some(&camera()));
    let before = fs::read(&path).unwrap();
    let rows = "path,lon,lat,make\na.jpg,10,55,Other\n";
    assert_eq!(cell(&tag(folder.path(), &[], rows), "status"), "held");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(cell(&tag(folder.path(), &["--overwrite"], rows), "status"), "done");
    let run = read(folder.path(), "a.jpg");
    assert_eq!((cell(&run, "lon"), cell(&run, "make")), ("10".into(), "Other".into()));
}

#[test]
fn evidence_is_written_comes_back_and_may_be_refined() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), Some(&camera()));
    for lon in ["10", "11"] {
        let rows = format!(
            "path,lon,lat,captured_at,position_by,gap_s,compass_angle,direction_by\n\
             a.jpg,{lon},55,1714557610500,interpolated,2.5,90,next\n"
        );
        assert_eq!(cell(&tag(folder.path(), &[], &rows), "status"), "done");
        let run = read(folder.path(), "a.jpg");
        assert_eq!(cell(&run, "lon"), lon);
        assert_eq!(cell(&run, "position_by"), "interpolated");
        assert_eq!(cell(&run, "gap_s"), "2.5");
        assert_eq!(cell(&run, "direction_by"), "next");
        // The camera's clock stays unchanged; the instant is in the GPS tags.
        assert_eq!(cell(&run, "taken_at"), "2024-05-01T12:00:00");
        assert_eq!(cell(&tag(folder.path(), &[], &run.stdout), "status"), "kept");
    }
}

#[test]
fn a_file_s_own_date_moves_only_when_asked_by_name() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), Some(&camera()));
    let rows = "path,captured_at\na.jpg,1600000000000\n";
    for flags in [&[][..], &["--overwrite"], &["--only", "time"]] {
        tag(folder.path(), flags, rows);
        let run = read(folder.path(), "a.jpg");
        assert_eq!(cell(&run, "taken_at"), "2024-05-01T12:00:00", "{flags:?}");
        assert_eq!(cell(&run, "zone_by"), "place", "no offset that is not its own");
    }
    tag(folder.path(), &["--only", "time", "--overwrite", "--zone", "Europe/Berlin"], rows);
    let run = read(folder.path(), "a.jpg");
    assert_eq!(cell(&run, "taken_at"), "2020-09-13T14:26:40");
    assert_eq!(cell(&run, "zone"), "+02:00");
}

#[test]
fn the_zone_can_be_that_of_the_place() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), None);
    let rows = "path,lon,lat,captured_at\na.jpg,-122.4,37.8,1600000000000\n";
    tag(folder.path(), &["--zone", "position"], rows);
    assert_eq!(cell(&read(folder.path(), "a.jpg"), "zone"), "-07:00");
}

#[test]
fn a_zone_is_missed_only_where_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), Some(&Camera { place: None, ..camera() }));
    photo::jpeg(&folder.path().join("b.jpg"), None);
    let rows = "path,captured_at,make\na.jpg,1600000000000,Example\nb.jpg,1600000000000,Example\n";
    let tool = tool("tag-exif").within(folder.path()).args(&["--zone", "position"]);
    let run = tool.stdin(rows).run();
    assert_eq!((run.status, column(&run, "status")), (Some(1), vec!["kept".to_string()]));
    assert!(run.stderr.contains("'b.jpg': no position to get the zone from"), "{}", run.stderr);
}

#[test]
fn groups_and_values_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), None);
    let run = tag(folder.path(), &["--only", "position", "--position", "best"], SERVICE);
    assert!(run.stderr.contains("position: there are two"), "{}", run.stderr);
    let run = read(folder.path(), "a.jpg");
    assert_eq!((cell(&run, "lon"), cell(&run, "position_by")), ("-0.2".into(), "computed".into()));
    assert_eq!((cell(&run, "make"), cell(&run, "taken_at")), (String::new(), String::new()));
    let wrong = tool("tag-exif").args(&["--only", "colour"]).stdin(SERVICE).run();
    assert_eq!(wrong.status, Some(2));
    assert!(wrong.stderr.contains("position, direction"), "{}", wrong.stderr);
}

#[test]
fn permissions_and_times_stay_and_the_old_file_may_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = photo::jpeg(&folder.path().join("a.jpg"), None);
    let old = fs::read(&path).unwrap();
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    fs::File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
    tag(folder.path(), &["--backup", "_original"], SERVICE);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), then);
    assert_eq!(fs::read(folder.path().join("a.jpg_original")).unwrap(), old);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn into_a_folder_leaves_the_old_files_and_is_done_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = photo::jpeg(&folder.path().join("a.jpg"), None);
    let old = fs::read(&path).unwrap();
    for status in ["done", "kept"] {
        let run = tag(folder.path(), &["--into", "new"], SERVICE);
        assert_eq!((cell(&run, "status"), cell(&run, "path")), (status.into(), "new/a.jpg".into()));
        assert_eq!(fs::read(&path).unwrap(), old);
    }
    fs::write(folder.path().join("new/a.jpg"), "half").unwrap();
    assert_eq!(cell(&tag(folder.path(), &["--into", "new"], SERVICE), "status"), "done");
    let run = read(folder.path(), "new/a.jpg");
    assert_eq!(cell(&run, "img_id"), "123456789012345");
}

#[test]
fn other_formats_get_a_sidecar() {
    let folder = tempfile::tempdir().unwrap();
    photo::png(&folder.path().join("a.png"));
    let old = fs::read(folder.path().join("a.png")).unwrap();
    let rows = SERVICE.replace("a.jpg", "a.png");
    assert_eq!(cell(&tag(folder.path(), &["--sidecar-name", "full"], &rows), "status"), "done");
    assert!(folder.path().join("a.png.xmp").exists());
    assert_eq!(fs::read(folder.path().join("a.png")).unwrap(), old);
    let run = read(folder.path(), "a.png");
    for (name, value) in [
        ("lon", "-0.1234567"),
        ("altitude", "-12.5"),
        ("taken_at", "2020-09-13T12:26:40.25"),
        ("captured_at", "1600000000250"),
        ("make", "Foo"),
    ] {
        assert_eq!(cell(&run, name), value, "{name}");
    }
    assert_eq!(cell(&tag(folder.path(), &[], &rows), "status"), "kept");
    assert_eq!(cell(&tag(folder.path(), &[], &run.stdout), "status"), "kept");
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_it_would() {
    let folder = tempfile::tempdir().unwrap();
    let path = photo::jpeg(&folder.path().join("a.jpg"), None);
    let old = fs::read(&path).unwrap();
    let run = tag(folder.path(), &["--dry-run"], SERVICE);
    assert!(
        run.stderr.contains("'a.jpg': would write position, direction, time"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read(&path).unwrap(), old);
}

#[test]
fn a_picture_is_found_where_later_stages_have_put_it() {
    let folder = tempfile::tempdir().unwrap();
    let within = |name| tool(name).within(folder.path());
    photo::jpeg(&folder.path().join("a.jpg"), None);
    tag(folder.path(), &[], SERVICE);
    within("to-webp").args(&["--delete", "--keep-larger", "-q"]).stdin(SERVICE).ok();
    let converted = tag(folder.path(), &[], SERVICE);
    assert_eq!(
        (cell(&converted, "path"), cell(&converted, "status")),
        ("a.webp".into(), "kept".into())
    );
    let other = SERVICE.replace("123456789012345,sEq,ada", ",,").replace("51.76", "51.77");
    let moved = tag(folder.path(), &["--overwrite"], &other);
    assert_eq!(cell(&moved, "status"), "done");
    assert_eq!(cell(&read(folder.path(), "a.webp"), "lat"), "51.7754321");
    let bytes = fs::metadata(folder.path().join("a.webp")).unwrap().len();
    assert_eq!(cell(&moved, "bytes"), bytes.to_string());
    tag(folder.path(), &["--overwrite"], SERVICE);
    within("pack-tar").args(&["--delete", "-q", "--into", "."]).stdin(SERVICE).ok();
    let packed = tag(folder.path(), &[], SERVICE);
    assert_eq!((cell(&packed, "path"), cell(&packed, "status")), (String::new(), "kept".into()));
    assert!(
        cell(&packed, "archive").ends_with(".tar") && cell(&packed, "member").ends_with("a.webp")
    );
    for rows in [&packed.stdout, SERVICE] {
        let rows = rows.replace("51.7654321", "");
        let run = within("read-exif").args(&["-f", "csv"]).stdin(rows).ok();
        assert_eq!((cell(&run, "lat"), cell(&run, "path")), ("51.7654321".into(), String::new()));
    }
    let nowhere = within("tag-exif").stdin("path\nb.jpg\n").run();
    assert!(nowhere.stderr.contains("cannot open 'b.jpg': it is not there"), "{}", nowhere.stderr);
}

#[test]
fn what_was_tagged_into_a_folder_may_be_converted_there() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), None);
    let made = tag(folder.path(), &["--into", "new"], SERVICE);
    let convert = tool("to-webp").within(folder.path()).args(&["--delete", "--keep-larger", "-q"]);
    convert.stdin(made.stdout).ok();
    let run = tag(folder.path(), &["--into", "new"], SERVICE);
    assert_eq!((cell(&run, "status"), cell(&run, "path")), ("kept".into(), "new/a.webp".into()));
    // Besides the notes of to-webp.
    let names = fs::read_dir(folder.path().join("new")).unwrap().map(|e| e.unwrap().file_name());
    assert_eq!(names.filter(|name| name != ".mapillary-pipes").count(), 1);
    let run = tag(folder.path(), &["--into", "new", "--force"], SERVICE);
    assert_eq!((cell(&run, "status"), cell(&run, "path")), ("done".into(), "new/a.jpg".into()));
}

#[test]
fn a_packed_picture_passes_and_a_wrong_value_fails_its_row() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), None);
    let rows = "path,archive,lon,lat\n,x.tar,1,2\na.jpg,,east,2\na.jpg,,1,\n";
    let run = tool("tag-exif").within(folder.path()).args(&["-f", "csv"]).stdin(rows).run();
    assert_eq!((run.status, cell(&run, "status")), (Some(1), "kept".into()));
    assert!(
        run.stderr.contains("line 3: 'a.jpg': 'east' in column 'lon' is not a number"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("only one of lon and lat has a value"), "{}", run.stderr);
}

#[test]
fn a_picture_cut_at_any_byte_is_left_as_it_is_or_keeps_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(photo::jpeg(&folder.path().join("a.jpg"), Some(&camera()))).unwrap();
    let mut rows = String::from("path,lon,lat\n");
    for end in 0..whole.len() {
        fs::write(folder.path().join(format!("cut{end}.jpg")), &whole[..end]).unwrap();
        rows += &format!("cut{end}.jpg,10,55\n");
    }
    let run = tool("tag-exif").within(folder.path()).args(&["-q", "--overwrite"]).stdin(rows).run();
    assert_eq!(run.status, Some(1));
    let pixels = whole.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    for end in 0..whole.len() {
        let new = fs::read(folder.path().join(format!("cut{end}.jpg"))).unwrap();
        let kept = whole.get(pixels..end).unwrap_or_default();
        assert!(new == whole[..end] || new.ends_with(kept), "cut at {end}");
    }
}

#[test]
fn an_id_alone_brings_no_licence_and_no_link_into_a_photo() {
    let id = "123456789012345";
    for (columns, cells, written) in [
        ("id", "17", false),
        ("id", id, false),
        ("id,creator_username", "17,ada", false),
        ("id,creator_username", "IMG_20240501,ada", false),
        ("id,creator_username", "123456789012345,ada", true),
        ("id,creator_id", "123456789012345,5", true),
        ("id,thumb_256_url", "123456789012345,http://h/s", true),
        ("id,raw_json", "123456789012345,{}", true),
        ("id,quality", "123456789012345,2048", true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = photo::jpeg(&folder.path().join("own.jpg"), None);
        let rows = format!("path,lon,lat,{columns}\nown.jpg,9,54,{cells}\n");
        let run = tag(folder.path(), &[], &rows);
        assert_eq!(cell(&run, "status"), "done");
        let bytes = fs::read(&path).unwrap();
        let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        let found = [has(b"CC BY-SA"), has(b"mapillary.com"), has(b"Mapillary image")];
        assert_eq!(found, [written; 3], "{columns}: {cells}");
        assert_eq!(run.stderr.contains("--only id,rights"), !written, "{}", run.stderr);
        // A group that is selected by name is written.
        tag(folder.path(), &["--only", "rights"], &rows);
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.windows(8).any(|window| window == b"CC BY-SA"), "{columns}: {cells}");
    }
}

#[test]
fn a_copyright_that_a_camera_wrote_stays_in_the_second_run_too() {
    let folder = tempfile::tempdir().unwrap();
    for (name, copyright) in [("a.jpg", true), ("b.jpg", false)] {
        let words = Camera { copyright: copyright.then_some("(C) Me"), ..camera() };
        let words = Camera { artist: (!copyright).then_some("Me"), ..words };
        let path = photo::jpeg(&folder.path().join(name), Some(&words));
        let rows = SERVICE.replace("a.jpg", name);
        for _ in 0..2 {
            assert!(tag(folder.path(), &[], &rows).stderr.contains("--overwrite"));
            let bytes = fs::read(&path).unwrap();
            assert!(!bytes.windows(8).any(|window| window == b"CC BY-SA"), "{name}");
        }
        tag(folder.path(), &["--overwrite"], &rows);
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.windows(13).any(|window| window == b"ada, CC BY-SA"), "{name}");
        // Our own values may be updated: the service's name for a user changes.
        let other = rows.replace("ada", "ada2");
        tag(folder.path(), &[], &other);
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.windows(14).any(|window| window == b"ada2, CC BY-SA"), "{name}");
    }
}

#[test]
fn two_photos_never_share_a_sidecar() {
    let folder = tempfile::tempdir().unwrap();
    let within = |name: &str| folder.path().join(name);
    let tif = b"II*\0\x08\0\0\0\x01\0\x00\x01\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
    for name in ["IMG_1", "IMG_2"] {
        photo::png(&within(&format!("{name}.png")));
    }
    fs::write(within("IMG_1.tif"), tif).unwrap();
    let rows = "path,lon,lat\nIMG_1.png,1,10\nIMG_1.tif,2,20\nIMG_2.png,3,30\n";
    for status in ["done", "kept"] {
        let run = tag(folder.path(), &[], rows);
        assert_eq!(column(&run, "status"), [status; 3]);
    }
    let there = |name: &str| within(name).exists();
    assert!(there("IMG_1.png.xmp") && there("IMG_1.tif.xmp") && !there("IMG_1.xmp"));
    assert!(there("IMG_2.xmp"), "the usual name where nobody else wants it");
    let run = tool("read-exif").within(folder.path()).arg(".").ok();
    assert_eq!(column(&run, "lon"), ["1", "2", "3"]);
    // Written to another folder, they follow one after another, and from two folders.
    fs::create_dir(within("other")).unwrap();
    fs::write(within("other/IMG_2.tif"), tif).unwrap();
    let other = within("other/IMG_2.tif").display().to_string();
    let rows = format!("{rows}{other},4,40\n").replace("IMG_2.png", "./IMG_2.png");
    tag(folder.path(), &["--into", "new"], &rows);
    let run = tool("read-exif").within(folder.path()).arg("new").ok();
    assert_eq!(column(&run, "lon"), ["1", "2", "3", "4"]);
}

#[test]
fn a_sidecar_that_may_be_of_two_photos_is_read_for_neither_and_said() {
    let folder = tempfile::tempdir().unwrap();
    photo::png(&folder.path().join("a.png"));
    tag(folder.path(), &[], "path,lon,lat\na.png,1,10\n");
    fs::rename(folder.path().join("a.png"), folder.path().join("b.png")).unwrap();
    fs::copy(folder.path().join("b.png"), folder.path().join("a.heic")).unwrap();
    fs::rename(folder.path().join("b.png"), folder.path().join("a.png")).unwrap();
    let run = tool("read-exif").within(folder.path()).args(&["a.png", "a.heic"]).ok();
    assert_eq!(column(&run, "lon"), ["", ""]);
    assert!(run.stderr.contains("may be that of 'a.png' too"), "{}", run.stderr);
    assert!(column(&run, "why").iter().all(|why| why.contains("a.xmp")));
}

#[test]
fn a_sidecar_beside_a_jpeg_is_written_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = photo::jpeg(&folder.path().join("a.jpg"), None);
    let old = fs::read(&path).unwrap();
    let rows = "path,lon,lat,compass_angle\na.jpg,10,55,90\n";
    for status in ["done", "kept"] {
        assert_eq!(cell(&tag(folder.path(), &["--sidecar"], rows), "status"), status);
    }
    assert_eq!(fs::read(&path).unwrap(), old);
    let run = read(folder.path(), "a.jpg");
    assert_eq!((cell(&run, "lon"), cell(&run, "compass_angle")), ("10".into(), "90".into()));
    assert_eq!(cell(&run, "why"), "position, direction from sidecar 'a.xmp'");
    // The file itself has no position yet.
    let sidecar = fs::read(folder.path().join("a.xmp")).unwrap();
    let other = "path,lon,lat\na.jpg,11,55\n";
    let run = tag(folder.path(), &[], other);
    assert_eq!(cell(&run, "status"), "done");
    assert!(run.stderr.contains("sidecars beside some files say otherwise"), "{}", run.stderr);
    assert_eq!(fs::read(folder.path().join("a.xmp")).unwrap(), sidecar);
    let run = read(folder.path(), "a.jpg");
    assert_eq!(cell(&run, "lon"), "11");
    let why = cell(&run, "why");
    assert!(why.contains("position 11, 55 of the file is used"), "{why}");
    assert!(why.contains("sidecar 'a.xmp' says 10, 55"), "{why}");
    let run = tag(folder.path(), &["--sidecar", "--overwrite"], "path,lon,lat\na.jpg,12,55\n");
    assert!(run.stderr.contains("some files themselves say otherwise"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn rows_of_one_photo_are_all_carried_out_in_their_order_however_they_name_it() {
    const PHOTOS: usize = 24;
    let folder = tempfile::tempdir().unwrap();
    let mut rows = String::from("path,lon,lat,compass_angle,direction_by\n");
    for at in 0..PHOTOS {
        let name = format!("{at}.jpg");
        let link = folder.path().join(format!("link{at}.jpg"));
        photo::jpeg(&folder.path().join(&name), Some(&camera()));
        std::os::unix::fs::symlink(&name, link).unwrap();
        rows += &format!("{name},1,1,,\n./{name},,,90,next\nlink{at}.jpg,3,3,,\n{name},4,4,,\n");
    }
    for flags in [&["--overwrite"][..], &["--overwrite", "--into", "new"]] {
        let flags = [flags, &["-j", "8"]].concat();
        let run = tag(folder.path(), &flags, &rows);
        let names: Vec<&str> = run.stdout.lines().skip(1).collect();
        assert_eq!(names.len(), 4 * PHOTOS);
        let read = if flags.contains(&"new") { "new" } else { "." };
        let files: Vec<String> = (0..PHOTOS).map(|at| format!("{read}/{at}.jpg")).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let run = tool("read-exif").within(folder.path()).args(&files).ok();
        assert_eq!(column(&run, "lon"), ["4"; PHOTOS], "{flags:?}");
        assert_eq!(column(&run, "compass_angle"), ["90"; PHOTOS], "{flags:?}");
    }
}
