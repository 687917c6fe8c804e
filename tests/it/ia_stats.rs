//! ia-stats, as a process, with a stand-in for archive.org.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use crate::internet_archive::{Disturbance, InternetArchive, Item, start};
use crate::odd::odd;
use crate::tool::{Tool, tool};

fn item(tag: (&str, &str), description: &str, bytes: u64) -> Item {
    let metadata = [
        (tag.0.to_string(), vec![tag.1.to_string()]),
        ("description".to_string(), vec![description.to_string()]),
        ("publicdate".to_string(), vec!["2025-10-12T21:33:01Z".to_string()]),
    ];
    Item {
        metadata: metadata.into(),
        files: [("a.tar".to_string(), bytes)].into(),
        ..Item::default()
    }
}

/// Items of both tools and of neither, and one that only has the collection's name.
fn archive() -> InternetArchive {
    let archive = start(0).unwrap();
    let hold = |name: &str, tag, description: &str, bytes| {
        archive.hold(name, item(tag, description, bytes));
    };
    hold(
        "mapillary-ada-original",
        ("mapillary_downloader", "0.9"),
        "X. Contains 1,000 images in y.",
        2_000_000,
    );
    hold("mapillary-ada-2048-webp", ("mapillary_pipes", "0.1.0"), "Contains 900 images.", 90_000);
    hold(
        "mapillary-grace-original-webp",
        ("mapillary_pipes", "0.1.0"),
        "Contains 500 images.",
        500_000,
    );
    hold("mapillary-eve-256", ("collection", "mapillary-images"), "No count.", 100);
    hold("mapillary-scans-of-maps", ("collection", "mapillary-images"), "Contains 9 images", 1);
    hold("mapillary-other-original", ("collection", "opensource"), "Contains 7 images", 1);
    archive
}

fn stats(archive: &InternetArchive, cache: &Path) -> Tool {
    tool("ia-stats")
        .env("INTERNET_ARCHIVE_ENDPOINT", &archive.url())
        .env("XDG_CACHE_HOME", cache.to_str().unwrap())
        .env("MAPILLARY_TOKEN", "MLY|1|secret")
        .args(&["--retry-wait", "0.001"])
}

#[test]
fn all_collections_are_summed_up_whoever_made_them() {
    let (archive, cache) = (archive(), tempfile::tempdir().unwrap());
    let run = stats(&archive, cache.path()).args(&["--total", "6000"]).ok();
    assert_eq!(
        run.stdout,
        "collection,creator_username,quality,image_count,bytes,published\n\
         mapillary-ada-2048-webp,ada,2048,900,90000,2025-10-12T21:33:01Z\n\
         mapillary-ada-original,ada,original,1000,2000000,2025-10-12T21:33:01Z\n\
         mapillary-eve-256,eve,256,,100,2025-10-12T21:33:01Z\n\
         mapillary-grace-original-webp,grace,original,500,500000,2025-10-12T21:33:01Z\n"
    );
    for said in [
        "4 collections of 3 users at archive.org: 2,400 pictures, 2.6 MB",
        "1 collection without a number of pictures",
        "each user): 1,500, 25.000 % of 6,000",
        "left: about 4,500 pictures, 4.9 MB at 1.1 kB a picture",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    let quality = stats(&archive, cache.path()).args(&["--by", "quality", "-q"]).ok();
    assert_eq!(
        (quality.stdout.as_str(), quality.stderr.as_str()),
        (
            "quality,collections,image_count,bytes\n2048,1,900,90000\n256,1,0,100\noriginal,2,1500,2500000\n",
            ""
        )
    );
}

#[test]
fn the_list_is_asked_for_once_a_day_or_when_told() {
    let (archive, cache) = (archive(), tempfile::tempdir().unwrap());
    let first = stats(&archive, cache.path()).ok();
    let again = stats(&archive, cache.path()).ok();
    assert_eq!((archive.asked().len(), &again.stdout), (1, &first.stdout));
    assert!(again.stderr.contains("--refresh asks anew"), "{}", again.stderr);
    stats(&archive, cache.path()).arg("--refresh").ok();
    assert_eq!(archive.asked().len(), 2);

    let list = cache.path().join("mapillary-pipes/ia-stats.csv");
    let file = fs::File::options().write(true).open(&list).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(30 * 3600)).unwrap();
    stats(&archive, cache.path()).args(&["--max-age", "31"]).ok();
    assert_eq!(archive.asked().len(), 2);
    archive.order(&[Disturbance::Status(500), Disturbance::Status(500)]);
    let down = stats(&archive, cache.path()).args(&["--retries", "1"]).run();
    assert_eq!((down.status, down.stdout.as_str()), (Some(2), ""), "{down:?}");
    assert!(down.stderr.contains("30 h old: --max-age 31 takes it"), "{}", down.stderr);
    assert_eq!(fs::read(&list).unwrap(), first.stdout.as_bytes(), "the old list stays");
}

#[test]
fn a_long_list_comes_in_pages_through_faults_and_no_token_is_sent() {
    let (archive, cache) = (archive(), tempfile::tempdir().unwrap());
    let whole = stats(&archive, cache.path()).ok().stdout;
    archive.set_page(1);
    archive.order(&[
        Disturbance::Status(429),
        Disturbance::Cut,
        Disturbance::Malformed,
        Disturbance::Error,
        Disturbance::Drop,
    ]);
    assert_eq!(stats(&archive, cache.path()).arg("--refresh").ok().stdout, whole);
    assert_eq!(archive.asked().len(), 1 + 5 + 5);
    let words = archive.asked().concat().to_lowercase();
    assert!(!words.contains("secret") && !words.contains("authorization"), "{words}");
}

#[test]
fn a_count_that_is_none_fails_its_row_alone() {
    let (archive, cache) = (archive(), tempfile::tempdir().unwrap());
    stats(&archive, cache.path()).ok();
    let list = cache.path().join("mapillary-pipes/ia-stats.csv");
    let text = fs::read_to_string(&list).unwrap().replace(",1000,", ",many,");
    fs::write(&list, text).unwrap();
    let run = stats(&archive, cache.path()).run();
    assert_eq!((run.status, run.stdout.lines().count()), (Some(1), 4), "{run:?}");
    assert!(run.stderr.contains("'many' in column 'image_count'"), "{}", run.stderr);
}

#[test]
fn ctrl_c_ends_the_wait_for_the_list() {
    let (archive, cache) = (archive(), tempfile::tempdir().unwrap());
    archive.order(&[Disturbance::Slow(Duration::from_secs(20))]);
    let mut child = stats(&archive, cache.path()).spawn();
    while archive.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let start = Instant::now();
    crate::tool::kill().args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    assert!(!cache.path().join("mapillary-pipes/ia-stats.csv").exists());
}

#[test]
fn an_odd_list_is_used_and_said_and_not_kept_for_a_day() {
    let item = r#"{"identifier":"mapillary-ada-original","item_size":5,"description":"Contains 3 images"}"#;
    for (list, why, rows) in [
        (r#"{"items":[],"total":0}"#.to_string(), "it is empty", 0),
        (format!(r#"{{"items":[null,{item},{{}}],"total":3}}"#), "2 entries of it have no name", 1),
        (format!(r#"{{"items":[{item}]}}"#), "does not report the number", 1),
    ] {
        let (service, cache) = (odd(move |_| (200, list.clone())), tempfile::tempdir().unwrap());
        let run = || {
            let tool = service.tool("ia-stats");
            tool.env("XDG_CACHE_HOME", cache.path().to_str().unwrap()).ok()
        };
        for asked in 1..=2 {
            let run = run();
            assert_eq!(run.stdout.lines().count(), 1 + rows, "{run:?}");
            assert!(run.stderr.contains(why) && run.stderr.contains("not kept"), "{}", run.stderr);
            assert_eq!(service.asked("scrape"), asked);
        }
    }
}

#[test]
fn a_list_that_shrinks_while_it_is_read_is_kept_as_it_is_in_the_end() {
    let (archive, cache) = (
        odd(|path| {
            let page = |name: &str, rest: &str| {
                format!(r#"{{"items":[{{"identifier":"mapillary-{name}-original"}}]{rest}}}"#)
            };
            (
                200,
                if !path.contains("cursor=") {
                    page("ada", r#","total":3,"cursor":"c""#)
                } else {
                    page("eve", r#","total":2"#)
                },
            )
        }),
        tempfile::tempdir().unwrap(),
    );
    for _ in 0..2 {
        let tool = archive.tool("ia-stats").env("XDG_CACHE_HOME", cache.path().to_str().unwrap());
        assert_eq!(tool.ok().stdout.lines().count(), 3);
    }
    assert_eq!(archive.asked("scrape"), 2, "kept for a day");
}
