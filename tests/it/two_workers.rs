//! Several processes with one job in one folder, as an engine runs them when it starts a slow task twice: one of them
//! does the work on each picture, and all report it.

use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

use mapillary_pipes::disk::atomic_file::Replacement;

use crate::get_detections::pixels;
use crate::pack_tar::{files, sample_rows};
use crate::sample;
use crate::service::service;
use crate::tool::{Run, Tool, tool};

const WORKERS: usize = 4;

fn at_once(start: impl Fn() -> Tool + Sync) -> Vec<Run> {
    thread::scope(|scope| {
        let runs: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| start().run())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

/// The number of rows with this status, over all workers.
fn count(runs: &[Run], status: &str) -> usize {
    let ending = format!(",{status}");
    runs.iter().flat_map(|run| run.stdout.lines()).filter(|row| row.ends_with(&ending)).count()
}

#[track_caller]
fn all_are_well(runs: &[Run], pictures: usize) {
    for run in runs {
        assert_eq!(run.status, Some(0), "{run:#?}");
        assert_eq!(run.stdout.lines().count(), pictures + 1, "{run:#?}");
    }
    assert_eq!(count(runs, "done") + count(runs, "kept"), WORKERS * pictures);
}

#[test]
fn downloads_of_the_same_pictures_all_report_them() {
    let (service, into) = (service(), tempfile::tempdir().unwrap());
    let ids: String = (0..5).map(|at| sample::id(0, at) + "\n").collect();
    let start = || {
        let args = ["--sidecar", "-j", "8"];
        let tool = service.tool("download").args(&args).within(into.path());
        tool.stdin(format!("img_id\n{ids}"))
    };
    let runs = at_once(start);
    all_are_well(&runs, 5);
    assert_eq!(count(&runs, "done"), 5, "each picture is written once: {runs:#?}");
}

#[test]
fn a_download_waits_for_the_other_that_fetches_the_same_picture() {
    let (service, into) = (service(), tempfile::tempdir().unwrap());
    let name = format!("mapillary/{}_original.jpg", sample::id(0, 0));
    let path = into.path().join(&name);
    let mut other = Replacement::create(&path).unwrap();
    other.write_all(&std::fs::read(some_picture(&service.pictures())).unwrap()).unwrap();
    let run = thread::scope(|scope| {
        let input = format!("img_id\n{}\n", sample::id(0, 0));
        let run = scope.spawn(|| service.tool("download").within(into.path()).stdin(input).run());
        // The links, and the picture.
        while service.requests() < 2 && !run.is_finished() {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(50));
        other.finish(None, false).unwrap();
        run.join().unwrap()
    });
    assert_eq!(run.status, Some(0), "{run:#?}");
    assert!(run.stdout.ends_with(",kept\n"), "{run:#?}");
}

fn some_picture(folder: &Path) -> std::path::PathBuf {
    let id = sample::id(0, 0);
    let named = |path: &std::path::PathBuf| path.display().to_string().contains(&id);
    let mut paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.find(named).unwrap()
}

#[test]
fn conversions_of_the_same_pictures_all_report_them_and_none_is_lost() {
    for args in [&["--method", "0"][..], &["--method", "0", "--delete"]] {
        let folder = tempfile::tempdir().unwrap();
        let rows = sample_rows(folder.path()).concat();
        let start = || {
            let args = [args, &["-f", "csv"]].concat();
            tool("to-webp").args(&args).within(folder.path()).stdin(rows.clone())
        };
        let runs = at_once(start);
        all_are_well(&runs, 58);
        let left = files(&folder.path().join("a/pictures"));
        assert_eq!(left.keys().filter(|name| name.ends_with("webp")).count(), 58);
        assert_eq!(left.len(), if args.contains(&"--delete") { 58 } else { 116 });
    }
}

#[test]
fn tagging_and_unpacking_the_same_pictures_all_report_them() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path()).concat();
    let tagged = at_once(|| {
        let args = ["-f", "csv", "--into", "tagged"];
        tool("tag-exif").args(&args).within(folder.path()).stdin(rows.clone())
    });
    all_are_well(&tagged, 58);
    let packed = tool("pack-tar").args(&["--into", "tars"]).within(folder.path());
    packed.stdin(rows.clone()).ok();
    let unpacked = at_once(|| {
        let args = ["tars", "-f", "csv", "--into", "loose"];
        tool("unpack-tar").args(&args).within(folder.path())
    });
    all_are_well(&unpacked, 58);
}

#[test]
fn a_picture_that_becomes_a_webp_while_it_is_read_or_tagged_is_found_there() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path()).concat();
    let steps: [(&'static str, &'static [&'static str]); 4] = [
        ("to-webp", &["--method", "0", "--delete", "-f", "csv"]),
        ("tag-exif", &["-f", "csv"]),
        ("read-exif", &["-f", "csv"]),
        ("to-webp", &["--method", "0", "--delete", "-f", "csv"]),
    ];
    let runs = thread::scope(|scope| {
        let run = |(name, args): (&'static str, &'static [&'static str])| {
            let tool = tool(name).args(args).within(folder.path()).stdin(rows.clone());
            scope.spawn(|| tool.run())
        };
        let runs: Vec<_> = steps.into_iter().map(run).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect::<Vec<Run>>()
    });
    for (run, (name, _)) in runs.iter().zip(steps) {
        let found = (run.status, run.stdout.lines().count());
        assert_eq!(found, (Some(0), 59), "{name}: {}", run.stderr);
    }
}

/// A picture with one detection, as a line of JSON.
fn picture(id: u32, class: &str) -> String {
    let square = "[[[[0,0],[1,0],[1,1],[0,1],[0,0]]]]";
    format!(
        "{{\"id\":\"{id}\",\"width\":4,\"height\":4,\"detection_id\":\"7\",\"value\":\"{class}\",\"polygon\":{square}}}\n"
    )
}

/// The class number in the mask of a picture, once it is there.
fn number(masks: &Path, id: u32) -> usize {
    let path = masks.join(format!("{id}.png"));
    while !path.exists() {
        thread::sleep(Duration::from_millis(2));
    }
    pixels(&path).1[0]
}

#[test]
fn a_class_has_one_number_in_the_masks_of_all_processes() {
    let folder = tempfile::tempdir().unwrap();
    let masks = folder.path().join("masks");
    let start = || {
        let args = ["-q", "--masks", "masks", "-f", "jsonl"];
        let mut child = tool("get-detections").args(&args).within(folder.path()).spawn();
        (child.stdin.take().unwrap(), child)
    };
    let mut processes = [start(), start()];
    // A picture is drawn when the next one begins: each process is a picture behind, and knows the table of then.
    let classes = ["a", "b", "c", "d", "a"];
    for (at, class) in classes.iter().enumerate() {
        for (process, (stdin, _)) in processes.iter_mut().enumerate() {
            let id = 10 * (process as u32 + 1) + at as u32;
            let class = if process == 0 { class } else { classes[classes.len() - 1 - at] };
            stdin.write_all(picture(id, class).as_bytes()).unwrap();
            if at > 0 {
                number(&masks, id - 1);
            }
        }
    }
    for (stdin, mut child) in processes {
        drop(stdin);
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let table = std::fs::read_to_string(masks.join("classes.json")).unwrap();
    let table: serde_json::Value = serde_json::from_str(&table).unwrap();
    let table = table["classes"].as_array().unwrap();
    assert_eq!(table.len(), 4, "{table:?}");
    for (at, class) in classes.iter().enumerate() {
        let of_table = table.iter().find(|entry| entry["name"] == *class).unwrap();
        let of_masks = [10 + at, 20 + classes.len() - 1 - at].map(|id| number(&masks, id as u32));
        assert_eq!(of_masks.map(|id| id as u64), [of_table["id"].as_u64().unwrap(); 2], "{class}");
    }
}

#[test]
fn two_runs_do_not_write_one_coco_file() {
    let folder = tempfile::tempdir().unwrap();
    let start = |more: &[&str]| {
        let tool = tool("get-detections").args(&["-f", "jsonl", "--coco", "c.json"]).args(more);
        tool.within(folder.path())
    };
    let mut first = start(&[]).spawn();
    let part = folder.path().join(".c.json.part");
    while !part.exists() {
        thread::sleep(Duration::from_millis(2));
    }
    let second = start(&["--shard", "1/1"]).stdin(picture(2, "b")).run();
    assert_eq!(second.status, Some(2), "{second:?}");
    assert!(second.stderr.contains("'c.json' is being written by another run"), "{second:?}");
    let mut stdin = first.stdin.take().unwrap();
    stdin.write_all(picture(1, "a").as_bytes()).unwrap();
    drop(stdin);
    assert_eq!(first.wait().unwrap().code(), Some(0));
    let coco = std::fs::read_to_string(folder.path().join("c.json")).unwrap();
    assert!(coco.contains("\"1.jpg\"") && !coco.contains("\"2.jpg\""), "{coco}");
    assert!(!part.exists());
}

#[test]
fn a_copy_of_a_task_waits_for_its_rows_before_it_opens_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let args = ["--task", "1", "-o", "d-{task}.csv", "--coco", "c-{task}.json", "-q"];
        tool("get-detections").args(&args).within(folder.path()).spawn()
    };
    let mut first = start();
    while !folder.path().join(".c-1.json.part").exists() {
        thread::sleep(Duration::from_millis(2));
    }
    let mut second = start();
    let mut pipes = [&mut first, &mut second].map(|child| child.stdin.take().unwrap());
    for stdin in &mut pipes {
        stdin.write_all(picture(1, "a").as_bytes()).unwrap();
    }
    drop(pipes);
    assert_eq!([first, second].map(|mut child| child.wait().unwrap().code()), [Some(0); 2]);
    assert!(folder.path().join("c-1.json").exists() && folder.path().join("d-1.csv").exists());
}
