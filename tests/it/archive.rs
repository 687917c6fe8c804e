//! An archive through its whole life: fetched, packed, checked, repaired, and fetched again.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use mapillary_pipes::serve::{Server, ServerSettings};

use crate::pack_tar::files;
use crate::service::{Service, service, service_with};
use crate::tool::{Run, Tool, tool};

const TOWN: &str = "9.94,54.31,9.97,54.33";

fn rows(service: &Service, folder: &Path) {
    let run = |tool: Tool| tool.within(folder).arg("-q").ok();
    run(service.tool("get-sequences").args(&["--bbox", TOWN, "-o", "seqs.csv"]));
    run(service.tool("get-images").args(&["seqs.csv", "-o", "images.csv"]));
    run(service.tool("get-meta").args(&["images.csv", "-o", "meta.csv"]));
}

fn download(service: &Service, folder: &Path, rows: &str) -> Run {
    let tool = service.tool("download").within(folder).args(&["--into", "pics", "-f", "csv"]);
    tool.stdin(rows).run()
}

fn pack(folder: &Path, rows: &str, args: &[&str]) -> Run {
    let tool = tool("pack-tar").within(folder).args(&["--into", "pics", "--delete"]);
    tool.args(args).stdin(rows).run()
}

/// Fetches all pictures of a service, tags them, converts them, packs them.
fn collect(asking: &dyn Fn(&str) -> Tool, folder: &Path, convert: bool) -> Pictures {
    let stage = |tool: Tool, args: &[&str]| _ = tool.within(folder).arg("-q").args(args).ok();
    stage(asking("get-sequences"), &["--bbox", TOWN, "-o", "seqs.csv"]);
    stage(asking("get-images"), &["seqs.csv", "-o", "images.csv"]);
    stage(asking("get-meta"), &["images.csv", "-o", "meta.csv"]);
    stage(asking("download"), &["meta.csv", "--into", "pics", "-o", "fetched.csv"]);
    let fetched = files(&folder.join("pics"));
    stage(tool("tag-exif"), &["fetched.csv", "-o", "tagged.csv"]);
    let mut last = "tagged.csv";
    if convert {
        stage(tool("to-webp"), &[last, "--method", "0", "--delete", "-o", "webp.csv"]);
        last = "webp.csv";
    }
    let made = files(&folder.join("pics"));
    stage(tool("pack-tar"), &[last, "--into", "pics", "--delete", "-o", "packed.csv"]);
    Pictures { fetched, made, tars: files(&folder.join("pics")) }
}

/// The files of a collection: as fetched, as packed, and the tars with the files beside them.
struct Pictures {
    fetched: BTreeMap<String, Vec<u8>>,
    made: BTreeMap<String, Vec<u8>>,
    tars: BTreeMap<String, Vec<u8>>,
}

/// The rows of a file with their stable columns, in any order, without the picture that is gone.
fn known(folder: &Path) -> Vec<String> {
    let columns = "img_id,seq_id,captured_at,lon,lat,computed_lon,altitude,make,creator_id,org_id";
    let text = fs::read_to_string(folder.join("meta.csv")).unwrap();
    let rows = tool("rows").args(&["-q", "--columns", columns]).stdin(text).ok().stdout;
    let mut lines: Vec<String> = rows.lines().map(str::to_string).collect();
    lines.retain(|line| !line.starts_with(&format!("{},", crate::sample::DELETED)));
    lines.sort();
    lines
}

fn served_and_fetched_again(convert: bool) {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let first = collect(&|name| service.tool(name), folder.path(), convert);
    assert_eq!((first.fetched.len(), first.made.len()), (58, 58));
    assert!(first.made.keys().all(|name| name.ends_with(".webp") == convert));
    assert_eq!(first.tars.len(), 15, "five tars, each with index and manifest");

    let packed = Server::start(ServerSettings::new(folder.path().join("pics"))).unwrap();
    let asking = |name: &str| {
        let url = packed.url();
        tool(name)
            .env("MAPILLARY_GRAPH_API_ENDPOINT", &url)
            .env("MAPILLARY_TILES_ENDPOINT", &url)
            .env("MAPILLARY_TOKEN", "MLY|1|x")
            .args(&["--retry-wait", "0.001", "--retries", "2"])
    };
    let again = tempfile::tempdir().unwrap();
    let second = collect(&asking, again.path(), convert);
    assert!(second.fetched == first.made, "what was packed is what comes");
    assert!(second.made == first.made, "it is tagged and converted already");
    assert_eq!(second.tars.keys().collect::<Vec<_>>(), first.tars.keys().collect::<Vec<_>>());
    let tars = |pictures: Pictures| {
        let named = pictures.tars.into_iter().filter(|(name, _)| !name.ends_with("jsonl"));
        named.collect::<Vec<_>>()
    };
    assert!(tars(second) == tars(first));
    assert_eq!(known(again.path()), known(folder.path()));
}

#[test]
fn what_is_packed_is_served_from_its_tars_and_fetched_again() {
    served_and_fetched_again(false);
}

#[test]
fn what_was_converted_and_packed_is_served_and_fetched_again_too() {
    served_and_fetched_again(true);
}

#[test]
fn done_survives_packing_and_what_is_damaged_is_fetched_and_mended() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    rows(&service, folder);
    let meta = fs::read_to_string(folder.join("meta.csv")).unwrap();
    let first = download(&service, folder, &meta);
    pack(folder, &first.stdout, &["-q"]);
    let packed = files(&folder.join("pics"));
    assert_eq!(service.asked(" /m1/"), 58);

    let again = download(&service, folder, &meta);
    assert!(again.stderr.contains("58 kept"), "{}", again.stderr);
    let kept = pack(folder, &again.stdout, &[]);
    assert!(kept.stderr.starts_with("pack-tar: 58 kept"), "{}", kept.stderr);
    assert_eq!(service.asked(" /m1/"), 58, "no picture is asked for again");
    assert!(files(&folder.join("pics")) == packed);

    let tar = folder.join("pics/2024-06-01.tar");
    let mut bytes = fs::read(&tar).unwrap();
    bytes[1000] ^= 1;
    fs::write(&tar, bytes).unwrap();
    let bad = tool("verify-archive").within(folder).args(&["pics", "-f", "csv"]).run();
    assert_eq!((bad.status, bad.stdout.lines().count()), (Some(1), 2), "{bad:?}");
    let fetched = download(&service, folder, &bad.stdout);
    assert_eq!(service.asked(" /m1/"), 59, "{fetched:?}");
    let mended = pack(folder, &fetched.stdout, &["--repair"]);
    assert_eq!(mended.status, Some(0), "{mended:?}");
    assert!(files(&folder.join("pics")) == packed);
}

/// The whole job in one pipe.
const PIPE: &str = "download meta.csv -q -j 4 --into pics --timeout 2 | tag-exif -q | \
                    to-webp -q --method 0 --delete | pack-tar -q --into pics --delete > packed.csv";

/// A pipe run by a shell, in a process group that can be killed.
fn shell(service: &Service, folder: &Path, line: &str) -> Command {
    let tools = crate::tool::path("mly").parent().unwrap().to_path_buf();
    let path = std::env::join_paths([tools, "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = Command::new("bash");
    command.args(["-c", &format!("set -o pipefail; {line}")]).current_dir(folder).env("PATH", path);
    command.env("MAPILLARY_TOKEN", "t").env("MAPILLARY_GRAPH_API_ENDPOINT", service.url());
    command.process_group(0).stderr(Stdio::null());
    command
}

fn piped(service: &Service, folder: &Path) -> Command {
    shell(service, folder, PIPE)
}

/// Everything below a folder, including the tools' notes: names, times, bytes.
fn tree(folder: &Path) -> Vec<(PathBuf, SystemTime, Vec<u8>)> {
    let (mut folders, mut found) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => {
                    let modified = entry.metadata().unwrap().modified().unwrap();
                    found.push((path.clone(), modified, fs::read(path).unwrap()));
                }
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_pipe_of_four_tools_run_again_asks_nothing_and_writes_nothing() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    rows(&service, folder);
    assert!(piped(&service, folder).status().unwrap().success());
    let (packed, asked) = (tree(&folder.join("pics")), service.requests());
    let places = packed_at(folder);
    assert_eq!(files(&folder.join("pics")).len(), 15, "five tars, each with index and manifest");
    assert!(piped(&service, folder).status().unwrap().success());
    assert!(tree(&folder.join("pics")) == packed);
    assert_eq!(service.requests(), asked, "nothing is asked");
    assert!(packed_at(folder) == places);
}

/// The location of each picture in the output of the last tool of the pipe.
fn packed_at(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("packed.csv")).unwrap();
    let columns = "img_id,quality,bytes,sha256,archive,member,captured_at";
    tool("rows").args(&["-q", "--columns", columns]).stdin(text).ok().stdout
}

#[test]
fn the_chain_of_four_tools_through_files_run_again_asks_nothing_and_writes_nothing() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    let first = collect(&|name| service.tool(name), folder, true);
    let (packed, asked) = (tree(&folder.join("pics")), service.asked(" /m1/"));
    let second = collect(&|name| service.tool(name), folder, true);
    assert!(second.tars == first.tars && tree(&folder.join("pics")) == packed);
    assert_eq!(service.asked(" /m1/"), asked, "no picture is asked for");
}

/// The names and digests of all members, whichever tar they are in.
fn members(folder: &Path) -> Vec<String> {
    let manifests = files(folder).into_iter().filter(|(name, _)| name.ends_with(".sha256"));
    let mut lines: Vec<String> = manifests
        .flat_map(|(_, text)| {
            String::from_utf8(text).unwrap().lines().map(str::to_string).collect::<Vec<_>>()
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn the_pipe_of_four_tools_killed_at_any_moment_and_run_again_has_the_same_pictures() {
    let (clean, folder) = (service(), tempfile::tempdir().unwrap());
    rows(&clean, folder.path());
    assert!(piped(&clean, folder.path()).status().unwrap().success());
    let slow = service_with(|settings| {
        settings.faults = vec!["slow=0.5".parse().unwrap()];
        settings.slow = Duration::from_millis(15);
    });
    let other = tempfile::tempdir().unwrap();
    rows(&slow, other.path());
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..20 {
        let mut child = piped(&slow, other.path()).spawn().unwrap();
        sleep(Duration::from_millis(random.u64(1..400)));
        let group = format!("-{}", child.id());
        let _ = crate::tool::kill().args(["-9", &group]).stderr(Stdio::null()).status();
        let _ = child.wait();
    }
    assert!(piped(&slow, other.path()).status().unwrap().success());
    assert_eq!(members(&other.path().join("pics")), members(&folder.path().join("pics")));
    let names = files(&other.path().join("pics")).into_keys();
    let loose: Vec<String> = names.filter(|name| !name.contains(".tar")).collect();
    assert!(loose.is_empty(), "no picture lies loose: {loose:?}");
    let run = tool("verify-archive").within(other.path()).arg("pics").ok();
    assert!(run.stderr.contains("58 intact"), "{}", run.stderr);
}

/// Flips a byte of a file.
fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

fn cut(path: &Path, len: u64) {
    fs::File::options().write(true).open(path).unwrap().set_len(len).unwrap();
}

/// Damage of every kind: a flipped byte, a truncated tar, a missing one, a truncated loose picture.
fn mended_by(convert: bool, line: &str) {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    let clean = collect(&|name| service.tool(name), folder, convert).tars;
    let pics = folder.join("pics");
    fs::copy(folder.join("meta.csv"), pics.join("images.csv")).unwrap();
    // The pictures of the last day are loose, as if not packed yet.
    tool("unpack-tar").within(folder).args(&["pics/2024-08-02.tar", "--into", "pics"]).ok();
    // Of the day before only the index is left, which lists what is missing.
    let is_lost = |name: &&String| name.starts_with("2024-08") && *name != "2024-08-01.tar.jsonl";
    clean.keys().filter(is_lost).for_each(|name| fs::remove_file(pics.join(name)).unwrap());
    let ending = if convert { "webp" } else { "jpg" };
    let lone = crate::sample::id(4, 0);
    cut(&pics.join(format!("2024-08-02/Ls0LoneP1cture2Of3Town/{lone}_original.{ending}")), 3000);
    flip(&pics.join("2024-06-01.tar"), 700);
    flip(&pics.join("2024-06-01.tar"), 30_000);
    cut(&pics.join("2024-07-01.tar"), 60_000);

    let run = shell(&service, folder, line).output().unwrap();
    assert_eq!(run.status.code(), Some(1), "the status of verify-archive: {run:?}");
    let found = fs::read_to_string(folder.join("found.csv")).unwrap();
    let counted = |status: &str| found.lines().filter(|line| line.contains(status)).count();
    assert_eq!((counted(",missing,"), found.contains(&lone)), (16, true), "{found}");
    assert!(counted(",damaged,") > 5, "{found}");
    let mut tars = files(&pics);
    tars.retain(|name, _| name.contains(".tar"));
    let differing: Vec<_> =
        clean.iter().filter(|(name, bytes)| tars.get(*name) != Some(bytes)).collect();
    let names: Vec<_> = differing.iter().map(|(name, _)| name).collect();
    assert!(differing.is_empty() && tars.len() == clean.len(), "{names:?}");
    let again = tool("verify-archive").within(folder).arg("pics").ok();
    assert!(again.stdout.lines().count() < 2, "{}", again.stdout);
    let asked = service.asked(" /m1/");
    assert!(asked < 2 * 58, "what is sound is not fetched again: {asked}");
}

#[test]
fn one_pipe_mends_what_verify_archive_finds() {
    mended_by(
        false,
        "verify-archive pics -q | tee found.csv | download -q --into pics --timeout 2 | tag-exif -q | \
         pack-tar -q --into pics --repair > mended.csv",
    );
}

#[test]
fn one_pipe_mends_converted_pictures_too() {
    mended_by(
        true,
        "verify-archive pics -q | tee found.csv | download -q --into pics --timeout 2 | tag-exif -q | \
         to-webp -q --method 0 --delete | pack-tar -q --into pics --repair > mended.csv",
    );
}

/// A collection made by other programs: tars by day with folders in them and no index, rows in one file.
fn foreign(folder: &Path) -> PathBuf {
    let rows = crate::pack_tar::sample_rows(folder);
    let dir = folder.join("mapillary-ada-original");
    fs::create_dir(&dir).unwrap();
    fs::copy(folder.join("a/images.jsonl"), dir.join("metadata.jsonl")).unwrap();
    for (at, chunk) in rows.chunks(20).enumerate() {
        let file = fs::File::create(dir.join(format!("2024-06-0{at}.tar"))).unwrap();
        let mut tar = tar::Builder::new(file);
        tar.append_dir(format!("2024-06-0{at}"), folder).unwrap();
        for row in chunk {
            let picture = row.split("\"path\":\"").nth(1).unwrap().split('"').next().unwrap();
            let name = Path::new(picture).file_name().unwrap().to_str().unwrap();
            let name = format!("2024-06-0{at}/seq/{}", name.replace("_original", ""));
            tar.append_path_with_name(folder.join(picture), name).unwrap();
        }
        tar.finish().unwrap();
    }
    dir
}

#[test]
fn tars_of_others_are_served_checked_kept_and_unpacked_without_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let dir = foreign(folder.path());
    let server = Server::start(ServerSettings::new(&dir)).unwrap();
    let asking = |name: &str| {
        let url = server.url();
        let tool = tool(name).within(folder.path()).env("MAPILLARY_GRAPH_API_ENDPOINT", &url);
        tool.env("MAPILLARY_TOKEN", "MLY|1|x").args(&["--retry-wait", "0.001", "--retries", "1"])
    };
    let ids: String = fs::read_to_string(folder.path().join("a/images.jsonl")).unwrap();
    let fetched =
        asking("download").args(&["--into", "p", "--failed", "f"]).stdin(ids.clone()).run();
    assert!(fetched.stderr.contains("58 done"), "{}", fetched.stderr);
    assert!(files(&folder.path().join("p")) == files(&folder.path().join("a/pictures")));

    let kept = asking("download").arg("--into").arg(&dir).stdin(ids.clone()).run();
    assert!(kept.stderr.contains("58 kept"), "{}", kept.stderr);
    let known = asking("get-images").args(&["--image", &crate::sample::id(0, 0), "--known"]);
    assert_eq!(known.arg(&dir).ok().stdout.lines().count(), 1, "only the header");

    let sound = tool("verify-archive").arg(&dir).run();
    assert!(sound.stderr.contains("58 intact"), "{}", sound.stderr);
    assert_eq!(sound.stdout.lines().count(), 2, "the deleted picture: {}", sound.stdout);
    let unpacked = tool("unpack-tar").arg(&dir).args(&["-q", "--into"]);
    unpacked.arg(folder.path().join("u")).ok();
    assert_eq!(files(&folder.path().join("u/2024-06-00/seq")).len(), 20);

    // With an index a flipped bit in a picture is detected, without one it is not.
    let run = tool("pack-tar").arg("--index").arg("--into").arg(&dir).stdin(ids).run();
    assert!(run.stderr.contains("58 kept, 1 failed"), "{}", run.stderr);
    let index = fs::read_to_string(dir.join("2024-06-00.tar.jsonl")).unwrap();
    assert!(index.lines().count() == 20 && index.contains("\"make\":\"Acme\""), "{index}");
    flip(&dir.join("2024-06-00.tar"), 3000);
    let found = tool("verify-archive").arg(&dir).run();
    assert!(found.stderr.contains("its digest is not that of the index"), "{}", found.stderr);
    for name in ["2024-06-00.tar.jsonl", "2024-06-00.tar.sha256"] {
        fs::remove_file(dir.join(name)).unwrap();
    }

    flip(&dir.join("2024-06-00.tar"), 600);
    cut(&dir.join("2024-06-02.tar"), 30_000);
    let found = tool("verify-archive").arg(&dir).run();
    assert!(found.stderr.contains("2024-06-00.tar': a header"), "{}", found.stderr);
    assert!(found.stderr.contains("2024-06-02/"), "{}", found.stderr);
}
