//! The pipe as a whole: two ways that must agree, faults, kills, reruns.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use crate::sample;
use crate::service::{Service, files, service, service_with};
use crate::tool::tool;

const TOWN: &str = "9.94,54.31,9.97,54.33";
const STAGES: [&str; 4] = ["get-sequences", "get-images", "get-meta", "download"];
/// Faults are random, but seeded: they affect the same requests each time.
const TRIES: usize = 8;

/// A stage of the chain that works through files, ready to run in this folder.
fn stage(service: &Service, name: &str, folder: &Path) -> crate::tool::Tool {
    let tool = service.tool(name).within(folder).args(&["-q", "--timeout", "2", "-j", "4"]);
    match name {
        "get-sequences" => tool.args(&["--bbox", TOWN, "-o", "seqs.csv"]),
        "get-images" => tool.args(&["seqs.csv", "-o", "images.csv"]),
        "get-meta" => tool.args(&["images.csv", "-o", "meta.csv"]),
        _ => tool.args(&["meta.csv", "--into", "pictures", "-o", "pictures.csv"]),
    }
}

/// Runs the chain; a stage with failures is run again, as make would do.
fn chain(service: &Service, folder: &Path) {
    for name in STAGES {
        let ended = (0..TRIES).any(|_| stage(service, name, folder).run().status == Some(0));
        assert!(ended, "{name} did not end in {TRIES} tries");
    }
}

/// The rows of a file without the columns that may differ between runs.
fn lasting(folder: &Path, file: &str) -> String {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    let header = text.lines().next().unwrap().to_string();
    let keep: Vec<&str> =
        header.split(',').filter(|name| !name.ends_with("_url") && *name != "status").collect();
    tool("rows").args(&["-q", "--columns", &keep.join(",")]).stdin(text).ok().stdout
}

fn assert_same(clean: &Path, other: &Path) {
    for file in ["seqs.csv", "images.csv", "meta.csv", "pictures.csv"] {
        assert_eq!(lasting(clean, file), lasting(other, file), "{file}");
    }
    assert_eq!(files(&clean.join("pictures")), files(&other.join("pictures")));
}

#[test]
fn the_pictures_fetched_are_those_served() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    chain(&service, folder.path());
    assert_eq!(files(&service.pictures()), files(&folder.path().join("pictures")));
    let asked = service.requests();
    chain(&service, folder.path());
    assert_eq!(service.asked(" /m1/"), 58, "a second run asks for no picture");
    assert!(service.requests() < asked + 15, "{} then {}", asked, service.requests());
}

#[test]
fn one_pipe_and_files_between_agree() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    chain(&service, folder.path());
    let sequences = service.tool("get-sequences").args(&["--bbox", TOWN]).ok().stdout;
    let images = service.tool("get-images").stdin(sequences).ok().stdout;
    let meta = service.tool("get-meta").stdin(images).ok().stdout;
    fs::write(folder.path().join("piped.csv"), meta).unwrap();
    assert_eq!(lasting(folder.path(), "meta.csv"), lasting(folder.path(), "piped.csv"));
}

#[test]
fn a_served_copy_of_what_was_fetched_gives_the_same_again() {
    let (first, folder) = (service(), tempfile::tempdir().unwrap());
    chain(&first, folder.path());
    let (pictures, rows) = (folder.path().join("pictures"), folder.path().join("meta.csv"));
    let copy = service_with(|settings| {
        settings.dir = pictures;
        settings.rows = vec![rows];
        settings.gone.clear();
    });
    let again = tempfile::tempdir().unwrap();
    chain(&copy, again.path());
    assert_eq!(files(&folder.path().join("pictures")), files(&again.path().join("pictures")));
    assert_eq!(lasting(folder.path(), "meta.csv"), lasting(again.path(), "meta.csv"));
}

#[test]
fn a_fifth_of_all_answers_failing_changes_nothing() {
    let (clean, folder) = (service(), tempfile::tempdir().unwrap());
    chain(&clean, folder.path());
    let faulty = service_with(|settings| {
        settings.faults = vec!["all=0.2".parse().unwrap()];
        settings.seed = 7;
        settings.slow = Duration::from_millis(4);
    });
    let other = tempfile::tempdir().unwrap();
    chain(&faulty, other.path());
    assert_same(folder.path(), other.path());
    assert!(
        faulty.requests() < clean.requests() * 4,
        "{} for {}",
        faulty.requests(),
        clean.requests()
    );
}

#[test]
fn killed_at_any_moment_and_run_again_it_ends_the_same() {
    let (clean, folder) = (service(), tempfile::tempdir().unwrap());
    chain(&clean, folder.path());
    let slow = service_with(|settings| {
        settings.faults = vec!["slow=0.6".parse().unwrap()];
        settings.slow = Duration::from_millis(25);
    });
    let other = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..20 {
        for name in STAGES {
            let mut child = stage(&slow, name, other.path()).spawn();
            sleep(Duration::from_millis(random.u64(1..120)));
            let _ = child.kill();
            if child.wait().unwrap().code() != Some(0) {
                break;
            }
        }
    }
    chain(&slow, other.path());
    assert_same(folder.path(), other.path());
}

#[test]
fn kept_answers_are_taken_by_key_and_the_gone_are_asked_once() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let ids: Vec<String> = (0..10).map(|at| sample::id(0, at)).collect();
    let write = |ids: &[String]| {
        fs::write(folder.path().join("images.csv"), format!("img_id\n{}\n", ids.join("\n")))
            .unwrap();
    };
    let meta = || {
        service.tool("get-meta").within(folder.path()).args(&["images.csv", "-o", "meta.csv"]).ok()
    };
    write(&ids[2..]);
    let first = meta();
    assert_eq!(first.stderr.matches("gone").count(), 2, "{}", first.stderr);
    let asked = service.requests();
    write(&ids);
    let second = meta();
    assert!(second.stderr.contains(&format!("'{}': gone", sample::DELETED)), "{}", second.stderr);
    assert_eq!(service.requests(), asked + 1, "only the two new ones are asked, in one request");
    let rows = fs::read_to_string(folder.path().join("meta.csv")).unwrap();
    let order: Vec<&str> =
        rows.lines().skip(1).map(|line| line.split(',').nth(2).unwrap()).collect();
    let wanted: Vec<&String> = ids.iter().filter(|id| *id != sample::DELETED).collect();
    assert_eq!(order, wanted);
}

#[test]
fn a_failed_row_comes_into_its_place_when_it_is_tried_again() {
    let (clean, folder) = (service(), tempfile::tempdir().unwrap());
    let images = clean.tool("get-images").args(&["--user", "ada"]).ok().stdout;
    let whole = clean
        .tool("get-meta")
        .args(&["-q", "--fields", "captured_at,geometry"])
        .stdin(images.clone())
        .ok()
        .stdout;
    let flaky = service_with(|settings| settings.faults = vec!["server=0.7".parse().unwrap()]);
    let output = folder.path().join("meta.csv");
    let meta = || {
        let tool = flaky.tool("get-meta").args(&[
            "-q",
            "--retries",
            "0",
            "--fields",
            "captured_at,geometry",
            "-o",
        ]);
        tool.arg(&output).stdin(images.clone()).run()
    };
    let mut parts = 0;
    while meta().status != Some(0) {
        assert!(!output.exists());
        parts += 1;
        assert!(parts < 60);
    }
    assert!(parts > 0, "nothing failed at all");
    assert_eq!(fs::read_to_string(&output).unwrap(), whole);
}

#[test]
fn make_twice_asks_nothing_the_second_time() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let makefile = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/Makefile");
    let make = || {
        let mut command = std::process::Command::new("make");
        command.arg("-f").arg(&makefile).current_dir(folder.path());
        command.arg(format!("BIN={}/", crate::tool::path("mly").parent().unwrap().display()));
        command
            .env("MAPILLARY_GRAPH_API_ENDPOINT", service.url())
            .env("MAPILLARY_TILES_ENDPOINT", service.url());
        command.env("MAPILLARY_TOKEN", "t").output().unwrap()
    };
    let first = make();
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert_eq!(files(&folder.path().join("pictures")).len(), 58);
    let asked = service.requests();
    assert!(make().status.success());
    assert_eq!(service.requests(), asked);
}
