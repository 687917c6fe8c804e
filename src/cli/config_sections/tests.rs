use super::*;

#[test]
fn a_section_that_no_tool_reads_is_refused_with_the_nearest_name() {
    for (section, key, said) in [
        ("downlod", "jobs", "no tool 'downlod': did you mean 'download'?"),
        ("mapilary", "access_token", "no tool 'mapilary': did you mean 'mapillary'?"),
        ("tool", "rate", "no tool 'tool': did you mean 'tools'?"),
        ("profile", "rate", "a profile has a name, as in [profile work]"),
        ("profile work dowload", "jobs", "no tool 'dowload': did you mean 'download'?"),
        ("my own notes", "x", "'mly help' lists all"),
        ("", "x", "no tool ''"),
        ("mapillary", "acces_token", "no key 'acces_token': did you mean 'access_token'?"),
        ("profile work", "graph_endpoint", "did you mean 'graph_api_endpoint'?"),
        ("mapillary", "colour", "no key 'colour': there are access_token, graph_api_endpoint"),
    ] {
        let error = check(base(section), key).unwrap_err();
        assert!(error.0.contains(said), "[{section}] {key}: {error}");
    }
}

#[test]
fn sections_of_tools_of_this_program_and_of_profiles_are_taken() {
    for (section, key) in [
        ("download", "jobs"),
        ("login", "browser"),
        ("tools", "rate"),
        ("pace", "listen"),
        ("mapillary", "access_token"),
        ("profile work", "upload_endpoint"),
        ("profile work rows", "format"),
    ] {
        assert_eq!(check(base(section), key), Ok(()), "[{section}] {key}");
        assert_eq!(check_blanks(section), Ok(()));
    }
    let error = check_blanks("profile  work \trows").unwrap_err();
    assert_eq!(error.0, "write [profile work rows], with one blank between words");
}
