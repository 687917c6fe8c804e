use super::*;

fn profile(name: &str, token: &str) -> Profile {
    Profile {
        name: name.into(),
        token: token.into(),
        user_id: "5".into(),
        username: "ada".into(),
        organization: String::new(),
    }
}

#[test]
fn what_mapillary_tools_wrote_is_read_and_kept() {
    let theirs = "[ada]\nuser_upload_token = MLYA%%1=\nMAPSettingsUserKey = 5\nMAPOrganizationKey = 8\n\n[bob]\nuser_upload_token = B\n\n";
    let read = parse(theirs);
    assert_eq!((read[0].token.as_str(), read[1].name.as_str()), ("MLYA%1=", "bob"));
    let new = with(theirs, &profile("ada", "NEW%"));
    let kept = Profile { organization: "8".into(), ..profile("ada", "NEW%") };
    assert_eq!(parse(&new)[0], kept);
    assert!(new.contains("MAPOrganizationKey = 8") && parse(&new)[1] == read[1], "{new}");
    assert_eq!(new.matches(TOKEN).count(), 2);
    let third = with(&new, &profile("eve", "E"));
    assert_eq!(parse(&third).len(), 3);
    assert_eq!(with(&third, &profile("eve", "E")), third, "twice is once");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("configs/a");
    for token in ["A", "B"] {
        save(&path, &profile("ada", token)).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(read(&path).unwrap() == [profile("ada", token)]);
    }
}

#[test]
fn a_name_with_a_line_break_is_no_new_key_or_section_but_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    save(&path, &profile("ada", "A")).unwrap();
    for name in ["a]\n[x]\nuser_upload_token=1", "a\rb", "a\u{85}b"] {
        let evil = Profile { username: name.into(), ..profile("eve", "E") };
        assert!(save(&path, &evil).unwrap_err().0.contains("control characters"));
    }
    assert!(read(&path).unwrap() == [profile("ada", "A")]);
}
