//! to-site, as a process.

use crate::tool::tool;
use crate::town;

#[test]
fn an_archive_becomes_a_folder_and_the_page_comes_last() {
    let folder = tempfile::tempdir().unwrap();
    town::write(folder.path());
    let run = tool("to-site").arg(folder.path()).ok();
    assert!(run.stderr.contains("59 images"), "{}", run.stderr);
    assert!(run.stderr.contains("1 images have no picture"), "{}", run.stderr);
    let site = folder.path().join("site");
    let page = std::fs::read_to_string(site.join("index.html")).unwrap();
    assert!(page.contains("vendor/maplibre-gl.js"));
    // A host sends files unchanged.
    let library = std::fs::read(site.join("vendor/maplibre-gl.js")).unwrap();
    assert!(library.starts_with(b"/**") && site.join("coverage.pmtiles").exists());
}

#[test]
fn what_is_no_archive_or_has_no_way_to_it_is_named() {
    let run = tool("to-site").arg("no-such-folder").run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("no-such-folder"), "{}", run.stderr);
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let run = tool("to-site").arg(one.path()).arg("--into").arg(other.path()).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("--pictures"), "{}", run.stderr);
}
