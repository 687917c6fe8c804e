use super::*;

#[test]
fn a_shell_reads_back_what_is_shown() {
    let words = ["--into", "it's a town", "--area", "a;b", "", "$HOME", "--bbox=-1,2,3,4", "ä"];
    let line = CommandLine::new("printf").with(["%s\\n"]).with(words);
    let shell = Command::new("sh").args(["-c", &line.to_string()]).output().unwrap();
    let read: Vec<String> =
        String::from_utf8(shell.stdout).unwrap().lines().map(String::from).collect();
    assert_eq!(read, words);
}
