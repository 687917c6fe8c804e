//! upload, as a process, with the server of this project.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use mapillary_pipes::format::picture::Picture;
use mapillary_pipes::serve::{Limits, ServerSettings};

use crate::photos::{card, track};
use crate::read_exif::column;
use crate::service::{Service, service_with};
use crate::tool::{Run, Tool, tool};

/// A server that accepts uploads.
pub fn taking(change: impl FnOnce(&mut ServerSettings)) -> Service {
    service_with(|settings| {
        settings.upload = Some(Limits { min_free_bytes: 0, ..Limits::default() });
        change(settings);
    })
}

/// Rows of photos in two sequences, in the folder `card`.
pub fn placed(folder: &Path, photos: usize) -> String {
    track(folder);
    card(folder, photos);
    let rows = tool("geotag-gpx").within(folder).args(&["card", "--gpx", "ride.gpx"]).ok().stdout;
    let rows = tool("time-split").args(&["--max-images", "3"]).stdin(rows).ok().stdout;
    tool("interpolate-dir").stdin(rows).ok().stdout
}

pub fn upload(service: &Service, folder: &Path) -> Tool {
    service
        .tool("upload")
        .within(folder)
        .env("MAPILLARY_TOKEN", "a-user")
        .env("MAPILLARY_UPLOAD_HISTORY_PATH", folder.join("history").to_str().unwrap())
        .env("MAPILLARY_CONFIG_PATH", folder.join("profiles").to_str().unwrap())
        .env("XDG_STATE_HOME", folder.join("state").to_str().unwrap())
}

/// The sequences that have arrived, each as the names of its photos in their order, whatever they contain.
pub fn arrived(service: &Service) -> Vec<Vec<String>> {
    let Ok(entries) = fs::read_dir(service.folder.path().join("uploads")) else {
        return Vec::new();
    };
    let mut sequences: Vec<Vec<String>> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("uploaded.jsonl").exists())
        .map(|path| {
            let rows = fs::read_to_string(path.join("uploaded.jsonl")).unwrap();
            let id = |line: &str| {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                row["id"].as_str().unwrap().to_owned()
            };
            rows.lines().map(|line| said(&path.join(format!("{}.jpg", id(line))))).collect()
        })
        .collect();
    sequences.sort();
    sequences
}

/// The original file name of a photo, from its description.
fn said(path: &Path) -> String {
    let facts = Picture::open(fs::File::open(path).unwrap()).unwrap().facts().unwrap();
    let said: serde_json::Value = serde_json::from_str(&facts.exif.description.unwrap()).unwrap();
    said["MAPFilename"].as_str().unwrap().to_owned()
}

fn wanted() -> Vec<Vec<String>> {
    [&["IMG_10.JPG", "IMG_8.JPG", "IMG_9.JPG"][..], &["IMG_11.JPG", "IMG_12.JPG"]]
        .map(|names| {
            let mut names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
            names.sort_by_key(|name| name.len() * 100 + name.as_bytes()[5] as usize);
            names
        })
        .to_vec()
}

pub fn statuses(run: &Run) -> Vec<String> {
    column(run, "status")
}

fn sorted(mut sequences: Vec<Vec<String>>) -> Vec<Vec<String>> {
    sequences.iter_mut().for_each(|names| names.sort());
    sequences.sort();
    sequences
}

#[test]
fn each_sequence_arrives_once_and_its_rows_are_the_receipt() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 5);
    let before = fs::read(folder.path().join("card/IMG_8.JPG")).unwrap();
    let planned = upload(&service, folder.path()).arg("--dry-run").stdin(rows.clone()).ok();
    assert_eq!((statuses(&planned), service.asked("mly_tools")), (vec!["planned".into(); 5], 0));
    assert!(planned.stderr.contains("would send 5 photos of 2 sequences"), "{}", planned.stderr);
    let run = upload(&service, folder.path()).stdin(rows.clone()).ok();
    assert_eq!(statuses(&run), ["done"; 5]);
    assert_eq!(sorted(arrived(&service)), sorted(wanted()));
    let clusters = column(&run, "cluster_id");
    assert!(clusters[0] == clusters[2] && clusters[0] != clusters[3] && !clusters[0].is_empty());
    assert!(column(&run, "uploaded_md5").iter().all(|md5| md5.len() == 32));
    assert!(column(&run, "upload_handle").iter().all(|handle| !handle.is_empty()));
    assert_eq!(fs::read(folder.path().join("card/IMG_8.JPG")).unwrap(), before, "the file stays");
    let asked = service.asked("mly_tools");
    let again = upload(&service, folder.path()).stdin(rows).ok();
    assert_eq!(
        (statuses(&again), column(&again, "cluster_id")),
        (vec!["kept".into(); 5], clusters)
    );
    assert_eq!(service.asked("mly_tools"), asked, "nothing is sent twice");
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
}

#[test]
fn what_mapillary_tools_has_sent_is_not_sent_again() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 3);
    upload(&service, folder.path()).stdin(rows.clone()).ok();
    let records = walked(&folder.path().join("history"));
    assert_eq!(records.len(), 1);
    let record: serde_json::Value =
        serde_json::from_slice(&fs::read(&records[0]).unwrap()).unwrap();
    assert_eq!(record["summary"]["sequence_image_count"], 3);
    assert_eq!(record["descs"][0]["filetype"], "image");
    fs::write(&records[0], r#"{"params":{},"summary":{"upload_end_time":1.5,"cluster_id":"77"}}"#)
        .unwrap();
    let run = upload(&service, folder.path()).stdin(rows.clone()).ok();
    assert_eq!(
        (column(&run, "cluster_id"), column(&run, "uploaded_at")),
        (vec!["77".into(); 3], vec!["1500".into(); 3])
    );
    let forced = upload(&service, folder.path()).arg("--force").stdin(rows).ok();
    assert_eq!(statuses(&forced), ["done"; 3]);
}

#[test]
fn a_fifth_of_all_requests_failing_in_every_way_changes_nothing() {
    let faults = [
        "server=0.1",
        "cut=0.05",
        "offset=0.1",
        "upload-cut=0.2",
        "finish-failed=0.2",
        "malformed=0.05",
    ];
    let service =
        taking(|settings| settings.faults = faults.map(|fault| fault.parse().unwrap()).to_vec());
    let folder = tempfile::tempdir().unwrap();
    let rows = placed(folder.path(), 5);
    let try_it = || {
        upload(&service, folder.path())
            .args(&["--retries", "30", "--max-failures", "0"])
            .stdin(rows.clone())
            .run()
    };
    // A refused finish is not retried in the same run.
    let run = (0..10).map(|_| try_it()).find(|run| run.status == Some(0)).expect("a good run");
    let statuses = statuses(&run);
    assert!(statuses.len() == 5 && statuses.iter().all(|it| ["done", "kept"].contains(&&**it)));
    assert_eq!(sorted(arrived(&service)), sorted(wanted()));
}

#[test]
fn an_end_that_is_refused_is_tried_again_by_the_next_run_with_another_manifest() {
    let service = taking(|settings| settings.faults = vec!["finish-failed=1".parse().unwrap()]);
    let folder = tempfile::tempdir().unwrap();
    let rows = placed(folder.path(), 3);
    let manifests = || {
        let journals = walked(&folder.path().join("state"));
        let text: String = journals.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        text.lines().filter(|line| line.contains("uuid_")).count()
    };
    // Half of the failures are refusals.
    for _ in 0..10 {
        let tool = upload(&service, folder.path()).args(&["--max-failures", "0"]);
        let run = tool.stdin(rows.clone()).run();
        assert_eq!(run.status, Some(1), "{}", run.stderr);
    }
    assert!((2..=10).contains(&manifests()), "{}", manifests());
    let photos = service.asked("POST /mapillary_public_uploads/mly_tools");
    assert_eq!(photos, 3, "the photos are sent once");
}

/// The files below a folder.
fn walked(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { files.push(entry) }
        }
    }
    files
}

#[test]
fn killed_at_any_moment_and_run_again_each_sequence_arrives_once_and_whole() {
    let service = taking(|settings| {
        settings.faults = vec!["slow=1".parse().unwrap()];
        settings.slow = std::time::Duration::from_millis(20);
    });
    let folder = tempfile::tempdir().unwrap();
    let rows = placed(folder.path(), 5);
    fs::write(folder.path().join("rows.csv"), &rows).unwrap();
    for ms in [20, 60, 110, 170, 240] {
        let tool = upload(&service, folder.path()).args(&["-j", "2", "rows.csv"]);
        let mut child = tool.spawn();
        std::thread::sleep(std::time::Duration::from_millis(ms));
        // It may have ended already; then there is nothing to kill.
        let _ = child.kill();
        child.wait().unwrap();
    }
    let run = upload(&service, folder.path()).arg("rows.csv").ok();
    assert!(statuses(&run).iter().all(|status| status == "done" || status == "kept"), "{run:?}");
    assert_eq!(sorted(arrived(&service)), sorted(wanted()));
}

#[test]
fn what_the_service_would_not_take_is_held_and_says_why() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 3);
    let mut lines: Vec<String> = rows.lines().map(String::from).collect();
    // The last photo has the position of the one before.
    lines[3] = lines[2].replace("IMG_9", "IMG_10");
    let run = upload(&service, folder.path()).stdin(lines.join("\n") + "\n").ok();
    assert_eq!(statuses(&run), ["held", "done", "done"]);
    assert!(column(&run, "why")[0].starts_with("MapillaryDuplicationError"));
    assert_eq!(arrived(&service)[0].len(), 2);
    // Findings of describe with other limits still apply.
    let strict = tool("describe")
        .within(folder.path())
        .args(&["--max-speed", "0.1"])
        .stdin(rows)
        .ok()
        .stdout;
    let run = upload(&service, folder.path()).stdin(strict).ok();
    assert_eq!(statuses(&run), ["held"; 3]);
}

#[test]
fn sequences_become_zips_of_the_same_bytes_each_time_and_those_are_sent() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 5);
    let packed = |into: &str| {
        let run = upload(&service, folder.path()).args(&["--zip", into]).stdin(rows.clone()).ok();
        let mut zips = column(&run, "zip");
        zips.dedup();
        zips
    };
    let (first, second) = (packed("a"), packed("b"));
    assert_eq!(first.len(), 2);
    for (a, b) in first.iter().zip(&second) {
        let [a, b] = [a, b].map(|name| folder.path().join(name));
        assert_eq!(fs::read(&a).unwrap(), fs::read(&b).unwrap());
        assert_eq!(a.file_name(), b.file_name());
        let mut zip = zip::ZipArchive::new(fs::File::open(&a).unwrap()).unwrap();
        assert!(zip.comment().starts_with(b"{\"sequence_md5sum\":\""));
        let mut photo = Vec::new();
        zip.by_name("0.jpg").unwrap().read_to_end(&mut photo).unwrap();
        assert!(photo.starts_with(&[0xFF, 0xD8]));
    }
    assert_eq!(service.asked("mapillary_public_uploads"), 0);
    let zips: Vec<&str> = first.iter().map(String::as_str).collect();
    let run = upload(&service, folder.path()).arg("--from-zip").args(&zips).ok();
    assert_eq!(statuses(&run), ["done", "done"]);
    assert_eq!(sorted(arrived(&service)), sorted(wanted()));
    // The same photos, sent in another way: they count as uploaded.
    assert_eq!(statuses(&upload(&service, folder.path()).stdin(rows.clone()).ok()), ["kept"; 5]);
    fs::write(folder.path().join("c.zip"), b"PK\x05\x06").unwrap();
    let run = upload(&service, folder.path()).args(&["--from-zip", "c.zip"]).run();
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("'c.zip' is not a ZIP of a sequence"), "{}", run.stderr);
}

#[test]
fn pictures_that_appear_are_found_and_get_their_ids() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 4);
    let run =
        upload(&service, folder.path()).args(&["--wait", "1", "--poll", "0.05"]).stdin(rows).ok();
    let ids = column(&run, "img_id");
    assert_eq!(ids.iter().filter(|id| !id.is_empty()).count(), 4, "{run:?}");
    let meta = service.tool("get-meta").stdin(run.stdout).ok();
    assert_eq!(column(&meta, "compass_angle").len(), 4);
}

#[test]
fn who_may_not_upload_is_told_at_once_and_how_to() {
    let folder = tempfile::tempdir().unwrap();
    let rows = placed(folder.path(), 2);
    let strict = taking(|settings| settings.token = Some("right".into()));
    for (token, words) in [("MLY|1|2", "'mly login' gets a token"), ("wrong", "refuses the token")]
    {
        let run =
            upload(&strict, folder.path()).env("MAPILLARY_TOKEN", token).stdin(rows.clone()).run();
        assert_eq!((run.status, strict.asked("mapillary_public_uploads")), (Some(2), 0), "{token}");
        assert!(run.stderr.contains(words) && !run.stderr.contains("wrong"), "{}", run.stderr);
    }
    let service = taking(|_| {});
    let run = upload(&service, folder.path()).args(&["--organization", "nobody"]).stdin(rows).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("no organization 'nobody'"), "{}", run.stderr);
}

#[test]
fn a_token_from_a_file_is_never_used_beside_a_profile_or_for_an_application() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 2);
    fs::write(folder.path().join("token"), "MLY|1|2\n").unwrap();
    let refused: [(&[&str], &str); 2] = [
        (&["--token-file", "token"], "the token of an application"),
        (&["--token-file", "token", "--profile", "ada"], "cannot be used with --profile"),
    ];
    for (flags, words) in refused {
        for is_dry in [false, true] {
            let dry: &[&str] = if is_dry { &["--dry-run"] } else { &[] };
            let run =
                upload(&service, folder.path()).args(flags).args(dry).stdin(rows.clone()).run();
            assert_eq!(run.status, Some(2), "{flags:?} {is_dry}: {}", run.stderr);
            assert!(run.stderr.contains(words), "{}", run.stderr);
        }
    }
    assert_eq!((service.asked("mly_tools"), arrived(&service).len()), (0, 0));
}

#[test]
fn each_folder_is_a_sequence_when_asked_for() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    placed(folder.path(), 2);
    let rows = placed(folder.path(), 4);
    let to = |name: &str| folder.path().join("card").join(name);
    fs::create_dir(folder.path().join("other")).unwrap();
    for name in ["IMG_10.JPG", "IMG_11.JPG"] {
        fs::rename(to(name), folder.path().join("other").join(name)).unwrap();
    }
    let rows = rows.replace("card/IMG_10", "other/IMG_10").replace("card/IMG_11", "other/IMG_11");
    upload(&service, folder.path()).arg("--each-folder").stdin(rows).ok();
    let names: Vec<PathBuf> =
        arrived(&service).iter().map(|names| PathBuf::from(names.len().to_string())).collect();
    assert_eq!(names, [PathBuf::from("2"), PathBuf::from("2")]);
}

/// The pixels of a JPEG: the bytes after the start of its first scan.
fn pixels(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let start = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    bytes[start..].to_vec()
}

#[test]
fn photos_that_went_the_whole_circle_have_their_pixels_places_directions_and_order() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 5);
    let described = tool("describe").within(folder.path()).stdin(rows).ok();
    let sent = upload(&service, folder.path())
        .args(&["--wait", "1", "--poll", "0.05"])
        .stdin(described.stdout)
        .ok();
    let ask =
        |name: &str| service.tool(name).within(folder.path()).env("MAPILLARY_TOKEN", "a-user");
    let ids = column(&sent, "img_id").join("\n") + "\n";
    let mut sequences = Vec::new();
    let back = ask("get-meta").stdin(format!("id\n{ids}")).ok();
    for id in column(&back, "seq_id") {
        if !sequences.contains(&id) {
            sequences.push(id);
        }
    }
    assert_eq!(sequences.len(), 2);
    let listed =
        ask("get-images").args(&["--sequence", &sequences[0], "--sequence", &sequences[1]]).ok();
    let back = ask("get-meta").stdin(listed.stdout).ok();
    let back = ask("download").args(&["--into", "back"]).stdin(back.stdout).ok();
    let number = |run: &Run, name: &str, at: usize| column(run, name)[at].parse::<f64>().unwrap();
    let order = |run: &Run| column(run, "captured_at");
    assert_eq!(order(&back), order(&sent), "in the order of time");
    for at in 0..5 {
        for (name, most) in
            [("lon", 1e-7), ("lat", 0.9e-7), ("compass_angle", 0.01), ("altitude", 0.01)]
        {
            let off = (number(&sent, name, at) - number(&back, name, at)).abs();
            assert!(off <= most, "{name} of {at} is off by {off}");
        }
        let [sent, back] = [&sent, &back].map(|run| folder.path().join(&column(run, "path")[at]));
        assert_eq!(pixels(&sent), pixels(&back), "{}", sent.display());
    }
}

#[test]
fn an_organization_is_given_by_slug_name_or_id_and_another_one_is_refused_with_the_list() {
    let service = service_with(|settings| {
        settings.upload = Some(Limits { min_free_bytes: 0, ..Limits::default() });
        let row = r#"{"id":"31","sequence":"s","captured_at":1700000000000,"geometry":{"type":"Point","coordinates":[8,50]},"creator":{"username":"grace"},"organization":{"id":"80","slug":"town","name":"Town of X"}}"#;
        fs::write(settings.dir.join("own.jsonl"), format!("{row}\n")).unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let rows = placed(folder.path(), 2);
    let to = |organization: &str| {
        let tool = upload(&service, folder.path()).args(&["--organization", organization]);
        tool.stdin(rows.clone()).run()
    };
    let run = to("city");
    assert_eq!((run.status, service.asked("mapillary_public_uploads")), (Some(2), 0));
    assert!(run.stderr.contains("no organization 'city'"), "{}", run.stderr);
    let named = "the pictures of 'grace' are of 'town' (80), ";
    assert!(run.stderr.contains(named), "{}", run.stderr);
    for (key, before) in [("town", 0), ("80", 1), ("Town of X", 1)] {
        let run = to(key);
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        assert!(run.stderr.contains("for 'town' (80)"), "{}", run.stderr);
        assert_eq!(statuses(&run)[0], ["done", "kept"][before], "{key}");
    }
    let cluster = fs::read_dir(service.folder.path().join("uploads")).unwrap();
    let folders = cluster.map(|entry| entry.unwrap().path().join("uploaded.jsonl"));
    let rows: Vec<String> = folders.filter_map(|path| fs::read_to_string(path).ok()).collect();
    assert!(rows.len() == 1 && rows[0].contains(r#""organization":{"id":"80"}"#), "{rows:?}");
}

#[test]
fn bytes_take_the_time_that_max_rate_gives_them_and_a_dry_run_says_it() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 3);
    let limited = |flag: &str| {
        let tool = upload(&service, folder.path()).args(&["--max-rate", flag]);
        tool.stdin(rows.clone())
    };
    let planned = limited("1").arg("--dry-run").ok();
    let size = |n| fs::metadata(folder.path().join(format!("card/IMG_{n}.JPG"))).unwrap().len();
    let bytes: u64 = [8, 9, 10].map(size).iter().sum();
    let time = mapillary_pipes::value::human_format::span(bytes * 1000);
    assert!(planned.stderr.contains(&format!("about {time} at --max-rate")), "{planned:?}");
    let began = std::time::Instant::now();
    let run = limited("2000").ok();
    let sent: f64 = column(&run, "uploaded_bytes").iter().map(|n| n.parse::<f64>().unwrap()).sum();
    // Each file may start at once, so the time of the last one does not count.
    let least_s = sent / 2000.0 / 2.0;
    assert!(sent > 1000.0 && began.elapsed().as_secs_f64() > least_s, "{sent} bytes");
}

#[cfg(unix)]
#[test]
fn outside_of_the_hours_of_between_nothing_is_sent() {
    use std::io::{BufRead, BufReader};
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let rows = placed(folder.path(), 2);
    fs::write(folder.path().join("rows.csv"), rows).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let hour = |later: u64| format!("{:02}:00", (now.as_secs() / 3600 + later) % 24);
    let within = |times: String| {
        let tool = upload(&service, folder.path()).env("TZ", "UTC");
        tool.args(&["--between", &times, "rows.csv"])
    };
    // Far enough from both ends that the test cannot reach them.
    let mut child = within(format!("{}-{}", hour(4), hour(8))).spawn();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let waiting = lines.find(|line| line.as_ref().unwrap().contains("waiting"));
    let waiting = waiting.expect("a word on waiting").unwrap();
    assert!(waiting.contains(&format!("min for --between {}-{}", hour(4), hour(8))), "{waiting}");
    assert_eq!(service.asked("mapillary_public_uploads"), 0);
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let run = within(format!("{}-{}", hour(20), hour(4))).ok();
    assert_eq!(statuses(&run), ["done"; 2]);
}
