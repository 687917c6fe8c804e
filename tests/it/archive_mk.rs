//! All of examples/archive.mk: from the search at archive.org to the command that uploads, with the local server and a
//! stand-in for archive.org.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::ia_meta::noting_ia;
use crate::internet_archive::{Disturbance, InternetArchive, Item, start};
use crate::sample;
use crate::service::{self, Service, service, service_with};
use crate::tool::{path, tool};

/// A folder in which archives are made, and the two services.
struct Place<'a> {
    service: &'a Service,
    archive: &'a InternetArchive,
    folder: &'a Path,
}

impl Place<'_> {
    fn command(&self, args: &[&str]) -> Command {
        let makefile = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/archive.mk");
        let mut command = Command::new("make");
        command.arg("-f").arg(makefile).current_dir(self.folder);
        command.arg(format!("BIN={}/", path("mly").parent().unwrap().display()));
        command.args([
            "FLAGS=--retry-wait 0.001",
            "IA_FLAGS=--retry-wait 0.001",
            "WEBP_FLAGS=--method 0",
        ]);
        command.args(args);
        command.env("MAPILLARY_GRAPH_API_ENDPOINT", self.service.url());
        command.env("MAPILLARY_TILES_ENDPOINT", self.service.url());
        command.env("INTERNET_ARCHIVE_ENDPOINT", self.archive.url());
        command.env("MAPILLARY_TOKEN", "MLY|1|secret").env("XDG_CONFIG_HOME", "/nonexistent");
        command.env_remove("MAKEFLAGS");
        command
    }

    fn make(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    #[track_caller]
    fn made(&self, args: &[&str]) -> String {
        let output = self.make(args);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words}\n{}", String::from_utf8_lossy(&output.stdout));
        words
    }

    /// Starts make, and kills it with all processes that it has started after this time.
    fn killed(&self, args: &[&str], after: Duration) {
        let mut command = self.command(args);
        command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null());
        let mut make = command.spawn().unwrap();
        sleep(after);
        let group = format!("-{}", make.id());
        let _ = crate::tool::kill().args(["-9", &group]).stderr(Stdio::null()).status();
        make.wait().unwrap();
    }
}

/// All files below a folder, without the tools' notes: names, bytes, times.
fn files(folder: &Path) -> Vec<(String, Vec<u8>, SystemTime)> {
    let timed = |(name, bytes): (String, Vec<u8>)| {
        let modified = fs::metadata(folder.join(&name)).unwrap().modified().unwrap();
        (name, bytes, modified)
    };
    service::files(folder).into_iter().map(timed).collect()
}

/// The result of a clean run, which any other must have too: collections byte for byte, rows without the columns that
/// may differ.
fn lasting(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, bytes, _) in files(folder) {
        let text = match name.ends_with(".csv") {
            // The digests of a CSV file, whose links are new in each run, and of the command, which has the address of
            // the service.
            false if name.ends_with(".answers") => {
                let text = String::from_utf8(bytes).unwrap();
                let differs = ["{\"wrote\"", "{\"mapillary-pipes\""];
                let lasts = |line: &&str| !differs.iter().any(|start| line.starts_with(start));
                text.lines().filter(lasts).collect()
            }
            false => format!("{:?}", mapillary_pipes::disk::positioned_io::digest_of(&bytes)),
            true => {
                let text = String::from_utf8(bytes).unwrap();
                let header = text.lines().next().unwrap().to_string();
                let differs = ["status", "path", "archive", "member", "bytes", "sha256", "why"];
                let keep: Vec<&str> = header
                    .split(',')
                    .filter(|column| !column.ends_with("_url") && !differs.contains(column))
                    .collect();
                tool("rows").args(&["-q", "--columns", &keep.join(",")]).stdin(text).ok().stdout
            }
        };
        all.push((name, text));
    }
    all
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_iter().map(|(name, ..)| name).filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn an_archive_is_made_from_the_question_to_the_upload_and_made_once() {
    let (service, archive) = (service(), start(0).unwrap());
    archive.hold("mapillary-grace-original", Item::default());
    let folder = tempfile::tempdir().unwrap();
    let place = Place { service: &service, archive: &archive, folder: folder.path() };
    let said = place.made(&["USER=nobody ada grace"]);
    assert!(said.contains("'mapillary-nobody-original' has no pictures"), "{said}");
    assert!(said.contains("'mapillary-grace-original' is at archive.org already"), "{said}");
    assert!(!folder.path().join("mapillary-grace-original").exists());
    let ada = folder.path().join("mapillary-ada-original");
    assert_eq!(
        names(&ada),
        [
            "2024-06-01.tar",
            "2024-06-01.tar.jsonl",
            "2024-06-01.tar.sha256",
            "2024-06-02.tar",
            "2024-06-02.tar.jsonl",
            "2024-06-02.tar.sha256",
            "__ia_thumb__.jpg",
            "metadata.jsonl.gz",
        ]
    );
    let inside = fs::read_to_string(ada.join("2024-06-01.tar.jsonl")).unwrap();
    let first = format!("2024-06-01/{}/{}.jpg", sample::RIDES[0].sequence, sample::id(0, 0));
    assert!(inside.contains(&first), "{inside}");
    let left: Vec<_> = fs::read_dir(&ada)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    assert_eq!(left.len(), 2, "only .meta and the notes: {left:?}");
    place.made(&["verify", "USER=ada"]);

    let (asked, questions, before) =
        (service.requests(), archive.asked().len(), files(folder.path()));
    assert_eq!((service.asked(" /m1/"), questions), (29, 3));
    place.made(&["USER=nobody ada grace"]);
    assert_eq!((service.requests(), archive.asked().len()), (asked, questions));
    assert!(files(folder.path()) == before, "a second run writes nothing");
    let words = archive.asked().concat();
    assert!(!words.contains("secret"), "{words}");
}

#[test]
fn killed_anywhere_and_run_again_it_is_the_archive_of_a_clean_run() {
    for (user, form) in [("USER=ada", "WEBP="), ("USER=ada", "WEBP=yes")] {
        let (clean, archive) = (service(), start(0).unwrap());
        let wanted = tempfile::tempdir().unwrap();
        Place { service: &clean, archive: &archive, folder: wanted.path() }.made(&[user, form]);
        // Slow answers make fetching take as long as the rest.
        let slow = service_with(|settings| {
            settings.faults = vec!["slow=0.3".parse().unwrap()];
            settings.slow = Duration::from_millis(20);
        });
        let folder = tempfile::tempdir().unwrap();
        let place = Place { service: &slow, archive: &archive, folder: folder.path() };
        let mut random = fastrand::Rng::with_seed(9);
        for _ in 0..3 {
            place.killed(&[user, form], Duration::from_millis(random.u64(20..900)));
        }
        place.made(&[user, form]);
        let (wanted, got) = (lasting(wanted.path()), lasting(folder.path()));
        let names =
            |all: &[(String, String)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&wanted), names(&got), "{form}");
        for (wanted, got) in wanted.iter().zip(&got) {
            assert_eq!(wanted, got, "{form}");
        }
        assert_eq!(clean.asked(" /m1/"), 29);
    }
}

#[test]
fn what_comes_later_goes_into_addenda_and_nothing_is_fetched_twice() {
    top_up("mapillary-ada-original", "WEBP=");
    top_up("mapillary-ada-original-webp", "WEBP=yes");
}

fn top_up(name: &str, form: &str) {
    let whole = service();
    let rows = fs::read_to_string(whole.folder.path().join("images.jsonl")).unwrap();
    let ada: Vec<&str> = rows.lines().filter(|row| row.contains("\"ada\"")).collect();
    let (archive, folder) = (start(0).unwrap(), tempfile::tempdir().unwrap());
    let part = tempfile::tempdir().unwrap();
    let early = part.path().join("early.jsonl");
    fs::write(&early, ada[..22].join("\n") + "\n").unwrap();
    let before = service_with(|settings| settings.rows = vec![early]);
    let place = Place { service: &before, archive: &archive, folder: folder.path() };
    place.made(&["USER=ada", form]);
    let collection = folder.path().join(name);
    let tars = |files: Vec<(String, Vec<u8>, SystemTime)>| -> Vec<_> {
        files.into_iter().filter(|(name, ..)| name.contains(".tar")).collect()
    };
    let first = tars(files(&collection));
    // The item is at archive.org from now on; new pictures are still fetched.
    archive.hold(name, Item::default());

    let place = Place { service: &whole, archive: &archive, folder: folder.path() };
    place.made(&["update", "USER=ada", form]);
    assert_eq!(before.asked(" /m1/") + whole.asked(" /m1/"), 29);
    assert!(collection.join("2024-06-02.1.tar").exists());
    let now = files(&collection);
    assert!(first.iter().all(|file| now.contains(file)), "no tar is touched");
    let script =
        fs::read_to_string(folder.path().join(format!("stages/{name}/upload.sh"))).unwrap();
    assert!(
        script.contains("Contains 29 images") && script.contains("2024-06-02.1.tar"),
        "{script}"
    );
    place.made(&["verify", "USER=ada", form]);

    let pictures = whole.asked(" /m1/");
    place.made(&["update", "USER=ada", form]);
    assert_eq!(whole.asked(" /m1/"), pictures);
    assert!(files(&collection) == now, "an update without news writes nothing");
}

#[test]
fn when_archive_org_does_not_answer_nothing_is_fetched_until_it_does() {
    let (service, archive) = (service(), start(0).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let place = Place { service: &service, archive: &archive, folder: folder.path() };
    archive.order(&[Disturbance::Status(500); 4]);
    let output = place.make(&["USER=ada", "IA_FLAGS=--retries 3 --retry-wait 0.001"]);
    assert!(!output.status.success());
    assert_eq!(service.requests(), 0);
    archive.order(&[Disturbance::Cut, Disturbance::Malformed, Disturbance::Status(429)]);
    place.made(&["USER=ada"]);
    assert_eq!(service.asked(" /m1/"), 29);
}

#[test]
fn an_upload_is_made_once_and_again_when_there_is_more() {
    let (service, archive) = (service(), start(0).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let place = Place { service: &service, archive: &archive, folder: folder.path() };
    noting_ia(&folder.path().join("bin"));
    let path =
        format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").unwrap());
    let noted = folder.path().join("noted");
    let uploads = |args: &[&str]| {
        let mut make = place.command(args);
        make.env("PATH", &path).env("NOTED", &noted);
        assert!(make.output().unwrap().status.success());
        fs::read_to_string(&noted).map_or(0, |calls| calls.lines().count())
    };
    assert_eq!(uploads(&["USER=ada grace"]), 0, "nothing leaves unasked");
    assert_eq!(uploads(&["upload", "USER=ada grace"]), 2);
    assert_eq!(uploads(&["upload", "USER=ada grace"]), 2);
    // A collection whose new description is the same is already uploaded.
    assert_eq!(uploads(&["update", "USER=ada grace"]), 2);
    assert_eq!(uploads(&["upload", "USER=ada grace"]), 2);
    fs::write(folder.path().join("mapillary-ada-original/README.txt"), "more").unwrap();
    uploads(&["update", "USER=ada"]);
    assert_eq!(uploads(&["upload", "USER=ada grace"]), 3);
    let calls = fs::read_to_string(&noted).unwrap();
    assert!(calls.lines().last().unwrap().contains("README.txt"), "{calls}");
}

#[test]
fn a_picture_that_is_not_to_be_had_holds_all_up_unless_told_otherwise() {
    // The picture is listed, but not available in any size.
    let (service, archive) = (service_with(|settings| settings.gone.clear()), start(0).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let place = Place { service: &service, archive: &archive, folder: folder.path() };
    assert!(!place.make(&["USER=ada"]).status.success());
    assert!(!folder.path().join("stages/mapillary-ada-original/pictures.csv").exists());
    place.made(&["USER=ada", "PARTIAL=yes"]);
    let missing =
        fs::read_to_string(folder.path().join("stages/mapillary-ada-original/missing.csv"));
    assert!(missing.unwrap().contains(sample::DELETED));
    assert_eq!(service.asked(" /m1/"), 29);
}

#[test]
fn bad_days_of_the_service_change_nothing_in_the_archive() {
    let (clean, archive) = (service(), start(0).unwrap());
    let (wanted, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    Place { service: &clean, archive: &archive, folder: wanted.path() }.made(&["USER=grace"]);
    let faulty = service_with(|settings| {
        settings.faults = vec!["all=0.2".parse().unwrap()];
        settings.seed = 7;
        settings.slow = Duration::from_millis(4);
    });
    let place = Place { service: &faulty, archive: &archive, folder: folder.path() };
    let made = (0..8).any(|_| place.make(&["USER=grace"]).status.success());
    assert!(made);
    assert_eq!(lasting(wanted.path()), lasting(folder.path()));
}

#[test]
fn the_name_of_whoever_calls_make_is_no_user() {
    let (service, archive) = (service(), start(0).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let place = Place { service: &service, archive: &archive, folder: folder.path() };
    let output = place.command(&[]).env("USER", "root").output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && words.contains("no user: name"), "{words}");
    assert_eq!((service.requests(), archive.asked().len()), (0, 0));
}

#[test]
fn a_user_that_no_item_can_be_named_after_is_refused_by_name_before_anything_is_asked() {
    let (service, archive) = (service(), start(0).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let place = Place { service: &service, archive: &archive, folder: folder.path() };
    let long = format!("USER=ada {}", "x".repeat(82));
    let odd = [
        ("USER=ada 50%", "'50%'"),
        ("USER=%", "'%'"),
        ("USER=o'neil ada", "'o'neil'"),
        ("USER='a b'", "''a' 'b''"),
        ("USER=M\u{fc}ller", "'M\u{fc}ller'"),
        ("USER=$(shell touch made)", "'$(shell' 'made)'"),
        ("USER=${x}", "'${x}'"),
        ("USER=$$HOME", "'$$HOME'"),
        ("USER=a/b", "'a/b'"),
        ("USER=../ada", "'../ada'"),
        ("USER=a,b", "'a,b'"),
        ("USER=a:b#c", "'a:b#c'"),
        ("USER=a\\ b", "'a\\'"),
        ("USER=`touch made`;", "'`touch' 'made`;'"),
        (&long, "'xxx"),
        ("USER=", "no user: name"),
        ("USER=  ", "no user: name"),
    ];
    for (user, named) in odd {
        for target in ["all", "archive", "update", "verify", "upload"] {
            let output = place.make(&[target, user]);
            let words = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{user}: {words}");
            assert!(words.contains(named), "{user}: {words}");
        }
    }
    assert_eq!((service.requests(), archive.asked().len()), (0, 0));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_user_with_a_name_that_is_hard_on_scripts_has_an_archive_too() {
    let users = ["-n", "..", "--help", "50.x_-"];
    let whole = service();
    let rows = fs::read_to_string(whole.folder.path().join("images.jsonl")).unwrap();
    let ada: Vec<&str> = rows.lines().filter(|row| row.contains("\"ada\"")).collect();
    let owned = |(user, row): (&&str, &&str)| row.replace("\"ada\"", &format!("\"{user}\""));
    let part = tempfile::tempdir().unwrap();
    let theirs = part.path().join("theirs.jsonl");
    let lines: Vec<String> = users.iter().zip(&ada).map(owned).collect();
    fs::write(&theirs, lines.join("\n") + "\n").unwrap();
    let service = service_with(|settings| settings.rows = vec![theirs]);
    let (archive, folder) = (start(0).unwrap(), tempfile::tempdir().unwrap());
    let place = Place { service: &service, archive: &archive, folder: folder.path() };
    let all = format!("USER={} ..", users.join(" "));
    place.made(&[&all]);
    place.made(&["update", &all]);
    place.made(&["verify", &all]);
    for user in users {
        let tar = format!("mapillary-{user}-original/2024-06-01.tar");
        assert!(folder.path().join(&tar).exists(), "{tar}: {:?}", names(folder.path()));
    }
    assert_eq!(service.asked(" /m1/"), users.len());
}
