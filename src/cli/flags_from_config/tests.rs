use super::*;

fn tool() -> Command {
    let jobs = Arg::new("jobs").long("jobs").value_name("N");
    let jobs = jobs.value_parser(clap::value_parser!(u16).range(1..=9));
    let quiet = Arg::new("quiet").long("quiet").action(clap::ArgAction::SetTrue);
    Command::new("download").args([jobs, quiet, Arg::new("FILE")])
}

#[test]
fn a_choice_is_set_by_the_usual_words_and_by_no_other() {
    let tool = tool();
    let flag = |value: &str| {
        let argument = argument(&tool, "quiet").unwrap();
        setting(argument, "tools".into(), "quiet".into(), value.into()).map(|it| it.flag)
    };
    for value in ["yes", "True", "ON", "1"] {
        assert_eq!(flag(value), Ok(Some("--quiet".into())), "{value}");
    }
    for value in ["no", "False", "off", "0"] {
        assert_eq!(flag(value), Ok(None), "{value}");
    }
    for value in ["", "maybe", "ja", "2"] {
        let error = flag(value).unwrap_err().to_string();
        assert!(error.ends_with("--quiet is set by true or false"), "{error}");
    }
}

#[test]
fn only_flags_can_be_set_and_never_help_version_or_the_profile() {
    let tool = tool().version("1").disable_version_flag(false);
    for key in ["FILE", "help", "version", "profile", "jbos", ""] {
        assert!(argument(&tool, key).is_none(), "{key}");
    }
    assert!(argument(&tool, "jobs").is_some());
}

#[test]
fn a_value_that_the_tool_refuses_is_told_with_its_reason() {
    assert_eq!(check(&tool(), "jobs", "9"), Ok(()));
    assert_eq!(check(&tool(), "nosuch", "x"), Ok(()), "that is another check");
    for (value, said) in [
        ("0", "invalid value '0' for '--jobs <N>': not from 1 to 9"),
        ("many", "invalid value 'many' for '--jobs <N>': not a whole number: a number such as 8"),
    ] {
        assert_eq!(check(&tool(), "jobs", value), Err(FatalError(said.into())));
    }
}
