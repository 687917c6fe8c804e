use super::*;

#[test]
fn flags_of_any_text_name_what_is_usual() {
    let arg = |id: &'static str| clap::Arg::new(id).long(id).default_value("own");
    let command = suggesting(Command::new("x").subcommand(Command::new("y").arg(arg("layout"))));
    let layout = command.find_subcommand("y").unwrap().get_arguments().next().unwrap();
    let words: Vec<_> =
        layout.get_possible_values().iter().map(|it| it.get_name().to_string()).collect();
    assert_eq!(words, ["flat", "sequence", "date", "own"]);
    assert!(suggested("columns").contains(&"img_id".to_string()));
    assert!(suggested("fault").contains(&"cut=".to_string()));
}
