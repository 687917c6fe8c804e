use super::*;

#[test]
fn an_error_names_what_was_done_and_to_which_path() {
    let error = io::Result::<()>::Err(io::ErrorKind::NotFound.into());
    let error = error.at_path(Action::ReadFolder, Path::new("a b")).unwrap_err();
    assert_eq!(error.to_string(), "cannot read folder 'a b': entity not found");
    assert_eq!(error.error.kind(), io::ErrorKind::NotFound);
}
