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
