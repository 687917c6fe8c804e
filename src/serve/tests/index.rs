//! What is read from an archive, and when it is read again.

use super::*;

#[test]
fn what_is_new_in_the_archive_is_served_without_a_restart() {
    let town = Town::new();
    for index_from in [usize::MAX, 3] {
        let id = if index_from == 3 { "201" } else { "202" };
        let server = town.serve(|settings| settings.index_from = index_from);
        assert_eq!(get(&server, "/103?fields=thumb_original_url").text(), r#"{"id":"103"}"#);
        let tile = get(&server, "/maps/vtp/mly1_public/2/14/8801/5373").body;
        let picture = town.dir.path().join("2024/S/103.jpg");
        fs::write(&picture, PICTURE).expect("a picture");
        server.reloader()();
        until(|| get(&server, "/103?fields=thumb_original_url").text().contains("http://"));
        let row = format!(
            "{{\"id\":\"{id}\",\"geometry\":{{\"coordinates\":[13.4,52.52]}},\"captured_at\":1717245296000}}\n"
        );
        fs::write(town.dir.path().join(format!("{id}.jsonl")), row).expect("rows");
        server.reloader()();
        until(|| get(&server, &format!("/{id}")).status == 200);
        assert_ne!(get(&server, "/maps/vtp/mly1_public/2/14/8801/5373").body, tile);
        fs::remove_file(picture).expect("removed");
        server.reloader()();
        until(|| get(&server, "/103?fields=thumb_original_url").text() == r#"{"id":"103"}"#);
    }
}

#[test]
fn an_archive_that_changes_is_looked_at_again_by_itself() {
    let town = Town::new();
    let server = town.serve(|settings| settings.watch = Duration::from_millis(1));
    fs::write(town.dir.path().join("2024/S/103.jpg"), PICTURE).expect("a picture");
    until(|| get(&server, "/103?fields=thumb_original_url").text().contains("http://"));
}

#[test]
fn images_of_a_rows_file_that_is_being_written_again_are_not_answered_as_deleted() {
    let town = Town::new();
    let said = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&said);
    let server = town.serve(|settings| {
        settings.watch = Duration::from_millis(400);
        settings.warnings =
            Some(Arc::new(move |line: &str| log.lock().unwrap().push(line.to_owned())));
    });
    let file = town.dir.path().join("metadata.jsonl");
    let rows = fs::read(&file).expect("rows");
    fs::write(&file, &rows[..rows.len() / 2]).expect("a half");
    let has_said = |what: &str| said.lock().unwrap().iter().any(|line| line.contains(what));
    until(|| has_said("fewer than before"));
    assert_eq!(get(&server, "/106").status, 200, "{:?}", said.lock());
    assert!(
        has_said("is used until it is certain") && has_said("metadata.jsonl' line"),
        "{:?}",
        said.lock()
    );
    fs::write(&file, &rows).expect("all of it");
    server.reloader()();
    assert_eq!(get(&server, "/106").status, 200);
    fs::write(&file, "").expect("none");
    until(|| get(&server, "/106").status == 400);
}

#[test]
fn an_index_that_an_earlier_run_left_is_used_while_nothing_has_changed() {
    let town = Town::new();
    let file = town.dir.path().join(".mapillary-pipes/serve-index");
    town.serve(|_| {});
    assert!(!file.exists(), "small archives are read anew");
    let settle = || {
        // As if all files had been there for a minute.
        let past = std::time::SystemTime::now() - Duration::from_secs(60);
        for path in ["", "metadata.jsonl", "2024", "2024/S"] {
            let file = fs::File::open(town.dir.path().join(path)).expect("a file");
            file.set_modified(past).expect("a time");
        }
    };
    settle();
    let serve = |gone: &[&str]| {
        town.serve(|settings| {
            settings.index_from = 3;
            settings.gone = gone.iter().map(|id| id.to_string()).collect();
        })
    };
    let made = |file: &std::path::Path| {
        fs::metadata(file).and_then(|meta| meta.modified()).expect("an index")
    };
    let answers = |server: &Server| {
        [
            "/me?fields=username",
            "/images?make=Acme&fields=captured_at",
            "/image_ids?sequence_id=S",
            "/105",
        ]
        .map(|target| get(server, target).text().to_owned())
    };
    let first = serve(&["105"]);
    let (time, said) = (made(&file), answers(&first));
    drop(first);
    let again = serve(&["105"]);
    assert_eq!((answers(&again), made(&file)), (said.clone(), time), "it is as it was");
    assert_eq!((again.images(), again.pictures()), (6, 6));
    drop(again);
    fs::write(&file, "no index").expect("a file");
    assert_eq!(answers(&serve(&["105"])), said, "one that is broken is made anew");
    let other = serve(&[]);
    assert_eq!(get(&other, "/105").status, 200, "other settings make another index");
    fs::write(town.dir.path().join("2024/S/103.jpg"), PICTURE).expect("a picture");
    assert_eq!(serve(&[]).pictures(), 7);
}

#[cfg(unix)]
#[test]
fn the_first_index_of_a_large_archive_is_good_for_the_second_start_by_whatever_path() {
    let town = Town::new();
    let dir = town.dir.path();
    let rows = format!("img_id,lon,lat,note\n107,13.4,52.5,{}\n", "x".repeat(3 << 20));
    fs::write(dir.join("large.csv"), rows).expect("rows");
    let past = std::time::SystemTime::now() - Duration::from_secs(60);
    for path in ["", "metadata.jsonl", "large.csv", "2024", "2024/S"] {
        fs::File::open(dir.join(path)).expect("a file").set_modified(past).expect("a time");
    }
    let made = |path: std::path::PathBuf| {
        drop(town.serve(|settings| (settings.index_from, settings.dir) = (3, path)));
        let file = dir.join(".mapillary-pipes/serve-index");
        fs::metadata(file).and_then(|meta| meta.modified()).expect("an index")
    };
    let first = made(dir.to_path_buf());
    assert_eq!(made(dir.join("2024/..")), first, "it is not made anew");
}

#[test]
fn an_index_that_cannot_be_written_is_kept_in_memory_and_that_is_said() {
    let town = Town::new();
    let notes = town.dir.path().join(".mapillary-pipes");
    fs::create_dir_all(notes.join("serve-index")).expect("a folder in the way");
    let server = town.serve(|settings| settings.index_from = 3);
    assert_eq!(get(&server, "/101").status, 200);
    let notes = server.notes().join("\n");
    assert!(notes.contains("kept in memory") && notes.contains("serve-index"), "{notes}");
}

#[test]
fn the_user_of_a_collection_made_what_its_rows_do_not_say() {
    let dir = tempfile::tempdir().expect("a folder");
    let collection = dir.path().join("mapillary-ada-lovelace-original");
    fs::create_dir(&collection).expect("a folder");
    let rows = "{\"id\": \"1\", \"captured_at\": 5}\n{\"id\": \"2\", \"creator\": {\"username\": \"grace\", \"id\": \"9\"}}\n{\"__complete__\": true}\n";
    fs::write(collection.join("metadata.jsonl"), rows).expect("rows");
    for served in [collection.as_path(), dir.path()] {
        let server = Server::start(ServerSettings::new(served)).expect("a server");
        assert_eq!(ids(&get(&server, "/images?creator_username=ada-lovelace")), ["1"]);
        assert_eq!(ids(&get(&server, "/images?creator_username=grace")), ["2"]);
        assert_eq!(
            get(&server, "/1?fields=creator").text(),
            r#"{"creator":{"username":"ada-lovelace"},"id":"1"}"#
        );
    }
    fs::write(collection.join("metadata.jsonl"), "{\"id\": \"1\"}\n").expect("rows");
    let server = Server::start(ServerSettings::new(&collection)).expect("a server");
    let me = r#"{"username":"ada-lovelace","id":"ada-lovelace"}"#;
    assert_eq!(get(&server, "/me?fields=username").text(), me);
    assert_eq!(get(&server, "/ada-lovelace?fields=username").text(), me);
}

#[test]
fn a_moved_archive_is_found_by_names_and_a_renamed_picture_by_its_row() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = "{\"id\":\"1\",\"path\":\"/gone/1.jpg\",\"quality\":\"1024\"}\n{\"id\":\"2\",\"path\":\"front.jpg\",\"quality\":\"2048\"}\n";
    fs::write(dir.path().join("rows.jsonl"), rows).expect("rows");
    fs::create_dir(dir.path().join("moved")).expect("a folder");
    fs::write(dir.path().join("moved/1.jpg"), PICTURE).expect("a picture");
    fs::write(dir.path().join("front.jpg"), PICTURE).expect("a picture");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    assert_eq!((server.images(), server.pictures()), (2, 2));
    assert!(get(&server, "/1?fields=thumb_1024_url").json()["thumb_1024_url"].is_string());
    assert!(get(&server, "/2?fields=thumb_2048_url").json()["thumb_2048_url"].is_string());
}

#[test]
fn rows_in_csv_are_served_with_the_names_of_the_service() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = "org_id,seq_id,img_id,lon,lat,captured_at,creator_username,altitude,error\n99,S,1,13.40,52.5,1717245296000,ada,3.50,\n,S,2,,,,,,gone\n";
    fs::write(dir.path().join("meta.csv"), rows).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    let got = get(&server, "/1?fields=sequence,geometry,altitude,organization,creator");
    let text = r#"{"sequence":"S","geometry":{"type":"Point","coordinates":[13.40,52.5]},"altitude":3.50,"organization":{"id":"99"},"creator":{"username":"ada"},"id":"1"}"#;
    assert_eq!(got.text(), text);
    assert_eq!(ids(&get(&server, "/image_ids?sequence_id=S")), ["1", "2"]);
    assert_eq!(error_of(&get(&server, "/2")), (400, 100, json!(33)));
}

#[test]
fn a_packed_row_file_is_read_and_a_bad_row_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = fs::File::create(dir.path().join("metadata.jsonl.gz")).expect("a file");
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gzip.write_all(
        b"{\"id\":\"1\"}\n{\"id\":\"2\",\"captured_at\":\"x\"}\n{\"__complete__\": true}\n",
    )
    .expect("rows");
    gzip.finish().expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    assert_eq!(server.images(), 1);
    assert!(server.notes()[0].contains("line 2: captured_at 'x'"), "{:?}", server.notes());
    assert!(Server::start(ServerSettings::new(dir.path().join("none"))).is_err());
}

#[test]
fn of_rows_that_contradict_each_other_the_last_is_served_and_that_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, make) in [("a.jsonl", "Acme"), ("b.jsonl", "Ajax"), ("c.jsonl", "Ajax")] {
        let row = format!("{{\"id\":\"1\",\"make\":\"{make}\"}}\n");
        fs::write(dir.path().join(name), row).expect("rows");
    }
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    assert_eq!(get(&server, "/1?fields=make").json()["make"], "Ajax");
    let note = &server.notes()[0];
    assert!(note.contains("rows contradict") && note.ends_with("1, first 'make' of '1'"), "{note}");
}
