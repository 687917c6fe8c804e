//! fetch: the whole job in one command.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::sample::{self, BBOX, RIDES};
use crate::service::{Service, files, service, service_with};
use crate::tool::{Tool, tool};

fn fetch(service: &Service, folder: &Path, args: &[&str]) -> Tool {
    service.tool("fetch").within(folder).args(args)
}

/// The pictures of a folder, without the tools' own files.
fn pictures(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = files(folder);
    all.retain(|(name, _)| name != "images.jsonl");
    all
}

#[test]
fn one_command_fetches_what_the_pipe_fetches_and_asks_the_second_time_only_for_the_list() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let into = folder.path().join("town");
    let town = || fetch(&service, folder.path(), &["--bbox", BBOX, "--into", "town"]);
    let run = town().ok();
    assert_eq!(pictures(&into), files(&service.pictures()));
    for said in ["58 pictures, ", "within 9.9", "  2024-06-01  15 pictures, ", "  grace  "] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    for said in [
        "fetch:   get-images ",
        " --bbox 9.94,54.31,9.97,54.33 ",
        " |\nfetch:   download ",
        "58 done",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    let asked = service.requests();
    let again = town().ok();
    assert!(again.stderr.contains("58 kept"), "{}", again.stderr);
    let lists = service.asked("/maps/");
    assert_eq!(
        service.requests() - asked,
        lists / 2,
        "no entity and no picture is asked for again"
    );
    assert_eq!(again.stdout, run.stdout);
    // Other programs find the rows beside the pictures.
    tool("verify-archive").arg(&into).ok();
    let rows = fs::read_to_string(into.join("images.jsonl")).unwrap();
    assert_eq!(rows.lines().count(), 58);
}

#[test]
fn downloads_begin_while_the_list_goes_on_and_leave_what_one_step_after_the_other_leaves() {
    let slow = service_with(|settings| {
        settings.faults = vec!["slow=1".parse().unwrap()];
        settings.slow = Duration::from_millis(150);
    });
    let folder = tempfile::tempdir().unwrap();
    // About forty tiles, one by one: it takes six seconds until the first rows reach the last step.
    let area = ["--bbox", "9.93,54.30,10.05,54.35", "-j", "1"];
    fetch(&slow, folder.path(), &area).args(&["--into", "piped"]).ok();
    let requests = slow.log();
    let first_picture = requests.iter().position(|line| line.contains(" /m1/")).unwrap();
    let last_tile = requests.iter().rposition(|line| line.contains(" /maps/")).unwrap();
    assert!(first_picture < last_tile, "{first_picture} {last_tile} {}", requests.len());
    let service = service();
    let step = |tool: &str, args: &[&str]| {
        service.tool(tool).within(folder.path()).args(args).args(&["--accept-failed"]).run()
    };
    step("get-images", &[&area[..], &["-o", "images.csv"]].concat());
    step("get-meta", &["images.csv", "-o", "meta.csv"]);
    step("download", &["meta.csv", "--into", "stepped", "-o", "pictures.csv"]);
    assert_eq!(pictures(&folder.path().join("piped")), pictures(&folder.path().join("stepped")));
    let rows = |path: &Path| {
        let text = fs::read_to_string(path).unwrap().replace("piped/", "stepped/");
        // Links are signed again for each answer.
        let mut rows: Vec<Value> = tool("rows")
            .args(&["-f", "jsonl"])
            .stdin(text)
            .ok()
            .stdout
            .lines()
            .map(without_links)
            .collect();
        rows.sort_by_key(|row| row["id"].to_string());
        rows
    };
    let kept = folder.path().join("piped/.mapillary-pipes");
    let kept = fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path());
    let kept = kept.map(|path| path.join("pictures.csv")).find(|path| path.exists()).unwrap();
    assert_eq!(rows(&kept), rows(&folder.path().join("pictures.csv")));
}

fn without_links(line: &str) -> Value {
    let mut row: Value = serde_json::from_str(line).unwrap();
    let fields = row.as_object_mut().unwrap();
    fields.retain(|name, _| !name.ends_with("_url"));
    row
}

#[test]
fn a_pasted_link_is_a_picture_or_a_user_and_another_one_says_what_to_copy() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let id = sample::id(0, 3);
    let link = format!("https://www.mapillary.com/app/user/ada?pKey={id}&focus=photo");
    let run = fetch(&service, folder.path(), &[&link, "--into", "one"]).ok();
    assert!(run.stderr.contains(&format!(" --image {id} ")), "{}", run.stderr);
    assert_eq!(pictures(&folder.path().join("one")).len(), 1);
    let user = "https://www.mapillary.com/app/user/ada";
    fetch(&service, folder.path(), &[user, "--into", "ada", "--pano"]).ok();
    let run = fetch(&service, folder.path(), &[user, "--into", "ada", "--dry-run"]).ok();
    assert!(run.stderr.contains(" --user ada "), "{}", run.stderr);
    let run = fetch(&service, folder.path(), &["https://www.mapillary.com/app/?lat=1&lng=2"]).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("mly fetch --bbox W,S,E,N downloads"), "{}", run.stderr);
    let run = fetch(&service, folder.path(), &["https://osm.example/?pKey=1"]).run();
    assert!(run.stderr.contains("': the link is not to mapillary.com"), "{}", run.stderr);
}

#[test]
fn what_is_gone_is_said_with_its_id_and_the_summary_is_there_as_json() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let args = ["--sequence", RIDES[0].sequence, "--into", "ride", "--summary", "s.json"];
    let run = fetch(&service, folder.path(), &args).ok();
    let said = format!("not fetched: 1, gone: {}", sample::DELETED);
    assert!(run.stdout.contains(&said), "{}", run.stdout);
    let summary: Value =
        serde_json::from_slice(&fs::read(folder.path().join("s.json")).unwrap()).unwrap();
    assert_eq!((&summary["rows"]["done"], &summary["ended"]["gone"]), (&15.into(), &1.into()));
    let pictures = &summary["pictures"];
    assert_eq!(
        (&pictures["pictures"], &pictures["days"][0]["day"]),
        (&15.into(), &"2024-06-01".into())
    );
    assert_eq!(pictures["missing"][0]["ids"][0], sample::DELETED);
    assert_eq!(summary["service"]["requests_by_kind"]["pictures"], 15);
    assert_eq!(summary["tools"].as_array().unwrap().len(), 3);
}

#[test]
fn selections_of_one_folder_add_up_and_steps_tag_convert_and_pack() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let into = folder.path().join("all");
    for user in ["ada", "grace"] {
        fetch(
            &service,
            folder.path(),
            &["--user", user, "--into", "all", "--tag", "--webp", "--pack"],
        )
        .ok();
    }
    let names: Vec<String> = files(&into).into_iter().map(|(name, _)| name).collect();
    assert!(
        !names.iter().any(|name| name.ends_with(".jpg") || name.ends_with(".webp")),
        "{names:?}"
    );
    assert!(names.contains(&"2024-06-01.tar".to_string()), "{names:?}");
    let rows = fs::read_to_string(into.join("images.jsonl")).unwrap();
    assert!(
        rows.lines().count() == 58 && rows.lines().all(|row| row.contains("\"archive\"")),
        "{rows}"
    );
    let asked = service.asked(" /m1/");
    let again = ["--user", "ada", "--into", "all", "--tag", "--webp", "--pack"];
    let run = fetch(&service, folder.path(), &again).ok();
    assert_eq!(service.asked(" /m1/"), asked, "nothing is fetched twice: {}", run.stderr);
    tool("verify-archive").arg(&into).ok();
}

#[test]
fn a_csv_file_has_every_field_and_the_whole_answer_of_360_degree_pictures() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    for (args, rows) in [
        (&["--bbox", BBOX, "--pano"][..], 12),
        (&["--sequence", RIDES[2].sequence, "--sequence", RIDES[1].sequence, "--pano"], 12),
    ] {
        let more = ["--into", "pano", "--csv", "pano.csv", "-q"];
        fetch(&service, folder.path(), args).args(&more).ok();
        let text = fs::read_to_string(folder.path().join("pano.csv")).unwrap();
        let header = text.lines().next().unwrap();
        for name in
            ["img_id", "quality_score", "mesh", "merge_cc", "camera_parameters", "raw_json", "path"]
        {
            assert!(header.split(',').any(|column| column == name), "{name}: {header}");
        }
        let json = tool("rows").args(&["-f", "jsonl"]).stdin(text).ok().stdout;
        assert_eq!(json.lines().count(), rows);
        assert!(json.lines().all(|row| row.contains("\"raw_json\":{")), "{json}");
    }
}

#[test]
fn the_ini_file_of_a_script_runs_as_it_is() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let ini = |name: &str, text: &str| {
        fs::write(
            folder.path().join(name),
            format!("[mapillary]\naccess_token = MLY|2|own ; mine\n{text}\n"),
        )
        .unwrap();
    };
    let id = sample::id(0, 0);
    let names = |place: &str| -> Vec<String> {
        files(&folder.path().join(place)).into_iter().map(|(name, _)| name).collect()
    };
    ini("config.ini", &format!("image_key = {id}"));
    let run = fetch(&service, folder.path(), &[]).ok();
    assert_eq!(
        names(&format!("downloads/image_{id}")),
        [format!("{id}.jpg"), format!("{id}.json")]
    );
    let answer = fs::read(folder.path().join(format!("downloads/image_{id}/{id}.json"))).unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(
        (&answer["id"], &answer["creator"]["username"]),
        (&id.clone().into(), &"ada".into())
    );
    assert!(!run.stderr.contains("MLY|2") && !run.stdout.contains("MLY|2"), "{}", run.stderr);
    ini("boxes.ini", &format!("bbox = {BBOX} ; W,S,E,N\noutput_root = out"));
    fetch(&service, folder.path(), &["boxes.ini"]).ok();
    assert_eq!(
        names("out/bbox_9.94_54.31_9.97_54.33").len(),
        2,
        "one picture, unless limit says more"
    );
    ini("fetch_mpy_images.ini", &format!("sequence_key = {}", RIDES[2].sequence));
    fetch(&service, folder.path(), &[]).ok();
    assert_eq!(names(&format!("downloads/sequence_{}", RIDES[2].sequence)).len(), 24);
    for (text, said) in [
        ("", "'x.ini': no query: one of image_key, sequence_key, bbox"),
        ("image_key = 1\nsequence_key = a", "'x.ini': image_key and sequence_key: one of"),
    ] {
        ini("x.ini", text);
        let run = fetch(&service, folder.path(), &["x.ini"]).run();
        assert!(run.status == Some(2) && run.stderr.contains(said), "{run:?}");
    }
    ini("x.ini", "bbox = 0,0,0.001,0.001");
    let run = fetch(&service, folder.path(), &["x.ini"]).ok();
    assert!(run.stderr.contains("no picture is found"), "{}", run.stderr);
}

#[test]
fn an_estimate_says_how_much_there_is_and_keeps_none_of_it() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let run =
        fetch(&service, folder.path(), &["--bbox", BBOX, "--estimate", "--into", "town"]).ok();
    for said in
        ["58 pictures would go into 'town'", "by a sample of 8", "requests: 2 for metadata, 58 for"]
    {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    assert_eq!(service.asked(" /m1/"), 8);
    assert!(files(&folder.path().join("town")).is_empty());
}

#[test]
fn what_says_nothing_or_two_things_is_refused_and_a_dry_run_only_prints() {
    let folder = tempfile::tempdir().unwrap();
    let run = tool("fetch").within(folder.path()).run();
    assert!(run.status == Some(2) && run.stderr.contains("nothing says what to fetch"), "{run:?}");
    let run = tool("fetch").within(folder.path()).args(&["x.ini", "--user", "ada"]).run();
    assert!(run.status == Some(2) && run.stderr.contains("'x.ini'"), "{run:?}");
    let run =
        tool("fetch").within(folder.path()).args(&["--user", "a b", "--dry-run", "--pack"]).ok();
    assert!(
        run.stderr.contains("get-images --user 'a b'") || run.stderr.contains("--user 'a b'"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains(" |\nfetch:   pack-tar ") && files(folder.path()).is_empty(),
        "{run:?}"
    );
    // A tool that cannot continue ends the job, with its own message.
    let run = tool("fetch").within(folder.path()).args(&["--user", "ada"]).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("fetch: get-images: no token"), "{}", run.stderr);
    assert!(run.stderr.contains("fetch: get-images could not go on"), "{}", run.stderr);
}

#[test]
fn a_fifth_of_all_answers_failing_changes_nothing() {
    let faulty = service_with(|settings| {
        settings.faults = vec!["all=0.2".parse().unwrap()];
        settings.seed = 5;
        settings.slow = Duration::from_millis(4);
    });
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        fetch(&faulty, folder.path(), &["--bbox", BBOX, "--into", "town", "--timeout", "2"]).run()
    };
    let ended = (0..8).any(|_| run().status == Some(0));
    assert!(ended, "it did not end well");
    assert_eq!(pictures(&folder.path().join("town")), files(&faulty.pictures()));
}

#[test]
fn killed_at_any_moment_and_run_again_it_ends_as_if_never_killed() {
    let slow = service_with(|settings| {
        settings.faults = vec!["slow=0.6".parse().unwrap()];
        settings.slow = Duration::from_millis(25);
    });
    let folder = tempfile::tempdir().unwrap();
    let town =
        || fetch(&slow, folder.path(), &["--bbox", BBOX, "--into", "town", "--tag", "-j", "2"]);
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..5 {
        let mut child = town().spawn();
        sleep(Duration::from_millis(random.u64(20..600)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // The tools of a killed run end with it, so that the next run is not refused for long.
    let ended = (0..50).any(|_| {
        let run = town().run();
        sleep(Duration::from_millis(if run.status == Some(0) { 0 } else { 20 }));
        run.status == Some(0)
    });
    assert!(ended, "it did not end well");
    let other = tempfile::tempdir().unwrap();
    fetch(&service(), other.path(), &["--bbox", BBOX, "--into", "town", "--tag"]).ok();
    assert_eq!(pictures(&folder.path().join("town")), pictures(&other.path().join("town")));
}

#[cfg(target_os = "linux")]
#[test]
fn a_request_to_end_ends_all_tools_in_order_and_says_how_to_go_on() {
    use rustix::process::{Pid, Signal, kill_process};
    let slow = service_with(|settings| {
        settings.faults = vec!["slow=1".parse().unwrap()];
        settings.slow = Duration::from_millis(30);
    });
    let folder = tempfile::tempdir().unwrap();
    let child = fetch(&slow, folder.path(), &["--user", "ada", "--into", "ada", "-j", "1"]).spawn();
    while slow.asked(" /m1/") < 5 {
        sleep(Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("fetch: interrupted: the same command, run again, goes on"), "{said}");
    let there = pictures(&folder.path().join("ada")).len();
    assert!((4..29).contains(&there), "{there}: {said}");
    let run = fetch(&slow, folder.path(), &["--user", "ada", "--into", "ada"]).ok();
    assert!(run.stderr.contains(&format!("{there} kept")), "{there}: {}", run.stderr);
}
