use super::*;

#[test]
fn of_tars_that_were_looked_at_the_index_of_the_last_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let sha256 = "0".repeat(64);
    let place = format!("\"offset\":512,\"bytes\":0,\"sha256\":\"{sha256}\"");
    let line = |tar, at| format!("{{\"member\":\"{tar}/{at}\",{place}}}\n");
    let tar = |name: usize, members: usize| {
        let path = folder.path().join(format!("{name}.tar"));
        let lines: String = (0..members).map(|at| line(name, at)).collect();
        std::fs::write(crate::archive::packed::index_of(&path), lines).unwrap();
        std::fs::write(&path, [0; 1024]).unwrap();
        path
    };
    let tars: Vec<_> = (0..9).map(|name| tar(name, MAX_MEMBERS / 4)).collect();
    let (large, checkers) = (tar(9, MAX_MEMBERS + 1), Checkers::default());
    let held = || checkers.open.lock().unwrap().len();
    for path in &tars {
        assert_eq!((*checkers.get(path)).as_ref().unwrap().members().len(), MAX_MEMBERS / 4);
    }
    assert_eq!(held(), 4);
    checkers.get(&large);
    checkers.get(&tars[0]);
    assert_eq!(held(), 2);
    // Threads at the end of one and at the beginning of the next.
    let last = checkers.get(&large);
    checkers.get(&tars[0]);
    assert!(Arc::ptr_eq(&last, &checkers.get(&large)), "it is not opened again");
}

/// A tar of these files without an index.
fn write_tar(path: &Path, names: &[&str]) {
    let mut builder = tar::Builder::new(Vec::new());
    for name in names {
        let mut header = tar::Header::new_ustar();
        header.set_size(3);
        builder.append_data(&mut header, name, &b"abc"[..]).unwrap();
    }
    let new = path.with_extension("new");
    std::fs::write(&new, builder.into_inner().unwrap()).unwrap();
    std::fs::rename(new, path).unwrap();
}

#[test]
fn a_tar_that_was_merged_meanwhile_is_looked_for_in_the_first_of_its_group() {
    let folder = tempfile::tempdir().unwrap();
    let [first, addendum] = ["g.tar", "g.1.tar"].map(|name| folder.path().join(name));
    write_tar(&first, &["g/a.jpg"]);
    write_tar(&addendum, &["g/b.jpg"]);
    let checkers = Checkers::default();
    let has = |tar: &Path, name: &str| (*checkers.get(tar)).as_ref().unwrap().find(name).is_some();
    assert!(has(&first, "g/a.jpg") && !has(&first, "g/b.jpg") && has(&addendum, "g/b.jpg"));
    assert_eq!((checkers.place_now(&first), checkers.place_now(&addendum)), (None, None));
    write_tar(&first, &["g/a.jpg", "g/b.jpg"]);
    std::fs::remove_file(&addendum).unwrap();
    assert_eq!(checkers.place_now(&addendum), Some(first.clone()));
    assert!(has(&first, "g/b.jpg"));
    assert_eq!(checkers.place_now(&first), None);
    write_tar(&first, &["g/b.jpg"]);
    assert_eq!(checkers.place_now(&first), Some(first.clone()));
    // One that is gone, and was no addendum.
    std::fs::remove_file(&first).unwrap();
    assert_eq!(checkers.place_now(&first), None);
}
