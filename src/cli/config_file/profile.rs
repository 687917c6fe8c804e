//! The profile of this process, and its sections.

use std::env;

/// The variable that selects the profile, as `--profile` does.
pub const PROFILE: &str = "MAPILLARY_PIPES_PROFILE";

/// The section for a name in a profile, or without one.
pub fn section_of(profile: Option<&str>, section: &str) -> String {
    match profile {
        None => section.to_string(),
        Some(profile) if section == "mapillary" => format!("profile {profile}"),
        Some(profile) => format!("profile {profile} {section}"),
    }
}

/// The profile of this process, in lower case like all sections.
pub fn profile() -> Option<String> {
    let arguments: Vec<String> = env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .take_while(|argument| argument != "--")
        .collect();
    let after = arguments.iter().position(|argument| argument == "--profile");
    let given = after.and_then(|at| arguments.get(at + 1).cloned());
    let given = given.or_else(|| {
        arguments.iter().find_map(|argument| Some(argument.strip_prefix("--profile=")?.to_string()))
    });
    let set = given.or_else(|| env::var(PROFILE).ok()).filter(|name| !name.trim().is_empty());
    set.map(|name| name.trim().to_ascii_lowercase())
}
