use super::super::rename;
use super::*;

#[test]
fn a_file_appears_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b.jpg");
    write(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn a_short_file_is_refused_and_the_old_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.jpg");
    write(&path, b"old").unwrap();
    let mut file = Replacement::create(&path).unwrap();
    file.write_all(b"ne").unwrap();
    assert_eq!(file.finish(Some(3), false).unwrap_err().to_string(), "2 bytes instead of 3");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_a_crash_left_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.jpg");
    fs::write(folder.path().join(".c.jpg.part"), b"half of something").unwrap();
    write(&path, b"c").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"c");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn two_writers_of_one_file_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.jpg");
    let _first = Replacement::create(&path).unwrap();
    assert!(Replacement::create(&path).unwrap_err().to_string().contains("another process"));
}

#[test]
fn what_a_crash_left_is_not_emptied_where_it_has_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let (path, backup) = (folder.path().join("c.jpg"), folder.path().join("c.jpg_original"));
    fs::write(&backup, "the only copy").unwrap();
    fs::hard_link(&backup, folder.path().join(".c.jpg.part")).unwrap();
    write(&path, b"c").unwrap();
    assert_eq!(fs::read(&backup).unwrap(), b"the only copy");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_name_that_must_be_free_is_not_taken_from_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xmp");
    let new = Replacement::create(&path).unwrap();
    fs::write(&path, "somebody's").unwrap();
    let taken = new.finish_over(Overwrite::Nothing, None, false).unwrap_err();
    assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"somebody's");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_came_in_the_very_moment_gets_its_name_back() {
    for (comes_another, wanted) in [(false, &b"theirs"[..]), (true, b"a third")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, "theirs").unwrap();
        let mut new = Replacement::create(&path).unwrap();
        new.write_all(b"ours").unwrap();
        // As `take_place_of` does if the other file appears between its check and its exchange.
        assert!(rename::exchange(&new.temporary, &path).unwrap());
        if comes_another {
            fs::write(folder.path().join("b"), "a third").unwrap();
            fs::rename(folder.path().join("b"), &path).unwrap();
        }
        assert!(new.give_back().unwrap_err().to_string().contains("changed"));
        new.done = true;
        drop(new);
        assert_eq!(fs::read(&path).unwrap(), wanted);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1 + usize::from(comes_another));
        if comes_another {
            assert_eq!(fs::read(folder.path().join(".a.jpg.other")).unwrap(), b"theirs");
        }
    }
}

#[test]
fn a_part_that_a_crash_left_is_removed_and_one_that_is_being_written_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    assert!(!remove_leftover(&path).unwrap());
    let part = temporary_name(&path).unwrap();
    fs::write(&part, "half").unwrap();
    assert!(remove_leftover(&path).unwrap());
    assert!(!part.exists());
    let writing = Replacement::create(&path).unwrap();
    assert!(!remove_leftover(&path).unwrap());
    assert!(part.exists(), "another one writes it");
    drop(writing);
}

#[test]
fn changes_at_the_same_time_are_made_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    let add = |letter: u8| {
        update(&path, |old| {
            let mut text = old.unwrap_or_default();
            text.push(letter);
            io::Result::Ok(Some(text))
        })
    };
    std::thread::scope(|scope| {
        for letter in *b"abcd" {
            scope.spawn(move || (0..5).for_each(|_| add(letter).unwrap()));
        }
    });
    let mut letters = fs::read(&path).unwrap();
    letters.sort_unstable();
    assert_eq!(letters, b"aaaaabbbbbcccccddddd");
    update(&path, |_| io::Result::Ok(None)).unwrap();
    update(&path, |_| Err(io::Error::other("no"))).unwrap_err();
    assert_eq!(fs::read(&path).unwrap().len(), 20);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
