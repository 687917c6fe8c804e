//! The task id that a workflow engine gives this process; it replaces `{task}` in the arguments.

use std::ffi::OsString;

use clap::builder::ValueParser;
use clap::{ArgMatches, Command};

use super::message_flags::MessageFlags;
use super::written_file::WrittenFile;

/// The variable with the task id, if no flag gives it.
const VARIABLE: &str = "MAPILLARY_PIPES_TASK";
/// The placeholder for the task id, or for the number of a part of `rows --split`.
pub const PLACE: &str = "{task}";

/// Why a task, or a file named after it, has no valid name.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("'{0}' is not a task name: it is part of file names, so it has no '/'")]
    Name(String),
    #[error(
        "--task is empty, as where a variable is not set: tasks without a name are taken for one"
    )]
    Empty,
    #[error("'{0}' has {PLACE} in it, and there is no task: give --task ID or set {VARIABLE}")]
    None(String),
}

/// The task id of this process.
pub fn of(talk: &MessageFlags) -> Option<String> {
    talk.task.clone().or_else(of_environment)
}

/// The task id that no flag gives.
pub fn of_environment() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|text| !text.is_empty())
}

/// Replaces the placeholder with the task id. With `rows --split` it is left for the names of the parts.
pub fn fill(command: Command, arguments: Vec<OsString>) -> Result<Vec<OsString>, TaskError> {
    let has_place = |argument: &OsString| argument.to_str().is_some_and(|it| it.contains(PLACE));
    if !arguments.iter().any(has_place) {
        return Ok(arguments);
    }
    // A value with the placeholder may be no valid value yet, and the flags behind it count, too.
    let any_values = command.mut_args(|arg| {
        let takes_values = arg.get_action().takes_values();
        if takes_values { arg.value_parser(ValueParser::os_string()) } else { arg }
    });
    let matches =
        any_values.ignore_errors(true).try_get_matches_from(&arguments).unwrap_or_default();
    let given = matches.try_get_one::<OsString>("task").ok().flatten();
    let task = given.map(|task| task.to_string_lossy().into_owned());
    if task.as_ref().is_some_and(String::is_empty) {
        return Err(TaskError::Empty);
    }
    let talk = MessageFlags { task, ..MessageFlags::default() };
    let task = of(&talk).filter(|_| !matches.try_contains_id("split").unwrap_or_default());
    match task {
        None => Ok(arguments),
        Some(task) if task.contains(['/', '\\']) => Err(TaskError::Name(task)),
        Some(task) => Ok(arguments
            .into_iter()
            .map(|argument| match argument.to_str() {
                Some(text) => text.replace(PLACE, &task).into(),
                None => argument,
            })
            .collect()),
    }
}

/// Refuses output names with a placeholder when there is no task.
pub fn check(matches: &ArgMatches) -> Result<(), TaskError> {
    if matches.try_contains_id("split").unwrap_or_default() {
        return Ok(());
    }
    let files = |id: &str| matches.try_get_many::<WrittenFile>(id).ok().flatten();
    let mut files = matches.ids().filter_map(|id| files(id.as_str())).flatten();
    match files.find(|file| file.to_string_lossy().contains(PLACE)) {
        Some(file) => Err(TaskError::None(file.display().to_string())),
        None => Ok(()),
    }
}
