//! What is held of photos and tars, whatever their number. Only Linux reports the peak of a running process.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::memory::{holds_no_more, peak_of_rows_kb, run, run_to_status, words_of};
use crate::photos::card;
use crate::tool::tool;

/// The difference between runs, in KB: these tools use many threads. What they must not hold is over 4 MB.
const NOISE_KB: u64 = 1500;

/// Rows of one photo, with different positions and times, in sequences of 500.
fn file_of_photo_rows(folder: &Path, photo: &Path, rows: usize) -> PathBuf {
    let path = folder.join(format!("photos-{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    file.write_all(b"path,seq_id,captured_at,lon,lat,altitude,compass_angle,note\n").unwrap();
    let (photo, note) = (photo.display(), "n".repeat(300));
    for at in 0..rows {
        let (sequence, east) = (at / 500, (at % 500) as f64 / 1e4);
        let ms = 1_717_245_296_000 + sequence * 10_000_000 + (at % 500) * 1000;
        let line = format!("{photo},s{sequence},{ms},{},52.5,34.2,80.5,{note}\n", 13.0 + east);
        file.write_all(line.as_bytes()).unwrap();
    }
    file.into_inner().unwrap();
    path
}

/// Rows of one photo, each with its own id and sequence, 500 per day.
fn file_of_days(folder: &Path, photo: &Path, rows: usize) -> PathBuf {
    let path = folder.join(format!("days-{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    file.write_all(b"path,img_id,seq_id,captured_at,note\n").unwrap();
    let (photo, note) = (photo.display(), "n".repeat(300));
    for at in 0..rows {
        let (id, ms) = (100_000_000_000_000 + at, 1_417_245_296_000 + at / 500 * 86_400_000);
        let line = format!("{photo},{id},Qm3vT7xKpL0aWcZyR{at},{ms},{note}\n");
        file.write_all(line.as_bytes()).unwrap();
    }
    file.into_inner().unwrap();
    path
}

#[test]
fn rows_that_are_packed_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 1);
    let photo = folder.path().join("card/IMG_8.JPG");
    let args = ["--dry-run", "--into", "none"];
    // A shard has 10,000 samples, whose rows are held, and some allocators take more for the third.
    let (days, one, shards) = (&[][..], &["--by", "none"][..], &["--webdataset"][..]);
    let cases = [(days, [11_000, 26_000]), (one, [11_000, 26_000]), (shards, [31_000, 61_000])];
    for (more, rows) in cases {
        let args = [&args[..], more].concat();
        let peak = |&rows: &usize| {
            let file = file_of_days(folder.path(), &photo, rows);
            (rows, peak_of_rows_kb("pack-tar", &args, &file))
        };
        holds_no_more(&format!("pack-tar {more:?}"), 11, NOISE_KB, &rows, peak);
    }
    let help = tool("pack-tar").arg("--help").ok().stdout;
    assert!(words_of(&help).contains("11 bytes a row"), "{help}");
}

/// Written, read back, and its originals deleted: neither rows nor the index are held.
#[test]
fn the_rows_of_one_tar_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("tars");
    let peak = |&rows: &usize| {
        card(folder.path(), 1);
        let file = file_of_days(folder.path(), &folder.path().join("card/IMG_8.JPG"), rows);
        let _ = fs::remove_dir_all(&into);
        let args = ["--by", "none", "--delete", "--into", into.to_str().unwrap()];
        (rows, peak_of_rows_kb("pack-tar", &args, &file))
    };
    holds_no_more("pack-tar --by none --delete", 11, NOISE_KB, &[8_000, 23_000], peak);
}

/// Tars of days: the index of one at a time is held.
#[test]
fn what_is_packed_is_listed_tar_by_tar() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 1);
    let photo = folder.path().join("card/IMG_8.JPG");
    let collections = [2_000, 6_000].map(|rows| {
        let collection = folder.path().join(rows.to_string()).join("mapillary-ada-original");
        fs::create_dir_all(&collection).unwrap();
        let file = file_of_days(folder.path(), &photo, rows);
        tool("pack-tar").arg("-q").arg("--into").arg(&collection).arg(file).ok();
        (rows, collection)
    });
    let peak = |(rows, folder): &(usize, PathBuf)| (*rows, run("ia-meta", &[], folder).0);
    holds_no_more("ia-meta", 24, NOISE_KB, &collections, peak);
    let help = tool("ia-meta").arg("--help").ok().stdout;
    assert!(words_of(&help).contains("some 24 bytes for each picture"), "{help}");
}

/// Indexes of tars that hold nothing, which a tool that looks for one picture has to read.
#[test]
fn of_pictures_of_tars_a_digest_and_a_place_are_held() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rows.csv"), "path,img_id\n1.jpg,1\n").unwrap();
    let collections = [10_000, 40_000].map(|pictures| {
        let into = folder.path().join(pictures.to_string());
        fs::create_dir(&into).unwrap();
        for first in (0..pictures).step_by(1000) {
            let line = |at| {
                let id = 100_000_000_000_000u64 + at;
                let (digest, place) = ("0".repeat(64), "\"offset\":512,\"bytes\":9");
                let member = format!("2024-01-01/Qm3vT7xKpL0aWcZyR2sNfB/{id}_original.jpg");
                format!(
                    "{{\"id\":\"{id}\",\"quality\":\"original\",\"member\":\"{member}\",{place},\"sha256\":\"{digest}\"}}\n"
                )
            };
            let index = (first..first + 1000).map(line).collect::<String>();
            fs::write(into.join(format!("{first}.tar.jsonl")), index).unwrap();
            File::create(into.join(format!("{first}.tar"))).unwrap();
        }
        (pictures as usize, into)
    });
    let peak = |(pictures, into): &(usize, PathBuf)| {
        let args = ["--dry-run", "--into", into.to_str().unwrap()];
        (*pictures, run_to_status(1, "pack-tar", &args, &folder.path().join("rows.csv")).0)
    };
    holds_no_more("pack-tar, of its tars", 16, NOISE_KB, &collections, peak);
    let peak = |(pictures, into): &(usize, PathBuf)| {
        let rows = into.join("rows.csv");
        fs::write(&rows, format!("path,img_id\n{},1\n", into.join("1.jpg").display())).unwrap();
        (*pictures, run_to_status(1, "verify-archive", &["-j", "1"], &rows).0)
    };
    holds_no_more("verify-archive, of tars", 16, NOISE_KB, &collections, peak);
    for (name, words) in [
        ("pack-tar", "16 for each picture in the tars"),
        ("verify-archive", "16 bytes for each picture in the tars"),
        ("read-exif", "16 bytes for each picture in the tars"),
        ("tag-exif", "16 bytes for each picture in the tars"),
        ("unpack-tar", "16 bytes for each picture in the tars"),
        ("download", "16 for each in its tars"),
    ] {
        let help = words_of(&tool(name).arg("--help").ok().stdout);
        assert!(help.contains(words), "{name}: {help}");
    }
}

/// A folder that lists its pictures: those of tars that are lost, which takes no time to find out.
#[test]
fn the_ids_of_a_list_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    // A window of 10,000 rows is full in both.
    let collections = [20_000, 50_000].map(|rows| {
        let collection = folder.path().join(rows.to_string());
        fs::create_dir(&collection).unwrap();
        let list = File::create(collection.join("images.csv")).unwrap();
        writeln!(&list, "img_id").unwrap();
        for first in (0..rows).step_by(500) {
            let ids: Vec<_> = (first..first + 500).map(|id| format!("{id:0100}")).collect();
            let member = |id: &String| {
                let digest = "0".repeat(64);
                let place = format!("\"offset\":512,\"bytes\":9,\"sha256\":\"{digest}\"");
                format!("{{\"id\":\"{id}\",\"member\":\"{id}.jpg\",{place}}}\n")
            };
            let index = collection.join(format!("{first}.tar.jsonl"));
            fs::write(index, ids.iter().map(member).collect::<String>()).unwrap();
            (&list).write_all((ids.join("\n") + "\n").as_bytes()).unwrap();
        }
        (rows, collection)
    });
    let peak = |(rows, folder): &(usize, PathBuf)| {
        (*rows, run_to_status(1, "verify-archive", &["-j", "1"], folder).0)
    };
    holds_no_more("verify-archive", 0, NOISE_KB, &collections, peak);
    let help = words_of(&tool("verify-archive").arg("--help").ok().stdout);
    assert!(help.contains("of a folder that lists its rows none of them"), "{help}");
}

/// These tools read each photo, so there are fewer rows here.
#[test]
fn photos_that_are_described_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 1);
    let photo = folder.path().join("card/IMG_8.JPG");
    let files = [3_000, 8_000].map(|rows| (rows, file_of_photo_rows(folder.path(), &photo, rows)));
    for (name, args) in [("describe", &[][..]), ("upload", &["--dry-run"])] {
        let peak = |(rows, file): &(usize, PathBuf)| (*rows, peak_of_rows_kb(name, args, file));
        holds_no_more(&format!("{name} {args:?}"), 64, NOISE_KB, &files, peak);
        let help = tool(name).arg("--help").ok().stdout;
        assert!(words_of(&help).contains("64 bytes a row"), "{name}: {help}");
    }
}
