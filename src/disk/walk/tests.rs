use super::*;

#[test]
fn numbers_in_names_count_as_numbers() {
    let mut names: Vec<&str> = vec!["b10", "b9", "a2x", "a02x", "a10", "b"];
    names.sort_by(|a, b| natural(a.as_bytes(), b.as_bytes()));
    assert_eq!(names, ["a02x", "a2x", "a10", "b", "b9", "b10"]);
}

#[test]
fn folders_are_gone_into_and_hidden_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["10.jpg", "2.jpg", "3/x.jpg", ".mapillary-pipes/gone", "3/.x.jpg.part"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    let found: Vec<_> = files(folder.path())
        .map(|path| path.unwrap().strip_prefix(folder.path()).unwrap().to_path_buf())
        .collect();
    assert_eq!(found, ["2.jpg", "3/x.jpg", "10.jpg"].map(PathBuf::from));
    assert_eq!(files(&folder.path().join("none")).count(), 0);
}

#[cfg(unix)]
#[test]
fn linked_folders_are_gone_into_once_and_no_circle_is_endless() {
    use std::os::unix::fs::symlink;
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let [root, away] = [folder.path(), other.path()];
    for path in [root.join("2/b.jpg"), away.join("c.jpg"), away.join("deep/d.jpg")] {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    symlink(away, root.join("3")).unwrap();
    symlink(away.join("deep"), root.join("4")).unwrap();
    symlink(root.join("2"), root.join("1")).unwrap();
    symlink(root, root.join("2/up")).unwrap();
    symlink(root, away.join("back")).unwrap();
    symlink("nowhere", root.join("5.jpg")).unwrap();
    symlink("6", root.join("6")).unwrap();
    let found: Vec<_> = files(root)
        .map(|path| path.unwrap().strip_prefix(root).unwrap().display().to_string())
        .collect();
    assert_eq!(found, ["2/b.jpg", "3/c.jpg", "3/deep/d.jpg", "5.jpg", "6"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_among_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("7.jpg")).unwrap();
    fs::write(folder.path().join("8.jpg"), "").unwrap();
    assert_eq!(files(folder.path()).count(), 1);
    let kinds: Vec<Kind> = all(folder.path()).map(|entry| entry.unwrap().kind).collect();
    assert_eq!(kinds, [Kind::Other, Kind::File]);
}
