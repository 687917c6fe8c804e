//! download, as a process.

use std::fs;

use jpeg_encoder::{ColorType, Encoder};

use crate::odd::odd;
use crate::sample::{self, DELETED};
use crate::service::{files, service, service_with};

fn ids(pictures: u64) -> String {
    (0..pictures).fold("img_id\n".to_string(), |text, at| text + &sample::id(0, at) + "\n")
}

#[test]
fn an_id_alone_is_enough() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let rows = service.tool("download").within(into.path()).stdin(ids(3)).ok().stdout;
    assert_eq!(rows.lines().count(), 4);
    let path = format!("mapillary/{}_original.jpg", sample::id(0, 0));
    assert!(rows.contains(&path), "{rows}");
    assert!(rows.lines().skip(1).all(|row| row.ends_with("done")), "{rows}");
    let file = fs::metadata(into.path().join(&path)).unwrap();
    let taken = file.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(taken.as_millis(), 1_717_245_296_123);
}

#[test]
fn a_link_or_a_formula_in_the_place_of_an_id_is_the_id_also_where_the_picture_is_there() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let [first, second] = [0, 1].map(|at| sample::id(0, at));
    let cells = format!(
        "img_id,colour\nhttps://www.mapillary.com/app/?pKey={first}&focus=photo,red\n\"=\"\"{second}\"\"\",blue\n"
    );
    let run = || service.tool("download").within(into.path()).stdin(cells.as_str()).ok().stdout;
    let (rows, again) = (run(), run());
    for id in [&first, &second] {
        assert!(rows.contains(&format!("\n{id},")), "{rows}");
        assert!(into.path().join(format!("mapillary/{id}_original.jpg")).exists());
    }
    assert_eq!(again.matches(",kept").count(), 2, "{again}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_system_without_certificates_can_ask_this_machine_and_is_told_what_else_needs() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let bare = |tool: crate::tool::Tool| {
        let none = "/nonexistent";
        tool.env("SSL_CERT_FILE", none).env("SSL_CERT_DIR", none).within(into.path()).stdin(ids(1))
    };
    let rows = bare(service.tool("download")).ok().stdout;
    assert!(rows.trim_end().ends_with("done"), "{rows}");
    let far = service.tool("download").env("MAPILLARY_GRAPH_API_ENDPOINT", "https://graph.example");
    let run = bare(far).run();
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains("install ca-certificates"), "{}", run.stderr);
}

#[test]
fn a_layout_makes_folders_and_a_sidecar_lies_beside() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let run = service
        .tool("download")
        .args(&["--into", "d", "--layout", "date", "--sidecar", "--sha256"])
        .within(into.path())
        .stdin(ids(1))
        .ok();
    let id = sample::id(0, 0);
    let picture = format!("2024-06-01/{}/{id}.jpg", sample::RIDES[0].sequence);
    assert!(run.stdout.contains(&picture), "{}", run.stdout);
    let names: Vec<_> = files(&into.path().join("d")).into_iter().map(|file| file.0).collect();
    assert_eq!(names, [picture.clone(), picture.replace(".jpg", ".json")]);
    // The layout has no quality in its names: another quality is refused.
    let other = service
        .tool("download")
        .args(&["--into", "d", "--layout", "date", "--quality", "256"])
        .within(into.path())
        .stdin(ids(1))
        .run();
    assert_eq!(other.status, Some(2), "{}", other.stderr);
    // A run with another layout finds the existing picture.
    let run =
        service.tool("download").args(&["--into", "d"]).within(into.path()).stdin(ids(1)).ok();
    assert!(run.stdout.contains("kept") && run.stdout.contains(&picture), "{}", run.stdout);
}

#[test]
fn what_is_gone_is_remembered_and_asked_again_only_with_recheck() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let run = |flags: &[&str]| {
        let tool = service.tool("download").args(flags).within(into.path());
        tool.stdin(format!("img_id\n{DELETED}\n")).ok()
    };
    assert!(run(&[]).stderr.contains("1 gone"));
    let asked = service.requests();
    assert!(run(&[]).stderr.contains("1 gone"));
    assert_eq!(service.requests(), asked);
    run(&["--recheck"]);
    assert!(service.requests() > asked);
}

#[test]
fn a_picture_that_is_cut_short_leaves_no_file() {
    let service = service_with(|settings| {
        settings.faults = vec!["length=1".parse().unwrap()];
    });
    let into = tempfile::tempdir().unwrap();
    let run =
        service.tool("download").args(&["--retries", "1"]).within(into.path()).stdin(ids(2)).run();
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    assert!(files(into.path()).is_empty());
}

#[test]
fn a_picture_that_was_cut_goes_on_where_it_was_cut() {
    let clean = service();
    let service = service_with(|settings| {
        settings.faults = vec!["cut=0.6".parse().unwrap()];
        settings.seed = 3;
    });
    let [wanted, into] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    clean.tool("download").within(wanted.path()).stdin(ids(4)).ok();
    let run = service.tool("download").args(&["--retries", "30"]).within(into.path());
    run.stdin(ids(4)).ok();
    assert_eq!(files(wanted.path()), files(into.path()));
    assert!(service.asked(" 206 ") > 0, "nothing was cut behind its first bytes");
}

#[test]
fn a_proxy_that_cannot_be_understood_ends_the_run_before_anything_is_asked() {
    let (service, into) = (service(), tempfile::tempdir().unwrap());
    let tool = service.tool("download").env("ALL_PROXY", "socks6://localhost:1");
    let run = tool.within(into.path()).stdin(ids(1)).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("ALL_PROXY") && run.stderr.contains("socks5h"), "{}", run.stderr);
    assert_eq!(service.requests(), 0);
}

#[test]
fn a_row_that_says_another_quality_than_the_flag_keeps_it_and_that_is_said() {
    let service = service();
    let run = |quality: &str| {
        let rows = format!("img_id,quality\n{},{quality}\n", sample::id(0, 0));
        let tool = service.tool("download").args(&["--quality", "256", "--dry-run", "--into", "d"]);
        tool.within(service.folder.path()).stdin(rows).ok()
    };
    let said = "rows say quality original, which counts more than --quality 256";
    assert!(run("original").stderr.contains(said), "{:?}", run("original"));
    assert!(!run("256").stderr.contains("counts more") && !run("").stderr.contains("counts more"));
}

#[test]
fn a_dry_run_refuses_the_ids_that_the_run_refuses() {
    let service = service();
    let run = |flag: &[&str]| {
        let tool = service.tool("download").args(flag).within(service.folder.path());
        tool.stdin("img_id\nabc\n1.02E+15\n").run()
    };
    for flag in [&["--dry-run"][..], &[]] {
        let run = run(flag);
        assert_eq!((run.status, run.stdout.lines().count()), (Some(1), 1), "{flag:?}: {run:?}");
        assert!(run.stderr.contains("'abc' is not the id of a picture"), "{flag:?}: {run:?}");
    }
}

#[test]
fn a_quality_that_is_absent_fails_and_fallback_takes_the_next() {
    let service = service_with(|settings| settings.held_sizes_only = true);
    let into = tempfile::tempdir().unwrap();
    let run = |flags: &[&str]| {
        let tool = service.tool("download").args(flags).within(into.path());
        tool.stdin(ids(1)).run()
    };
    let refused = run(&["--quality", "256"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("no picture of quality 256"), "{}", refused.stderr);
    assert!(run(&["--dry-run"]).stdout.contains("_original.jpg"));
    assert!(!into.path().join("mapillary/.mapillary-pipes").exists());
}

#[test]
fn a_disk_that_is_nearly_full_ends_the_run() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let run = service
        .tool("download")
        .args(&["--min-free", "900000T"])
        .within(into.path())
        .stdin(ids(2))
        .run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("--min-free"), "{}", run.stderr);
    assert!(files(into.path()).is_empty());
}

#[test]
fn hostile_ids_and_sequences_stay_in_the_folder() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let rows = "img_id,seq_id\n../../x,a\n1/2,a\n";
    let run = service.tool("download").within(into.path()).stdin(rows).run();
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("2 failed"), "{}", run.stderr);
}

#[test]
fn the_same_picture_twice_is_fetched_once() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let twice = ids(1) + &sample::id(0, 0) + "\n";
    let run = service.tool("download").within(into.path()).stdin(twice).ok();
    assert!(run.stderr.contains("1 done, 1 kept"), "{}", run.stderr);
}

#[test]
fn links_are_asked_for_in_batches_even_when_all_rows_are_there_at_once() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let ids = (0..5).flat_map(|ride| (0..sample::RIDES[ride].pictures).map(move |at| (ride, at)));
    let rows =
        ids.fold("img_id\n".to_string(), |text, (ride, at)| text + &sample::id(ride, at) + "\n");
    service.tool("download").within(into.path()).stdin(rows).ok();
    // 59 pictures are two batches, and the deleted one is found by bisection.
    assert!(service.asked("ids=") <= 16, "{}", service.asked("ids="));
}

#[test]
fn a_folder_that_cannot_be_made_ends_the_run() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("file"), "").unwrap();
    let rows = format!("img_id\n{}\n{}\n", sample::id(0, 0), sample::id(0, 1));
    let tool = service.tool("download").within(folder.path()).args(&["--into", "file/pictures"]);
    let run = tool.stdin(rows).run();
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains("cannot use folder 'file/pictures'"), "{}", run.stderr);
}

/// A grey JPEG of this size.
fn grey(width: u16, height: u16) -> Vec<u8> {
    let (mut bytes, pixels) = (Vec::new(), vec![128; usize::from(width) * usize::from(height)]);
    Encoder::new(&mut bytes, 80).encode(&pixels, width, height, ColorType::Luma).unwrap();
    bytes
}

#[test]
fn a_reduced_picture_never_passes_as_the_original_whatever_the_layout() {
    let (service, id) = (service(), sample::id(0, 0));
    // The existing file, the note of the folder, the requested layout.
    for (path, note, layout) in [
        (format!("{}/{id}.jpg", sample::RIDES[0].sequence), Some("256"), "flat"),
        (format!("a/{id}.jpg"), None, "flat"),
        (format!("a/{id}.jpg"), None, "date"),
        (format!("a/{id}.jpg"), Some("original"), "sequence"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join(&path);
        fs::create_dir_all(there.parent().unwrap()).unwrap();
        fs::write(&there, grey(256, 192)).unwrap();
        if let Some(note) = note {
            let notes = folder.path().join(".mapillary-pipes");
            fs::create_dir_all(&notes).unwrap();
            fs::write(notes.join("quality"), note).unwrap();
        }
        let run = || {
            let tool = service.tool("download").args(&["--layout", layout, "--into"]);
            tool.arg(folder.path()).stdin(ids(1)).ok()
        };
        assert!(run().stderr.contains("1 done"), "{path} {note:?} {layout}");
        assert!(run().stderr.contains("1 kept"), "{path} {note:?} {layout}");
        assert_eq!(fs::read(&there).unwrap(), grey(256, 192));
        assert_eq!(files(folder.path()).len(), 2);
    }
}

#[test]
fn a_stray_picture_is_kept_once_its_pixels_prove_what_it_is() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let id = sample::id(0, 0);
    fs::copy(
        service.pictures().join(format!("{id}_original.jpg")),
        folder.path().join(format!("{id}.jpg")),
    )
    .unwrap();
    let run = service.tool("download").arg("--into").arg(folder.path()).stdin(ids(1)).ok();
    assert!(run.stderr.contains("1 kept"), "{}", run.stderr);
    assert_eq!(service.asked(".jpg"), 0);
}

#[test]
fn nothing_is_overwritten_that_was_not_proven_the_same() {
    let (service, id) = (service(), sample::id(0, 0));
    let html = b"<html>not a picture</html>".to_vec();
    for (there, why) in [(grey(256, 192), "is not of quality original"), (html, "is not a picture")]
    {
        for flags in [&[][..], &["--force"]] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format!("{id}.jpg"));
            fs::write(&path, &there).unwrap();
            let tool = service.tool("download").args(&["--layout", "{id}"]).args(flags);
            let run = tool.arg("--into").arg(folder.path()).stdin(ids(1)).run();
            assert_eq!(run.status, Some(1), "{run:?}");
            assert!(run.stderr.contains(why) && run.stderr.contains("--layout"), "{}", run.stderr);
            assert_eq!(fs::read(&path).unwrap(), there);
            assert_eq!(files(folder.path()).len(), 1);
        }
    }
}

#[test]
fn pictures_of_two_qualities_never_mix_under_one_layout() {
    let service =
        odd(|path| (200, if path.contains("small") { grey(256, 192) } else { grey(800, 600) }));
    let rows = (0..16).fold(
        "img_id,quality,thumb_256_url,thumb_original_url\n".to_string(),
        |text, at| {
            let (url, quality) = (service.url(), ["256", "original"][at % 2]);
            text + &format!("{at},{quality},{url}/small{at},{url}/large{at}\n")
        },
    );
    for folder in [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()] {
        let tool = service.tool("download").args(&["--layout", "{id}", "--into"]);
        let run = tool.arg(folder.path()).stdin(rows.as_str()).run();
        assert_eq!(run.status, Some(1), "{run:?}");
        assert!(run.stderr.contains("8 done") && run.stderr.contains("8 failed"), "{}", run.stderr);
        let sizes: std::collections::HashSet<usize> =
            files(folder.path()).iter().map(|(_, bytes)| bytes.len()).collect();
        assert_eq!(sizes.len(), 1);
    }
}

#[test]
fn a_layout_asks_for_what_its_paths_are_made_from() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let tool = service.tool("get-meta").args(&["--fields", "thumb_original_url"]);
    let rows = tool.stdin(ids(2)).ok().stdout;
    assert!(!rows.contains("captured_at"), "{rows}");
    let tool = service.tool("download").args(&["--layout", "date", "--into"]);
    tool.arg(folder.path()).stdin(rows).ok();
    let names: Vec<_> = files(folder.path()).into_iter().map(|file| file.0).collect();
    let path = |at| format!("2024-06-01/{}/{}.jpg", sample::RIDES[0].sequence, sample::id(0, at));
    assert_eq!(names, [path(0), path(1)]);
}

#[test]
fn a_picture_that_is_kept_has_the_row_that_it_had_when_it_was_downloaded() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let null = format!("{{\"id\":\"{}\",\"captured_at\":null}}\n", sample::id(0, 2));
    for input in [ids(2), null] {
        let row = || {
            let tool = service.tool("download").args(&["--sidecar", "--layout", "date"]);
            let run = tool.args(&["-f", "jsonl"]).within(folder.path()).stdin(input.as_str()).ok();
            let line = run.stdout.lines().last().unwrap();
            let mut row: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(line).unwrap();
            row.retain(|name, _| !name.starts_with("thumb_"));
            (row.remove("status").unwrap(), row)
        };
        let (done, kept) = (row(), row());
        assert_eq!((done.0.as_str(), kept.0.as_str()), (Some("done"), Some("kept")));
        assert_eq!(done.1, kept.1, "no value that was requested for the path alone");
    }
    let sidecars = files(folder.path()).into_iter().filter(|(name, _)| name.ends_with("json"));
    for (name, bytes) in sidecars {
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.contains("\"captured_at\":17172") && !text.contains("requested"),
            "{name} {text}"
        );
    }
}
