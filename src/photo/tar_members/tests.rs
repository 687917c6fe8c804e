//! Tests of the rows of unreadable tars.

use super::*;
use crate::value::provenance::Status;

/// Has no files to handle.
struct Nothing;

impl TarVisitor for Nothing {
    fn file(&self, path: &str, _: &mut Body<'_>, _: bool) -> Result<Status, Refused> {
        panic!("a file came by: {path}")
    }

    fn link(
        &self,
        path: &str,
        _: &str,
        _: Option<crate::format::tar::Modified>,
        _: bool,
    ) -> Result<Status, Refused> {
        panic!("a link came by: {path}")
    }
}

fn errors(members: Members) -> Vec<String> {
    let say: Notify = Arc::new(|text| panic!("said: {text}"));
    let rows = members.rows(Arc::new(Nothing), say, |_, _| true);
    rows.map(|row| fault_of(&row).unwrap().text().to_string()).collect()
}

#[test]
fn a_tar_that_cannot_be_opened_is_named_once() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["lost.tar", "lost.tar.gz"] {
        let path = folder.path().join(name);
        let (tars, streams) =
            if name.ends_with("gz") { (vec![], vec![path]) } else { (vec![path], vec![]) };
        let errors = errors(Members::new(tars, streams));
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("cannot "), "{errors:?}");
        assert_eq!(errors[0].matches(name).count(), 1, "{errors:?}");
    }
}

#[test]
fn a_file_that_is_no_tar_is_named_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.tar.gz");
    fs::write(&path, "no tar").unwrap();
    let wanted = format!("'{}': it is not a tar", path.display());
    assert_eq!(errors(Members::new(vec![], vec![path])), [wanted]);
}
