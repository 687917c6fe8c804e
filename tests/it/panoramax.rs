//! upload --to panoramax, as a process, with a stand-in that answers like the server of Panoramax (geovisio 2.15).

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::photos::{card, track};
use crate::read_exif::column;
use crate::tool::{Tool, tool};

/// The state of the instance.
#[derive(Default)]
struct Held {
    sets: Vec<UploadSet>,
    /// Each request, by method and path, and the fields of the forms.
    asked: Vec<String>,
    /// The number of file uploads whose answers are still to be lost, and that are still to fail.
    lost: usize,
    failing: usize,
}

#[derive(Default)]
struct UploadSet {
    said: Value,
    /// Names, bytes and fields.
    files: Vec<(String, Vec<u8>, BTreeMap<String, String>)>,
    is_complete: bool,
}

/// An instance with one user, whose token is `right`.
struct Instance {
    url: String,
    held: Arc<Mutex<Held>>,
}

impl Instance {
    fn start() -> Instance {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let held: Arc<Mutex<Held>> = Arc::default();
        let its = Arc::clone(&held);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let held = Arc::clone(&its);
                thread::spawn(move || serve(stream, &held));
            }
        });
        Instance { url, held }
    }

    fn upload(&self, folder: &Path) -> Tool {
        tool("upload")
            .within(folder)
            .env("PANORAMAX_TOKEN", "right")
            .env("MAPILLARY_TOKEN", "of-mapillary")
            .env("XDG_STATE_HOME", folder.join("state").to_str().unwrap())
            .env("MAPILLARY_UPLOAD_HISTORY_PATH", folder.join("history").to_str().unwrap())
            .args(&["--to", "panoramax", "--instance", &self.url, "--retry-wait", "0.001"])
    }

    /// The names in each complete set.
    fn names(&self) -> Vec<Vec<String>> {
        let held = self.held.lock().unwrap();
        let complete = held.sets.iter().filter(|set| set.is_complete);
        complete
            .map(|set| {
                let mut names: Vec<String> =
                    set.files.iter().map(|(name, ..)| name.clone()).collect();
                names.sort();
                names
            })
            .collect()
    }
}

fn serve(stream: TcpStream, held: &Mutex<Held>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let (mut line, mut headers) = (String::new(), BTreeMap::new());
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).unwrap();
            let Some((name, value)) = header.trim().split_once(": ") else { break };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let len = headers.get("content-length").map_or(0, |len| len.parse().unwrap());
        let mut body = vec![0; len];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let mut held = held.lock().unwrap();
        let (status, answer) = answer(&mut held, line.trim(), &headers, &body);
        if status == 202 && held.lost > 0 {
            held.lost -= 1;
            return;
        }
        drop(held);
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
            text.len()
        );
        if stream.write_all(head.as_bytes()).is_err() {
            return;
        }
    }
}

fn answer(
    held: &mut Held,
    line: &str,
    headers: &BTreeMap<String, String>,
    body: &[u8],
) -> (u16, Value) {
    let path = line.trim_end_matches(" HTTP/1.1");
    held.asked.push(path.to_owned());
    if headers.get("authorization").map(String::as_str) != Some("Bearer right") {
        return (401, json!({"message": "Authentication is mandatory", "status_code": 401}));
    }
    let parts: Vec<&str> = path.split(['/', ' ']).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        ["GET", "api", "users", "me"] => (200, json!({"id": "0000-1", "name": "ada"})),
        ["POST", "api", "upload_sets"] => {
            let said = serde_json::from_slice(body).unwrap();
            held.sets.push(UploadSet { said, ..UploadSet::default() });
            (200, json!({"id": format!("set-{}", held.sets.len() - 1), "completed": false}))
        }
        ["POST", "api", "upload_sets", set, "files"] => add(held, index(set), headers, body),
        ["POST", "api", "upload_sets", set, "complete"] => {
            held.sets[index(set)].is_complete = true;
            (200, json!({"id": set, "completed": true}))
        }
        _ => (404, json!({"message": "Not found", "status_code": 404})),
    }
}

fn index(set: &str) -> usize {
    set.trim_start_matches("set-").parse().unwrap()
}

fn add(
    held: &mut Held,
    set: usize,
    headers: &BTreeMap<String, String>,
    body: &[u8],
) -> (u16, Value) {
    if held.failing > 0 {
        held.failing -= 1;
        return (502, json!("bad gateway"));
    }
    let boundary = headers["content-type"].split("boundary=").nth(1).unwrap();
    let (name, bytes, fields) = form(body, boundary);
    assert!(
        name.ends_with(".jpg")
            && bytes.starts_with(&[0xFF, 0xD8])
            && bytes.ends_with(&[0xFF, 0xD9])
    );
    let id = |set: usize, at: usize| format!("picture-{set}-{at}");
    for (other, known) in held.sets.iter().enumerate() {
        let Some(at) = known.files.iter().position(|(_, known, _)| *known == bytes) else {
            continue;
        };
        let told = if other == set {
            json!({"message": "The item has already been added to this upload set", "existing_item": {"id": id(set, at)}})
        } else {
            json!({"message": "The same picture has already been sent in a past upload",
                "upload_sets": [{"existing_item_id": id(other, at), "upload_set_id": format!("set-{other}")}]})
        };
        return (409, told);
    }
    let files = &mut held.sets[set].files;
    files.push((name.clone(), bytes, fields));
    (202, json!({"picture_id": id(set, files.len() - 1), "file_name": name}))
}

/// The file of a form and its name, and the other fields.
fn form(body: &[u8], boundary: &str) -> (String, Vec<u8>, BTreeMap<String, String>) {
    let find = |from: usize, what: &[u8]| {
        body[from..].windows(what.len()).position(|part| part == what).map(|at| from + at)
    };
    let (mut fields, mut file) = (BTreeMap::new(), None);
    let (start, next) = (format!("--{boundary}\r\n"), format!("\r\n--{boundary}"));
    let mut at = 0;
    while let Some(begin) = find(at, start.as_bytes()) {
        let head_end = find(begin, b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&body[begin..head_end]).into_owned();
        at = find(head_end, next.as_bytes()).unwrap();
        let value = &body[head_end + 4..at];
        let of = |name: &str| {
            Some(head.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.to_owned())
        };
        match of("filename") {
            Some(name) => file = Some((name, value.to_vec())),
            None => {
                fields.insert(of("name").unwrap(), String::from_utf8(value.to_vec()).unwrap());
            }
        }
    }
    let (name, bytes) = file.unwrap();
    (name, bytes, fields)
}

/// Rows of photos in two sequences of 3 and 2.
fn placed(folder: &Path) -> String {
    track(folder);
    card(folder, 5);
    let rows = tool("geotag-gpx").within(folder).args(&["card", "--gpx", "ride.gpx"]).ok().stdout;
    let rows = tool("time-split").args(&["--max-images", "3"]).stdin(rows).ok().stdout;
    tool("interpolate-dir").stdin(rows).ok().stdout
}

#[test]
fn each_sequence_becomes_an_upload_set_with_what_the_rows_say() {
    let (instance, folder) = (Instance::start(), tempfile::tempdir().unwrap());
    let rows = placed(folder.path());
    let planned = instance.upload(folder.path()).arg("--dry-run").stdin(rows.clone()).ok();
    assert_eq!(column(&planned, "status"), ["planned"; 5]);
    assert!(instance.held.lock().unwrap().asked.is_empty());
    let run = instance.upload(folder.path()).args(&["-j", "1"]).stdin(rows.clone()).ok();
    assert_eq!(column(&run, "status"), ["done"; 5]);
    assert_eq!(column(&run, "cluster_id"), ["set-0", "set-0", "set-0", "set-1", "set-1"]);
    assert_eq!(column(&run, "upload_handle")[..3], ["picture-0-0", "picture-0-1", "picture-0-2"]);
    assert_eq!(
        instance.names(),
        [&["IMG_10.jpg", "IMG_8.jpg", "IMG_9.jpg"][..], &["IMG_11.jpg", "IMG_12.jpg"]]
    );
    let held = instance.held.lock().unwrap();
    let set = &held.sets[0];
    assert_eq!(set.said["estimated_nb_files"], 3);
    assert_eq!(
        (&set.said["no_split"], &set.said["title"]),
        (&json!(true), &json!("2024-05-01 10:00:00 UTC"))
    );
    let (_, bytes, fields) = &set.files[0];
    assert_eq!(
        *bytes,
        fs::read(folder.path().join("card/IMG_8.JPG")).unwrap(),
        "the file as it is"
    );
    assert_eq!(fields["override_capture_time"], "2024-05-01T10:00:00.000Z");
    assert_eq!(
        (fields["override_latitude"].as_str(), fields["override_longitude"].as_str()),
        ("52.0000000", "13.0000000")
    );
    assert_eq!(fields["override_Exif.GPSInfo.GPSImgDirection"], "9000/100");
    let asked = held.asked.len();
    drop(held);
    let again = instance.upload(folder.path()).stdin(rows).ok();
    assert_eq!(column(&again, "status"), ["kept"; 5]);
    assert_eq!(
        instance.held.lock().unwrap().asked.len(),
        asked + 1,
        "but for the user, nothing is asked"
    );
}

#[test]
fn answers_that_are_lost_failures_and_kills_bring_no_picture_twice() {
    let (instance, folder) = (Instance::start(), tempfile::tempdir().unwrap());
    let rows = placed(folder.path());
    fs::write(folder.path().join("rows.csv"), &rows).unwrap();
    for ms in [10, 40, 80, 120] {
        (instance.held.lock().unwrap().lost, instance.held.lock().unwrap().failing) = (1, 1);
        let tool = instance.upload(folder.path()).args(&["--max-rate", "20K", "rows.csv"]);
        let mut child = tool.spawn();
        thread::sleep(std::time::Duration::from_millis(ms));
        // It may have ended already; then there is nothing to kill.
        let _ = child.kill();
        child.wait().unwrap();
    }
    let run = instance.upload(folder.path()).arg("rows.csv").ok();
    let statuses = column(&run, "status");
    assert!(statuses.iter().all(|status| status == "done" || status == "kept"), "{run:?}");
    assert_eq!(
        instance.names(),
        [&["IMG_10.jpg", "IMG_8.jpg", "IMG_9.jpg"][..], &["IMG_11.jpg", "IMG_12.jpg"]]
    );
    let held = instance.held.lock().unwrap();
    let files: usize = held.sets.iter().map(|set| set.files.len()).sum();
    assert_eq!(files, 5, "each once, whatever was lost");
}

#[test]
fn who_may_not_upload_to_an_instance_is_told_so_and_what_it_has_is_kept() {
    let (instance, folder) = (Instance::start(), tempfile::tempdir().unwrap());
    let rows = placed(folder.path());
    let run =
        instance.upload(folder.path()).env("PANORAMAX_TOKEN", "wrong").stdin(rows.clone()).run();
    assert_eq!((run.status, instance.held.lock().unwrap().asked.len()), (Some(2), 1));
    assert!(
        run.stderr.contains("panoramax_cli login") && !run.stderr.contains("wrong"),
        "{}",
        run.stderr
    );
    let run = instance.upload(folder.path()).env("PANORAMAX_TOKEN", "").stdin(rows.clone()).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("no token for"), "{}", run.stderr);
    // The official client's file works as well; and pictures of another upload are not uploaded again.
    instance.upload(folder.path()).args(&["-j", "1"]).stdin(rows.clone()).ok();
    let config = folder.path().join("config/geovisio");
    fs::create_dir_all(&config).unwrap();
    fs::write(
        config.join("config.toml"),
        format!(
            "[[instances]]\nurl = \"{}\"\njwt_token = \"right\"\ntoken_id = \"1\"\n",
            instance.url
        ),
    )
    .unwrap();
    let run = instance
        .upload(folder.path())
        .env("PANORAMAX_TOKEN", "")
        .env("XDG_CONFIG_HOME", folder.path().join("config").to_str().unwrap())
        .arg("--force")
        .stdin(rows)
        .ok();
    assert_eq!(column(&run, "upload_handle")[..2], ["picture-0-0", "picture-0-1"]);
    assert!(run.stderr.contains("5 there from an earlier upload"), "{}", run.stderr);
    let held = instance.held.lock().unwrap();
    assert_eq!(held.sets.iter().map(|set| set.files.len()).sum::<usize>(), 5);
}

#[test]
fn what_an_old_app_wrote_of_its_user_does_not_go_to_an_instance() {
    let (instance, folder) = (Instance::start(), tempfile::tempdir().unwrap());
    let rows = placed(folder.path());
    let text =
        r#"{"MAPLatitude":"52.0","MAPLongitude":"13.0","MAPSettingsEmail":"ada@example.org"}"#;
    crate::describe::say(&folder.path().join("card/IMG_8.JPG"), text);
    let run = instance.upload(folder.path()).stdin(rows).ok();
    assert_eq!(column(&run, "status"), ["done"; 5]);
    let held = instance.held.lock().unwrap();
    let mut files = held.sets.iter().flat_map(|set| &set.files);
    let (_, bytes, _) = files.find(|(name, ..)| name == "IMG_8.jpg").unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("MAPLatitude") && !has("example.org"));
}

#[test]
fn an_instance_that_does_not_answer_is_named_with_what_was_asked_and_the_way_out() {
    let (instance, folder) = (Instance::start(), tempfile::tempdir().unwrap());
    let rows = placed(folder.path());
    let run = tool("upload")
        .within(folder.path())
        .env("PANORAMAX_TOKEN", "right")
        .args(&["--to", "panoramax", "--instance", "http://127.0.0.1:1"])
        .args(&["--retries", "1", "--retry-wait", "0.001"])
        .stdin(rows.clone())
        .run();
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    let words = "'127.0.0.1' gives no answer about the user of the token: ";
    for words in
        [words, "Connection refused at '127.0.0.1:1'", "--instance", "run the same command again"]
    {
        assert!(run.stderr.contains(words), "'{words}' is not in {}", run.stderr);
    }
    // A request that fails midway: the message names the photo.
    instance.held.lock().unwrap().failing = 1000;
    let run = instance.upload(folder.path()).args(&["--retries", "1", "-j", "1"]).stdin(rows).run();
    assert!(run.stderr.contains("'127.0.0.1' gives no answer about 'IMG_"), "{}", run.stderr);
    assert!(run.stderr.contains("502"), "{}", run.stderr);
}
