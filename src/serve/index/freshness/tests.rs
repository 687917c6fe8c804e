use super::*;

#[test]
fn what_comes_goes_or_changes_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let (below, rows) = (folder.path().join("2024"), folder.path().join("rows \u{e9}.jsonl"));
    fs::create_dir(&below).unwrap();
    fs::write(&rows, "a").unwrap();
    let past = SystemTime::now() - Duration::from_secs(60);
    let look = || {
        let later = folder.path().join("2025");
        for path in [&rows, &below, &later, &folder.path().to_path_buf()] {
            if path.exists() {
                fs::File::open(path).unwrap().set_modified(past).unwrap();
            }
        }
        let mut sources = Sources::new("key");
        sources.add(&rows);
        sources.add_folders(folder.path()).unwrap();
        sources.text().to_owned()
    };
    let changes: [&dyn Fn(); 5] = [
        &|| fs::write(below.join("1.jpg"), "x").unwrap(),
        &|| fs::remove_file(below.join("1.jpg")).unwrap(),
        &|| fs::write(&rows, "ab").unwrap(),
        &|| fs::create_dir(folder.path().join("2025")).unwrap(),
        &|| fs::remove_file(&rows).unwrap(),
    ];
    for (at, change) in changes.iter().enumerate() {
        let text = look();
        assert!(is_fresh(&text, "key") && !is_fresh(&text, "other"), "{at}: {text}");
        change();
        assert!(!is_fresh(&text, "key"), "{at}: {text}");
        if !rows.exists() {
            break;
        }
    }
}

#[test]
fn what_changed_a_moment_ago_is_looked_at_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut sources = Sources::new("key");
    sources.add(folder.path());
    assert!(!is_fresh(sources.text(), "key"));
}
